/* SPDX-License-Identifier: Apache-2.0 */
/** What validators tell one another: blocks, certificates, messages, and their bytes. */
@NullMarked
package io.softclose.bench.testnet.consensus.message;

import org.jspecify.annotations.NullMarked;
