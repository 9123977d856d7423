/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus.message;

import io.softclose.net.spi.Require;

/**
 * A batch of transactions, without them.
 *
 * @param author who made it
 * @param number which of its author's it is
 * @param bytes the size of its transactions
 */
public record BatchRef(int author, long number, int bytes) {
    /** Checks the bounds. */
    public BatchRef {
        Require.within("author", author, 0, Long.SIZE - 1);
        Require.notNegative("number", number);
        Require.notNegative("bytes", bytes);
    }
}
