/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.compare;

import com.fasterxml.jackson.core.JsonGenerator;
import io.softclose.bench.Json;
import io.softclose.bench.Origin;
import io.softclose.bench.TextTable;
import io.softclose.bench.compare.CellResult.Finished;
import io.softclose.net.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The results of a comparison, as tables for people and as JSON for programs.
 *
 * @param results in the order in which they were run
 * @param planned how many runs there were to be; more than the results if it was interrupted
 */
public record Comparison(List<CellResult> results, int planned) {
    private static final int NAMES = 2;
    private static final int NOTES = 2;

    private static final List<String> HEADINGS = List.of(
            "reader", "policy", "arrived", "lost", "silently", "lossless", "ms", "ending", "what the sender was told");

    private static final List<String> LEGEND = List.of(
            "arrived: what the receiving handler had, counted there; lost: the rest of what was accepted; silently: what of that",
            "the sender was told is WRITTEN or DELIVERED; lossless: what the sender's report says; ms: how long it closed.");

    /** Copies the list. */
    public Comparison {
        results = List.copyOf(results);
    }

    /** Whether every account is true and no clean close lost a message. */
    public boolean passed() {
        return results.stream().allMatch(result -> result.faults().isEmpty());
    }

    /** Whether it ended before all was run. */
    public boolean interrupted() {
        return results.size() < planned;
    }

    /** A table for each transport and scenario, the legend and the verdict, line by line. */
    public List<String> tables() {
        Map<String, TextTable> tables = new LinkedHashMap<>();
        for (CellResult result : results) {
            Cell cell = result.cell();
            tables.computeIfAbsent(
                            cell.transport() + ", " + cell.scenario().name()
                                    + cell.conditions().suffix(),
                            title -> new TextTable(HEADINGS, NAMES, NOTES))
                    .add(row(result));
        }
        List<String> lines = new ArrayList<>();
        tables.forEach((title, table) -> {
            lines.add(title);
            lines.addAll(table.render());
            lines.add("");
        });
        lines.addAll(LEGEND);
        lines.add("");
        lines.addAll(verdict());
        return lines;
    }

    /** The JSON document. */
    public String json(Origin origin) {
        return Json.object(json -> {
            json.writeBooleanField("passed", passed());
            json.writeBooleanField("interrupted", interrupted());
            origin.write(json);
            json.writeArrayFieldStart("cells");
            for (CellResult result : results) {
                writeCell(json, result);
            }
            json.writeEndArray();
        });
    }

    private List<String> verdict() {
        List<String> lines = new ArrayList<>();
        if (interrupted()) {
            lines.add("INTERRUPTED after " + results.size() + " of " + planned + " runs.");
        }
        for (CellResult result : results) {
            result.faults().forEach(fault -> lines.add("FAULT in " + result.cell() + ": " + fault));
        }
        if (passed() && !results.isEmpty()) {
            lines.add("All " + results.size()
                    + " runs: every account balances and is true, and no clean close lost a message.");
        }
        return lines;
    }

    private static List<String> row(CellResult result) {
        List<String> row = new ArrayList<>(
                List.of(result.cell().reader().label(), result.cell().policy()));
        if (result instanceof Finished finished) {
            Ledger.Audit audit = finished.audit();
            row.addAll(List.of(
                    Long.toString(audit.delivered()),
                    Long.toString(audit.lost()),
                    Long.toString(audit.silentlyLost()),
                    finished.lossless() ? "yes" : "no",
                    Long.toString(finished.closeTime().toMillis()),
                    finished.ending().name(),
                    told(audit)));
        } else {
            row.add("FAILED");
        }
        return row;
    }

    private static String told(Ledger.Audit audit) {
        return Arrays.stream(Outcome.values())
                .filter(outcome -> audit.count(outcome) > 0)
                .map(outcome -> audit.count(outcome) + " " + outcome)
                .collect(Collectors.joining(", "));
    }

    /** What a run closes under, if that is given. */
    static void writeConditions(JsonGenerator json, Cell cell) throws IOException {
        if (!cell.conditions().named().isEmpty()) {
            json.writeObjectFieldStart("conditions");
            for (Map.Entry<String, Double> condition : cell.conditions().named().entrySet()) {
                json.writeNumberField(condition.getKey(), condition.getValue());
            }
            json.writeEndObject();
        }
    }

    private static void writeCell(JsonGenerator json, CellResult result) throws IOException {
        json.writeStartObject();
        json.writeStringField("transport", result.cell().transport());
        json.writeStringField("policy", result.cell().policy());
        json.writeStringField("scenario", result.cell().scenario().name());
        json.writeStringField("reader", result.cell().reader().label());
        writeConditions(json, result.cell());
        if (result instanceof Finished finished) {
            json.writeNumberField("accepted", finished.audit().accepted());
            json.writeNumberField("delivered", finished.audit().delivered());
            Json.outcomes(json, finished.audit().outcomes());
            json.writeNumberField("lost", finished.audit().lost());
            json.writeNumberField("silentlyLost", finished.audit().silentlyLost());
            json.writeBooleanField("clean", finished.clean());
            json.writeBooleanField("lossless", finished.lossless());
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
