/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet;

import io.softclose.bench.Origin;
import io.softclose.bench.TextTable;
import io.softclose.bench.testnet.RunResult.Finished;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The results of a comparison, as tables for people and as JSON for programs.
 *
 * @param settings what all runs have in common
 * @param results in the order in which they were played
 * @param planned how many runs there were to be; more than the results if it was interrupted
 */
public record TestnetComparison(TestnetSettings settings, List<RunResult> results, int planned) {
    private static final int NAMES = 2;
    private static final double BITS = 8.0 / 1_000_000;

    private static final List<String> CHAIN = List.of(
            "policy",
            "hand-over",
            "rounds/min",
            "p50 ms",
            "p99 ms",
            "missed proposals",
            "timeouts",
            "votes sent",
            "refused",
            "lost",
            "safe");

    private static final List<String> MESSAGES = List.of(
            "policy",
            "hand-over",
            "messages",
            "handed over",
            "reconnections",
            "reset",
            "stale",
            "health",
            "duplicate",
            "what the senders were told");

    private static final List<String> LEGEND = List.of(
            "rounds/min: rounds that a quorum certified; p50, p99: from one to the next, with the rounds that would have waited while",
            "the chain stood still; missed proposals: rounds that a validator left without their block; timeouts: rounds that a validator",
            "gave up; votes: also those to order, to commit and to give up; refused: there was no connection, or no room; lost: accepted,",
            "and did not go, or not for certain. Neither counts what was written to a connection that then was reset: nobody knows.",
            "handed over: how often a message went on to the next connection; reset, stale, health, duplicate: why connections closed,",
            "counted at both ends; the rest are the ends that heard of it from the other.");

    /** Copies the list. */
    public TestnetComparison {
        results = List.copyOf(results);
    }

    /** Whether all validators agreed in all runs, and every account balances. */
    public boolean passed() {
        return results.stream().allMatch(result -> result.faults().isEmpty());
    }

    /** Whether it ended before all was played. */
    public boolean interrupted() {
        return results.size() < planned;
    }

    /** What was played, in one line. */
    public static String title(TestnetSettings settings) {
        return String.format(
                Locale.ROOT,
                "%d validators, TLS over %s, %d ms one way and up to %d more, %.1f Mbit/s, %s, %.1f s each, seed %d",
                TestnetSettings.VALIDATORS,
                settings.transport().name().toLowerCase(Locale.ROOT),
                settings.path().latency().toMillis(),
                settings.path().jitter().toMillis(),
                settings.path().bytesPerSecond() * BITS,
                faults(settings),
                settings.duration().toMillis() / 1000.0,
                settings.seed());
    }

    private static String faults(TestnetSettings settings) {
        String names = Arrays.stream(Fault.values())
                .filter(settings.faults()::contains)
                .map(fault -> fault == Fault.RESETS
                        ? "resets every " + settings.resetEvery().toMillis() + " ms"
                        : fault.label())
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "no faults" : "faults: " + names;
    }

    /** The tables, the legend and the verdict, line by line. */
    public List<String> tables() {
        TextTable chain = new TextTable(CHAIN, NAMES, 1);
        TextTable messages = new TextTable(MESSAGES, NAMES, 1);
        for (RunResult result : results) {
            chain.add(chainRow(result));
            messages.add(messagesRow(result));
        }
        List<String> lines = new ArrayList<>(List.of(title(settings), ""));
        lines.addAll(chain.render());
        lines.add("");
        lines.addAll(messages.render());
        lines.add("");
        lines.addAll(LEGEND);
        lines.add("");
        lines.addAll(verdict());
        return lines;
    }

    /** The JSON document. */
    public String json(Origin origin) {
        return TestnetJson.of(this, origin);
    }

    private List<String> verdict() {
        List<String> lines = new ArrayList<>();
        if (interrupted()) {
            lines.add("INTERRUPTED after " + results.size() + " of " + planned + " runs.");
        }
        for (RunResult result : results) {
            result.faults()
                    .forEach(fault ->
                            lines.add("FAULT in " + result.variant() + ", seed " + settings.seed() + ": " + fault));
        }
        if (passed() && !results.isEmpty()) {
            lines.add("All " + results.size()
                    + " runs: the validators agreed on every block, and every account balances.");
        }
        return lines;
    }

    private static List<String> names(RunResult result) {
        return List.of(result.variant().policy(), result.variant().handOver().label());
    }

    private static List<String> chainRow(RunResult result) {
        List<String> row = new ArrayList<>(names(result));
        if (result instanceof Finished finished) {
            ChainFigures chain = finished.chain();
            row.addAll(List.of(
                    String.format(Locale.ROOT, "%.0f", chain.roundsPerMinute()),
                    Long.toString(chain.correctedTimes().median().toMillis()),
                    Long.toString(chain.correctedTimes().p99().toMillis()),
                    Long.toString(chain.missedProposals()),
                    Long.toString(chain.timeouts()),
                    Long.toString(chain.votes().sent()),
                    Long.toString(chain.votes().refused()),
                    Long.toString(chain.votes().lost()),
                    finished.safe() ? "yes" : "NO"));
        } else {
            row.add("FAILED");
        }
        return row;
    }

    private static List<String> messagesRow(RunResult result) {
        List<String> row = new ArrayList<>(names(result));
        if (result instanceof Finished finished) {
            NetworkFigures network = finished.network();
            row.addAll(List.of(
                    Long.toString(network.accepted()),
                    Long.toString(network.handedOver()),
                    Long.toString(network.reconnections()),
                    closes(network, DisconnectReason.INPUT_OUTPUT_ERROR),
                    closes(network, DisconnectReason.STALE_CONNECTION),
                    closes(network, DisconnectReason.NETWORK_HEALTH_CHECK_FAILURE),
                    closes(network, DisconnectReason.DUPLICATE_CONNECTION),
                    told(network)));
        } else {
            row.add("FAILED");
        }
        return row;
    }

    private static String closes(NetworkFigures network, DisconnectReason reason) {
        return Long.toString(network.closes().getOrDefault(reason, 0L));
    }

    private static String told(NetworkFigures network) {
        return Arrays.stream(Outcome.values())
                .filter(outcome -> network.outcomes().getOrDefault(outcome, 0L) > 0)
                .map(outcome -> network.outcomes().get(outcome) + " " + outcome)
                .collect(Collectors.joining(", "));
    }
}
