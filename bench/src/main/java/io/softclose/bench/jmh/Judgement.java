/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.jmh;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * One line of a profile: what is measured, and what it is judged against.
 *
 * @param what for the table
 * @param transport for the table
 * @param payload in bytes, for the table
 * @param ours what is judged
 * @param baseline what it is judged against, in the same unit; empty if the figure stands for itself
 * @param goal what the median of the ratios should reach, if there is a goal
 */
record Judgement(
        String what, String transport, int payload, Series ours, Optional<Series> baseline, OptionalDouble goal) {
    /**
     * One figure of an experiment, measured once a round.
     *
     * @param experiment what is run
     * @param metric which of its figures
     */
    record Series(Experiment experiment, Metric metric) {}

    /** What has to be measured. */
    Stream<Series> series() {
        return Stream.concat(Stream.of(ours), baseline.stream());
    }
}
