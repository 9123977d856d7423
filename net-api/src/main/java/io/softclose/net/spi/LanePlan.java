/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.spi;

import static java.util.Objects.requireNonNull;

import io.softclose.net.Limits;
import java.util.List;

/**
 * The lanes of a connection's outbox and how messages are sorted into them. Where there are several, one message may
 * overtake another, and what cannot be overtaken is kept short: frames, batches, and what is unsent in the system.
 *
 * @param lanes most urgent first, 1 to 64, with names that differ
 * @param classifier finds a message's lane
 */
public record LanePlan(List<Lane> lanes, LaneClassifier classifier) {
    /** Checks and copies the lanes. */
    public LanePlan {
        lanes = List.copyOf(lanes);
        requireNonNull(classifier, "classifier");
        Require.within("lanes", lanes.size(), 1, 64);
        if (lanes.stream().map(Lane::name).distinct().count() != lanes.size()) {
            throw new IllegalArgumentException(
                    "lanes: " + lanes.stream().map(Lane::name).toList() + " (expected: names that differ)");
        }
    }

    /** Whether a message may overtake others: there are several lanes. */
    public boolean overtakes() {
        return lanes.size() > 1;
    }

    /**
     * Longest payload in bytes that a lane sends in one frame; a longer message is streamed, and whole ones pass it. The
     * first lane's is what the peer takes, for nothing is more urgent.
     */
    public int wholeSize(int lane, Limits limits) {
        return lane == 0 ? limits.chunkSize() : Math.min(limits.fragmentSize(), limits.chunkSize());
    }

    /** Payload bytes in each frame of a streamed message of this size, but for the last frame, which has the rest. */
    public int chunkSize(int messageSize, Limits limits) {
        if (!overtakes()) {
            return limits.chunkSize();
        }
        int frames = limits.maxFragments() + 1;
        int least = messageSize / frames + (messageSize % frames == 0 ? 0 : 1);
        return Math.max(least, Math.min(limits.fragmentSize(), limits.chunkSize()));
    }

    /** One lane named {@code default}, within the limits' outbox bounds, for every message. */
    public static LanePlan single(Limits limits) {
        Lane lane = new Lane("default", limits.outboxMessages(), limits.outboxBytes(), Long.MAX_VALUE);
        return new LanePlan(List.of(lane), message -> 0);
    }
}
