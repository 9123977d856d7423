/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.report.data;

import io.softclose.net.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code testnet --json} wrote.
 *
 * @param interrupted whether it ended before all was played
 * @param runs in the order of the file
 */
public record TestnetResult(String file, Facts facts, boolean interrupted, List<Run> runs) implements Result {
    /** Copies the list. */
    public TestnetResult {
        runs = List.copyOf(runs);
    }

    /**
     * One run.
     *
     * @param figures none if the run did not come to its end
     * @param faults what must not be
     */
    public record Run(String policy, boolean handOver, Optional<Figures> figures, List<String> faults) {
        /** Copies the list. */
        public Run {
            faults = List.copyOf(faults);
        }
    }

    /**
     * How the chain got on, and what became of messages and connections.
     *
     * @param plain times from one certified round to the next
     * @param corrected the same with what rounds would have waited that a chain which stood still did not begin
     * @param closes why connections closed, in the order of the file; each end counts its own
     */
    public record Figures(
            double measuredMillis,
            long rounds,
            double roundsPerMinute,
            long commits,
            Times plain,
            Times corrected,
            long missedProposals,
            long timeouts,
            Votes votes,
            long accepted,
            Map<Outcome, Long> outcomes,
            long handedOver,
            long reconnections,
            Map<String, Long> closes,
            boolean safe) {
        /** Copies the map. */
        public Figures {
            closes = Collections.unmodifiableMap(new LinkedHashMap<>(closes));
        }
    }

    /**
     * Times in milliseconds.
     *
     * @param distribution from short to long
     */
    public record Times(double p50, double p99, double longest, List<Share> distribution) {
        /** Copies the list. */
        public Times {
            distribution = List.copyOf(distribution);
        }
    }

    /** So many in a hundred took at most so long. */
    public record Share(double percent, double millis) {}

    /**
     * Of those sent, some are lost; refused ones were not sent.
     *
     * @param handedOver went on from one connection to the next, each counted once; none in files of versions that did not
     *     count them
     * @param silent lost though their sender was told that they were written; none where it is not known
     */
    public record Votes(long sent, long refused, Optional<Long> handedOver, long lost, Optional<Long> silent) {}

    static TestnetResult of(Fields result) throws BadResultException {
        List<Run> runs = new ArrayList<>();
        for (Fields run : result.objects("runs")) {
            List<String> faults = run.texts("faults");
            boolean failed = !run.has("rounds") && !faults.isEmpty();
            runs.add(new Run(
                    run.text("policy"),
                    run.flag("handOver"),
                    failed ? Optional.empty() : Optional.of(figures(run)),
                    faults));
        }
        return new TestnetResult(result.file(), Facts.of(result), result.flag("interrupted"), runs);
    }

    private static Figures figures(Fields run) throws BadResultException {
        Fields votes = run.object("votes");
        Map<String, Long> closes = new LinkedHashMap<>();
        Fields reasons = run.object("closes");
        for (String reason : reasons.names()) {
            closes.put(reason, reasons.count(reason));
        }
        return new Figures(
                run.amount("measuredMillis"),
                run.count("rounds"),
                run.amount("roundsPerMinute"),
                run.count("commits"),
                times(run.object("roundMillis")),
                times(run.object("correctedRoundMillis")),
                run.count("missedProposals"),
                run.count("timeouts"),
                new Votes(
                        votes.count("sent"),
                        votes.count("refused"),
                        votes.has("handedOver") ? votes.countOrNull("handedOver") : Optional.empty(),
                        votes.count("lost"),
                        votes.countOrNull("silent")),
                run.count("accepted"),
                Outcomes.of(run),
                run.count("handedOver"),
                run.count("reconnections"),
                closes,
                run.flag("safe"));
    }

    private static Times times(Fields times) throws BadResultException {
        List<Share> distribution = new ArrayList<>();
        for (Fields share : times.objects("distribution")) {
            double percent = share.amount("percent");
            if (percent > 100) {
                throw share.bad("percent", percent + " (expected: at most 100)");
            }
            distribution.add(new Share(percent, share.amount("millis")));
        }
        return new Times(times.amount("p50"), times.amount("p99"), times.amount("longest"), distribution);
    }
}
