/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.spi;

import static java.util.Objects.requireNonNull;

import io.softclose.net.Limits;
import java.util.List;

/**
 * The lanes of a connection's outbox and how messages are sorted into them.
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

    /** One lane named {@code default}, within the limits' outbox bounds, for every message. */
    public static LanePlan single(Limits limits) {
        Lane lane = new Lane("default", limits.outboxMessages(), limits.outboxBytes(), Long.MAX_VALUE);
        return new LanePlan(List.of(lane), message -> 0);
    }
}
