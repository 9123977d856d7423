/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.shutdown;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a node's peers had when it had ended.
 *
 * @param after how long after the end had begun each vote was handled, in the order of their coming
 * @param votesWaiting how many votes still waited in the node when the end began, the operating system having none of them
 * @param kernelBytes what the operating system had of each connection then and the bottleneck had not passed, on average
 */
public record Arrived(List<Duration> after, long votesWaiting, long kernelBytes) {
    /** Copies the list. */
    public Arrived {
        after = List.copyOf(after);
    }

    /** How many votes had been handled. */
    public int votes() {
        return after.size();
    }

    /** How long it took until so many of all votes had been handled; empty if fewer ever were. */
    public Optional<Duration> until(int votes) {
        return votes <= after.size() ? Optional.of(after.get(votes - 1)) : Optional.empty();
    }
}
