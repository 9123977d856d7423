/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.priority;

import io.softclose.net.spi.Require;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The lane of one {@link MessageClass}: what it holds, its share while the connection is open, and its time in a close.
 * Immutable; the {@code with} methods answer changed copies.
 *
 * @param maxMessages most messages that may wait in it, 1 to 1 048 576; if empty, as the network's limits say
 * @param maxBytes most payload bytes that may wait in it, 1 to 2^40; if empty, as the network's limits say
 * @param burstBytes payload bytes it may send in a row, while the connection is open, before a waiting lane below it has
 *     a turn; at least 1, {@link Long#MAX_VALUE} for never. Means nothing for the lowest lane
 * @param drainTimeout the most that a close may start its messages for
 */
public record LaneSettings(OptionalInt maxMessages, OptionalLong maxBytes, long burstBytes, Duration drainTimeout) {
    private static final int MOST_MESSAGES = 1 << 20;
    private static final long MOST_BYTES = 1L << 40;

    /** Checks the settings. */
    public LaneSettings {
        maxMessages.ifPresent(messages -> Require.within("maxMessages", messages, 1, MOST_MESSAGES));
        maxBytes.ifPresent(bytes -> Require.within("maxBytes", bytes, 1, MOST_BYTES));
        Require.within("burstBytes", burstBytes, 1, Long.MAX_VALUE);
        Require.positive("drainTimeout", drainTimeout);
    }

    /** A lane within the network's limits. */
    public LaneSettings(long burstBytes, Duration drainTimeout) {
        this(OptionalInt.empty(), OptionalLong.empty(), burstBytes, drainTimeout);
    }

    /** The same with another {@link #maxMessages}. */
    public LaneSettings withMaxMessages(int messages) {
        return new LaneSettings(OptionalInt.of(messages), maxBytes, burstBytes, drainTimeout);
    }

    /** The same with another {@link #maxBytes}. */
    public LaneSettings withMaxBytes(long bytes) {
        return new LaneSettings(maxMessages, OptionalLong.of(bytes), burstBytes, drainTimeout);
    }

    /** The same with another {@link #burstBytes}. */
    public LaneSettings withBurstBytes(long bytes) {
        return new LaneSettings(maxMessages, maxBytes, bytes, drainTimeout);
    }

    /** The same with another {@link #drainTimeout}. */
    public LaneSettings withDrainTimeout(Duration timeout) {
        return new LaneSettings(maxMessages, maxBytes, burstBytes, timeout);
    }
}
