/* SPDX-License-Identifier: Apache-2.0 */
/** Validators on a simulated network, and what must be true of them whatever goes wrong. */
@NullMarked
package io.softclose.bench.testnet.consensus;

import org.jspecify.annotations.NullMarked;
