/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.priority;

import static java.util.Objects.requireNonNull;

import io.softclose.net.Limits;
import io.softclose.net.spi.Lane;
import java.time.Duration;
import java.util.List;

/**
 * The lane of each {@link MessageClass}. No class may drain for longer than the one above it. Immutable.
 *
 * @param critical for critical messages
 * @param recoverable for recoverable messages
 * @param bulk for bulk
 */
public record ClassLanes(LaneSettings critical, LaneSettings recoverable, LaneSettings bulk) {
    private static final long BURST_BYTES = 64 * 1024;

    /** Checks that drain timeouts do not grow from class to class. */
    public ClassLanes {
        requireNonNull(critical, "critical");
        requireNonNull(recoverable, "recoverable");
        requireNonNull(bulk, "bulk");
        requireAtMost("recoverable.drainTimeout", recoverable.drainTimeout(), "critical", critical);
        requireAtMost("bulk.drainTimeout", bulk.drainTimeout(), "recoverable", recoverable);
    }

    /**
     * Lanes within the network's limits, bursts of 64 KiB, and drain timeouts of 20 s for critical messages, 10 s for
     * recoverable ones and 5 s for bulk.
     */
    public static ClassLanes defaults() {
        return new ClassLanes(
                new LaneSettings(BURST_BYTES, Duration.ofSeconds(20)),
                new LaneSettings(BURST_BYTES, Duration.ofSeconds(10)),
                new LaneSettings(BURST_BYTES, Duration.ofSeconds(5)));
    }

    /** The settings of a class's lane. */
    public LaneSettings of(MessageClass messageClass) {
        return switch (messageClass) {
            case CRITICAL -> critical;
            case RECOVERABLE -> recoverable;
            case BULK -> bulk;
        };
    }

    /** A connection's lanes, most urgent first; where settings leave a capacity open, the limits fill it in. */
    List<Lane> lanes(Limits limits) {
        return MessageClass.ALL.stream().map(each -> lane(each, limits)).toList();
    }

    private Lane lane(MessageClass messageClass, Limits limits) {
        LaneSettings settings = of(messageClass);
        return new Lane(
                messageClass.laneName(),
                settings.maxMessages().orElse(limits.outboxMessages()),
                settings.maxBytes().orElse(limits.outboxBytes()),
                settings.burstBytes());
    }

    /** Checks a duration of this name against the drain timeout of a lane of that name. */
    static void requireAtMost(String name, Duration value, String above, LaneSettings most) {
        if (value.compareTo(most.drainTimeout()) > 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: at most " + above + ".drainTimeout, "
                    + most.drainTimeout() + ")");
        }
    }
}
