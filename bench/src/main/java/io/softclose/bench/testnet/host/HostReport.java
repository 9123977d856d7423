/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.host;

import io.softclose.bench.Json;
import io.softclose.bench.Origin;
import io.softclose.bench.testnet.RunResult;
import io.softclose.bench.testnet.TestnetJson;
import io.softclose.bench.testnet.TestnetTables;
import io.softclose.bench.testnet.node.NodeSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What one validator saw of a test network, as tables for people and as JSON for programs.
 *
 * @param interrupted whether it ended before its time
 */
public record HostReport(HostSettings settings, RunResult result, boolean interrupted) {
    /** Whether it contradicted nobody, and its account balances. */
    public boolean passed() {
        return result.faults().isEmpty();
    }

    /** What it is, in one line. */
    public static String title(HostSettings settings) {
        NodeSettings node = settings.node();
        return String.format(
                Locale.ROOT,
                "validator %d of %d, TLS over %s, %s, %.1f s",
                node.index(),
                node.validators().size(),
                node.transport().name().toLowerCase(Locale.ROOT),
                node.variant(),
                settings.duration().toMillis() / 1000.0);
    }

    /** The tables, the legend and the verdict, line by line. */
    public List<String> tables() {
        List<String> lines = new ArrayList<>(List.of(title(settings), ""));
        lines.addAll(TestnetTables.of(List.of(result)));
        lines.add("");
        lines.add(
                "Of one validator, as it saw them. Whether votes arrived, their receivers know: so it is not said how many were lost silently.");
        if (interrupted) {
            lines.add("INTERRUPTED before its time was over.");
        }
        result.faults().forEach(fault -> lines.add("FAULT: " + fault));
        if (passed()) {
            lines.add("This validator found no contradiction, and its account balances.");
        }
        return lines;
    }

    /** The JSON document. */
    public String json(Origin origin) {
        return Json.object(json -> {
            NodeSettings node = settings.node();
            json.writeBooleanField("passed", passed());
            json.writeBooleanField("interrupted", interrupted);
            origin.write(json);
            json.writeObjectFieldStart("settings");
            json.writeNumberField("validator", node.index());
            json.writeNumberField("validators", node.validators().size());
            json.writeStringField("transport", node.transport().name());
            json.writeNumberField("healthIntervalMillis", Json.millis(node.healthInterval()));
            json.writeNumberField("reconnectIntervalMillis", Json.millis(node.reconnectInterval()));
            json.writeNumberField("roundTimeoutMillis", Json.millis(node.roundTimeout()));
            json.writeNumberField("durationMillis", Json.millis(settings.duration()));
            json.writeNumberField("seed", node.seed());
            json.writeEndObject();
            json.writeArrayFieldStart("runs");
            TestnetJson.run(json, result);
            json.writeEndArray();
        });
    }
}
