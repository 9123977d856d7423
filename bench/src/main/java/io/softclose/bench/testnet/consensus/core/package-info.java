/* SPDX-License-Identifier: Apache-2.0 */
/** What a validator decides: rounds, votes, blocks and their order. Pure state: no clock, no thread, no I/O. */
@NullMarked
package io.softclose.bench.testnet.consensus.core;

import org.jspecify.annotations.NullMarked;
