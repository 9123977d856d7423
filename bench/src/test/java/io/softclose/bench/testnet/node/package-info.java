/* SPDX-License-Identifier: Apache-2.0 */
/** Tests of what one validator is made of. */
@NullMarked
package io.softclose.bench.testnet.node;

import org.jspecify.annotations.NullMarked;
