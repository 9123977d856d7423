/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.compare;

import com.fasterxml.jackson.core.JsonGenerator;
import io.softclose.bench.Json;
import io.softclose.bench.TextTable;
import io.softclose.bench.compare.CellResult.Finished;
import io.softclose.net.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The results of a comparison, as a table for people and as JSON for programs.
 *
 * @param results in the order in which they were run
 */
public record Comparison(List<CellResult> results) {
    private static final int NAMES = 4;

    private static final List<String> HEADINGS = Stream.of(
                    Stream.of("transport", "policy", "scenario", "reader", "accepted", "delivered"),
                    Arrays.stream(Outcome.values()).map(Outcome::name),
                    Stream.of("silently lost", "clean", "ending", "close ms", "balanced"))
            .flatMap(headings -> headings)
            .toList();

    private static final List<String> LEGEND = List.of(
            "delivered: what the receiving handler had, counted there; in capitals: the outcomes that the sender was told;",
            "silently lost: told WRITTEN or DELIVERED, yet the receiving handler never had it.");

    /** Copies the list. */
    public Comparison {
        results = List.copyOf(results);
    }

    /** Whether every account is true and no clean close lost a message. */
    public boolean passed() {
        return results.stream().allMatch(result -> result.faults().isEmpty());
    }

    /** The table, its legend and the verdict, line by line. */
    public List<String> table() {
        TextTable table = new TextTable(HEADINGS, NAMES);
        results.forEach(result -> table.add(row(result)));
        List<String> lines = new ArrayList<>(table.render());
        lines.add("");
        lines.addAll(LEGEND);
        lines.add("");
        lines.addAll(verdict());
        return lines;
    }

    /** The JSON document. */
    public String json() {
        return Json.object(json -> {
            json.writeBooleanField("passed", passed());
            json.writeStringField("java", Runtime.version().toString());
            json.writeStringField("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
            json.writeArrayFieldStart("cells");
            for (CellResult result : results) {
                writeCell(json, result);
            }
            json.writeEndArray();
        });
    }

    private List<String> verdict() {
        if (passed()) {
            return List.of("All " + results.size()
                    + " runs: every account balances and is true, and no clean close lost a message.");
        }
        return results.stream()
                .flatMap(result -> result.faults().stream().map(fault -> "FAULT in " + result.cell() + ": " + fault))
                .toList();
    }

    private static List<String> row(CellResult result) {
        Cell cell = result.cell();
        List<String> row = new ArrayList<>(List.of(
                cell.transport(),
                cell.policy(),
                cell.scenario().name(),
                cell.reader().label()));
        if (result instanceof Finished finished) {
            row.add(Long.toString(finished.audit().accepted()));
            row.add(Long.toString(finished.audit().delivered()));
            for (Outcome outcome : Outcome.values()) {
                row.add(Long.toString(finished.audit().count(outcome)));
            }
            row.add(Long.toString(finished.audit().silentlyLost()));
            row.add(finished.clean() ? "yes" : "no");
            row.add(finished.ending().name());
            row.add(Long.toString(finished.closeTime().toMillis()));
            row.add(finished.balanced() ? "yes" : "NO");
        } else {
            row.add("FAILED");
        }
        return row;
    }

    private static void writeCell(JsonGenerator json, CellResult result) throws IOException {
        json.writeStartObject();
        json.writeStringField("transport", result.cell().transport());
        json.writeStringField("policy", result.cell().policy());
        json.writeStringField("scenario", result.cell().scenario().name());
        json.writeStringField("reader", result.cell().reader().label());
        if (result instanceof Finished finished) {
            json.writeNumberField("accepted", finished.audit().accepted());
            json.writeNumberField("delivered", finished.audit().delivered());
            Json.outcomes(json, finished.audit().outcomes());
            json.writeNumberField("silentlyLost", finished.audit().silentlyLost());
            json.writeBooleanField("clean", finished.clean());
            json.writeStringField("ending", finished.ending().name());
            json.writeNumberField("closeMillis", Json.millis(finished.closeTime()));
            json.writeBooleanField("balanced", finished.balanced());
        }
        json.writeArrayFieldStart("faults");
        for (String fault : result.faults()) {
            json.writeString(fault);
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
