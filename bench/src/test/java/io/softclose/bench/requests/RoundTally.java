/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.requests;

import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.RequestException.Failure;
import java.util.EnumMap;
import java.util.Map;

/** What became of the requests of many rounds, so that one sees that all of it happened. */
final class RoundTally {
    private final Map<Failure, Long> failures = new EnumMap<>(Failure.class);
    private final Map<CloseEnding, Long> endings = new EnumMap<>(CloseEnding.class);
    private long rounds;
    private long answered;

    void add(RoundEnd one, RoundEnd other, CloseReport oneReport, CloseReport otherReport) {
        rounds++;
        for (RoundEnd end : new RoundEnd[] {one, other}) {
            answered += end.answered();
            for (Failure kind : Failure.values()) {
                failures.merge(kind, (long) end.count(kind), Long::sum);
            }
        }
        endings.merge(oneReport.ending(), 1L, Long::sum);
        endings.merge(otherReport.ending(), 1L, Long::sum);
    }

    long rounds() {
        return rounds;
    }

    long answered() {
        return answered;
    }

    long count(Failure kind) {
        return failures.getOrDefault(kind, 0L);
    }

    @Override
    public String toString() {
        return rounds + " rounds; answered " + answered + ", " + failures + "; closes " + endings;
    }
}
