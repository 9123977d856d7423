/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.softclose.bench.Origin;
import io.softclose.net.CloseEnding;
import io.softclose.net.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static final Origin ORIGIN = new Origin("java -jar benchmarks.jar compare", Instant.EPOCH);
    private static final Cell DROP = new Cell("nio", "drop", Scenario.PROOF_OF_CONCEPT, Reader.FAST);
    private static final Cell GRACEFUL = new Cell("nio", "graceful", Scenario.BACKLOG_1024, Reader.TALKING);

    private static final CellResult DROPPED = new CellResult.Finished(
            DROP,
            new Ledger.Audit(100, 5, Map.of(Outcome.WRITTEN, 6L, Outcome.DISCARDED, 94L), 1, List.of()),
            CloseEnding.UNCONFIRMED,
            false,
            Duration.ofNanos(1_500_000),
            true,
            List.of());
    private static final CellResult LOST = new CellResult.Finished(
            GRACEFUL,
            new Ledger.Audit(1025, 1024, Map.of(Outcome.WRITTEN, 1025L), 1, List.of()),
            CloseEnding.CLEAN,
            true,
            Duration.ofMillis(320),
            false,
            List.of("the close was clean, yet #7 did not arrive"));
    private static final CellResult FAILED = new CellResult.Failed(GRACEFUL, "a step did not end within PT1S");

    @Test
    void eachTransportAndScenarioHasATableWithARowForEachRun() {
        List<String> tables = comparison(DROPPED, LOST, FAILED).tables();

        assertEquals(
                List.of(
                        "nio, proof-of-concept",
                        "reader  policy  arrived  lost  silently  lossless  ms  ending       what the sender was told",
                        "------  ------  -------  ----  --------  --------  --  -----------  ------------------------",
                        "fast    drop          5    95         1        no   1  UNCONFIRMED  6 WRITTEN, 94 DISCARDED",
                        "",
                        "nio, backlog-1024",
                        "reader   policy    arrived  lost  silently  lossless   ms  ending  what the sender was told",
                        "-------  --------  -------  ----  --------  --------  ---  ------  ------------------------",
                        "talking  graceful     1024     1         1       yes  320  CLEAN   1025 WRITTEN",
                        "talking  graceful   FAILED",
                        ""),
                tables.subList(0, 11));
    }

    @Test
    void noLineIsWiderThanATerminal() {
        CellResult wide = new CellResult.Finished(
                new Cell("netty", "consensus-priority", Scenario.BACKLOG_100000, Reader.TALKING),
                new Ledger.Audit(
                        100_000,
                        49_999,
                        Map.of(Outcome.WRITTEN, 49_999L, Outcome.UNCERTAIN, 1L, Outcome.DISCARDED, 50_000L),
                        10_000,
                        List.of()),
                CloseEnding.UNCONFIRMED,
                false,
                Duration.ofSeconds(90),
                true,
                List.of());

        for (String line : comparison(wide).tables()) {
            assertTrue(line.length() < 130, line);
        }
    }

    @Test
    void whatWasInterruptedSaysSo() throws Exception {
        Comparison some = new Comparison(List.of(DROPPED), 3);

        assertTrue(some.tables().contains("INTERRUPTED after 1 of 3 runs."), some.tables()::toString);
        assertTrue(new ObjectMapper()
                .readTree(some.json(ORIGIN))
                .get("interrupted")
                .booleanValue());
        assertFalse(comparison(DROPPED).interrupted());
    }

    private static Comparison comparison(CellResult... results) {
        return new Comparison(List.of(results), results.length);
    }

    @Test
    void faultsFollowTheTable() {
        List<String> table = comparison(DROPPED, LOST, FAILED).tables();

        assertEquals(
                List.of(
                        "FAULT in nio graceful backlog-1024 talking: the close was clean, yet #7 did not arrive",
                        "FAULT in nio graceful backlog-1024 talking: a step did not end within PT1S"),
                table.subList(table.size() - 2, table.size()));
    }

    @Test
    void oneFaultyOrFailedRunFailsTheComparison() {
        assertTrue(comparison(DROPPED).passed());
        assertFalse(comparison(DROPPED, LOST).passed());
        assertFalse(comparison(DROPPED, FAILED).passed());
    }

    @Test
    void theJsonSaysTheSame() throws Exception {
        JsonNode json =
                new ObjectMapper().readTree(comparison(DROPPED, LOST, FAILED).json(ORIGIN));

        assertFalse(json.get("passed").booleanValue());
        assertEquals("java -jar benchmarks.jar compare", json.get("command").textValue());
        assertEquals(3, json.get("cells").size());
        JsonNode dropped = json.get("cells").get(0);
        assertEquals(new ObjectMapper().readTree("""
                                {"transport": "nio", "policy": "drop", "scenario": "proof-of-concept",
                                 "reader": "fast", "accepted": 100, "delivered": 5,
                                 "outcomes": {"DELIVERED": 0, "WRITTEN": 6, "UNCERTAIN": 0, "UNSENT": 0,
                                              "DISCARDED": 94, "EXPIRED": 0, "HANDED_OVER": 0},
                                 "lost": 95, "silentlyLost": 1, "clean": false,
                                 "lossless": false, "ending": "UNCONFIRMED", "closeMillis": 1.5,
                                 "balanced": true, "faults": []}"""), dropped);
        assertEquals(
                "the close was clean, yet #7 did not arrive",
                json.get("cells").get(1).get("faults").get(0).textValue());
        JsonNode failed = json.get("cells").get(2);
        assertEquals(
                "a step did not end within PT1S", failed.get("faults").get(0).textValue());
        assertFalse(failed.has("accepted"));
    }
}
