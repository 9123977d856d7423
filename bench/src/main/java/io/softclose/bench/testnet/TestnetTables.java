/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet;

import io.softclose.bench.TextTable;
import io.softclose.bench.testnet.RunResult.Finished;
import io.softclose.bench.testnet.figures.ChainFigures;
import io.softclose.bench.testnet.figures.NetworkFigures;
import io.softclose.bench.testnet.node.TestnetPolicies;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The two tables of runs, and what their columns say. */
public final class TestnetTables {
    private static final int NAMES = 2;
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
            "handed over",
            "lost",
            "silently",
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
            "gave up; votes: also those to order, to commit and to give up; refused: there was no connection, or no room; handed over: votes",
            "that went on from one connection to the next, each counted once; lost: accepted, and did not go, or not for certain, and the",
            "sender was told; silently: it went, as far as the sender was told, and no receiver was ever given it.",
            "messages handed over: how often one went on to the next connection, votes or not; reset, stale, health, duplicate: why connections closed,",
            "counted at both ends; the rest are the ends that heard of it from the other.");

    private TestnetTables() {}

    /** Both tables, with a row for each of these, and the legend; line by line. */
    public static List<String> of(List<RunResult> results) {
        TextTable chain = new TextTable(CHAIN, NAMES, 1);
        TextTable messages = new TextTable(MESSAGES, NAMES, 1);
        for (RunResult result : results) {
            chain.add(chainRow(result));
            messages.add(messagesRow(result));
        }
        List<String> lines = new ArrayList<>(chain.render());
        lines.add("");
        lines.addAll(messages.render());
        lines.add("");
        lines.addAll(LEGEND);
        results.stream().map(result -> result.variant().policy()).distinct().forEach(policy -> {
            for (String alias : TestnetPolicies.aliases(policy)) {
                lines.add(policy + ": " + alias + ", too, which is the same run by definition.");
            }
        });
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
                    Long.toString(chain.votes().handedOver()),
                    Long.toString(chain.votes().lost()),
                    chain.votes().silentOrUnknown(),
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
