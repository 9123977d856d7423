/* SPDX-License-Identifier: Apache-2.0 */
/** What validators tell one another, and that nothing else is taken for it. */
@NullMarked
package io.softclose.bench.testnet.consensus.message;

import org.jspecify.annotations.NullMarked;
