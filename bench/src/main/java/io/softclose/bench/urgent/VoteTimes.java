/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.urgent;

import java.time.Duration;
import java.util.List;

/**
 * How long votes took from the send to the handler.
 *
 * @param times of those that arrived, shortest first
 * @param votes how many were sent
 * @param bulkBytesPerSecond payload of bulk that was written meanwhile
 */
public record VoteTimes(List<Duration> times, int votes, double bulkBytesPerSecond) {
    /** Sorts a copy. */
    public VoteTimes {
        times = times.stream().sorted().toList();
    }

    /** The time within which so many of a hundred votes arrived; the longest there is if some did not. */
    public Duration percentile(double percent) {
        int rank = (int) Math.ceil(percent / 100 * votes);
        return times.isEmpty() ? Duration.ZERO : times.get(Math.min(Math.max(rank, 1), times.size()) - 1);
    }
}
