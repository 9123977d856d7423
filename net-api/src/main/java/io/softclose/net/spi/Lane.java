/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.spi;

import static java.util.Objects.requireNonNull;

/**
 * One queue of a connection's outbox, with a capacity of its own.
 *
 * @param name for accounts, reports and metrics
 * @param maxMessages most messages that may wait in it, 1 to 1 048 576
 * @param maxBytes most payload bytes that may wait in it, 1 to 2^40
 * @param burstBytes payload bytes it may send in a row, while the connection is open, before a waiting lane below it has
 *     its turn of one message, or of one fragment of a large one; if that is longer than the burst, the next burst is as
 *     much longer, so that the lanes below never get more than half; at least 1, {@link Long#MAX_VALUE} for never
 */
public record Lane(String name, int maxMessages, long maxBytes, long burstBytes) {
    /** Checks the bounds. */
    public Lane {
        if (requireNonNull(name, "name").isBlank()) {
            throw new IllegalArgumentException("lane name: \"" + name + "\" (expected: not blank)");
        }
        Require.within(name + ".maxMessages", maxMessages, 1, 1 << 20);
        Require.within(name + ".maxBytes", maxBytes, 1, 1L << 40);
        Require.within(name + ".burstBytes", burstBytes, 1, Long.MAX_VALUE);
    }
}
