/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.raft;

import com.fasterxml.jackson.core.JsonGenerator;
import io.softclose.bench.Json;
import io.softclose.bench.Origin;
import io.softclose.bench.TextTable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * The same group over Softclose and within the process.
 *
 * @param results of the runs, in their order
 */
public record RaftComparison(RaftSettings settings, List<RaftResult> results) {
    /** Copies the list. */
    public RaftComparison {
        results = List.copyOf(results);
    }

    /**
     * Plays both runs.
     *
     * @param progress told a line for each that is through
     * @throws IllegalStateException if a group does not come up, or does not end
     */
    public static RaftComparison play(RaftSettings settings, Consumer<String> progress)
            throws IOException, InterruptedException {
        List<RaftResult> results = new ArrayList<>();
        results.add(told(
                new RaftRun(settings, SoftcloseWiring.NAME, SoftcloseWiring.open(settings, RaftGroup.ID)).play(),
                progress));
        results.add(told(
                new RaftRun(settings, LocalWiring.NAME, new LocalWiring(settings.path(), settings.seed())).play(),
                progress));
        return new RaftComparison(settings, results);
    }

    private static RaftResult told(RaftResult result, Consumer<String> progress) {
        progress.accept(result.over() + ": " + result.commits() + " commits, " + result.elections() + " elections"
                + (result.faults().isEmpty() ? "" : ", FAULTS"));
        return result;
    }

    /** Whether nothing happened that must not. */
    public boolean passed() {
        return results.stream().allMatch(result -> result.faults().isEmpty());
    }

    /** What is played, in one line, with the seed. */
    public static String title(RaftSettings settings) {
        return settings.nodes() + " nodes, " + settings.clients() + " clients, "
                + settings.path().latency().toMillis() + " ms one way, faults "
                + (settings.faults().isEmpty()
                        ? "none"
                        : settings.faults().stream().sorted().toList()) + ", seed "
                + settings.seed();
    }

    /** The table, and what must not be, line by line. */
    public List<String> table() {
        TextTable table = new TextTable(
                List.of(
                        "over",
                        "elections",
                        "commits",
                        "per second",
                        "p50 ms",
                        "p99 ms",
                        "max ms",
                        "unclear",
                        "messages",
                        "not sent",
                        "handed over",
                        "connections lost",
                        "logs"),
                1,
                1);
        for (RaftResult result : results) {
            table.add(List.of(
                    result.over(),
                    "" + result.elections(),
                    "" + result.commits(),
                    String.format(Locale.ROOT, "%.1f", result.perSecond()),
                    millis(result.median()),
                    millis(result.highest()),
                    millis(result.longest()),
                    "" + result.unclear(),
                    "" + result.traffic().messages(),
                    "" + result.traffic().notSent(),
                    "" + result.traffic().handedOver(),
                    "" + result.traffic().connections(),
                    result.faults().isEmpty() ? "agree" : "FAULTS"));
        }
        List<String> lines = new ArrayList<>();
        lines.add(title(settings));
        lines.addAll(table.render());
        results.forEach(result -> result.faults()
                .forEach(fault -> lines.add(result.over() + ", seed " + settings.seed() + ": " + fault)));
        return lines;
    }

    private static String millis(Duration time) {
        return String.format(Locale.ROOT, "%.1f", Json.millis(time));
    }

    /** The same as one object. */
    public String json(Origin origin) {
        return Json.object(json -> {
            json.writeBooleanField("passed", passed());
            origin.write(json);
            settings(json);
            json.writeArrayFieldStart("runs");
            for (RaftResult result : results) {
                run(json, result);
            }
            json.writeEndArray();
        });
    }

    private void settings(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("settings");
        json.writeNumberField("nodes", settings.nodes());
        json.writeStringField("transport", settings.transport().name());
        json.writeStringField("policy", settings.policy());
        json.writeNumberField("latencyMillis", Json.millis(settings.path().latency()));
        json.writeNumberField("jitterMillis", Json.millis(settings.path().jitter()));
        json.writeNumberField("bytesPerSecond", settings.path().bytesPerSecond());
        json.writeNumberField("clients", settings.clients());
        json.writeNumberField("size", settings.padding());
        json.writeNumberField("durationMillis", Json.millis(settings.duration()));
        json.writeNumberField("resetEveryMillis", Json.millis(settings.resetEvery()));
        json.writeNumberField("seed", settings.seed());
        json.writeArrayFieldStart("faults");
        for (RaftSettings.Fault fault : settings.faults().stream().sorted().toList()) {
            json.writeString(fault.name().toLowerCase(Locale.ROOT));
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void run(JsonGenerator json, RaftResult result) throws IOException {
        json.writeStartObject();
        json.writeStringField("over", result.over());
        json.writeNumberField("elections", result.elections());
        json.writeNumberField("commits", result.commits());
        json.writeNumberField("commitsPerSecond", result.perSecond());
        json.writeNumberField("unclear", result.unclear());
        json.writeNumberField("measuredMillis", Json.millis(result.measured()));
        json.writeNumberField("p50Millis", Json.millis(result.median()));
        json.writeNumberField("p99Millis", Json.millis(result.highest()));
        json.writeNumberField("maxMillis", Json.millis(result.longest()));
        json.writeNumberField("messages", result.traffic().messages());
        json.writeNumberField("notSent", result.traffic().notSent());
        json.writeNumberField("handedOver", result.traffic().handedOver());
        json.writeNumberField("connectionsLost", result.traffic().connections());
        json.writeArrayFieldStart("faults");
        for (String fault : result.faults()) {
            json.writeString(fault);
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
