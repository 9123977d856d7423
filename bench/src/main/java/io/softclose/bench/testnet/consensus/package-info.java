/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A validator of a chained BFT protocol, as the testnet runs four of them: {@link
 * io.softclose.bench.testnet.consensus.Validator}. Below it, {@code core} decides and does no I/O, and {@code message} has what is
 * sent. docs/testnet.md says which protocol it is, and what is left out.
 */
@NullMarked
package io.softclose.bench.testnet.consensus;

import org.jspecify.annotations.NullMarked;
