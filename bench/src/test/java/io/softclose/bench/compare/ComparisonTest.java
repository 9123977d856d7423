/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.softclose.net.CloseEnding;
import io.softclose.net.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static final Cell DROP = new Cell("nio", "drop", Scenario.PROOF_OF_CONCEPT, Reader.FAST);
    private static final Cell GRACEFUL = new Cell("nio", "graceful", Scenario.BACKLOG_1024, Reader.TALKING);

    private static final CellResult DROPPED = new CellResult.Finished(
            DROP,
            new Ledger.Audit(100, 5, Map.of(Outcome.WRITTEN, 6L, Outcome.DISCARDED, 94L), 1, List.of()),
            CloseEnding.UNCONFIRMED,
            Duration.ofNanos(1_500_000),
            true,
            List.of());
    private static final CellResult LOST = new CellResult.Finished(
            GRACEFUL,
            new Ledger.Audit(1025, 1024, Map.of(Outcome.WRITTEN, 1025L), 1, List.of()),
            CloseEnding.CLEAN,
            Duration.ofMillis(320),
            false,
            List.of("the close was clean, yet #7 did not arrive"));
    private static final CellResult FAILED = new CellResult.Failed(GRACEFUL, "a step did not end within PT1S");

    @Test
    void theTableHasARowForEachRun() {
        List<String> table = new Comparison(List.of(DROPPED, LOST, FAILED)).table();

        assertEquals(
                List.of(
                        "transport  policy    scenario          reader   accepted  delivered  DELIVERED  WRITTEN"
                                + "  UNCERTAIN  UNSENT  DISCARDED  EXPIRED  silently lost  clean       ending  close ms"
                                + "  balanced",
                        "---------  --------  ----------------  -------  --------  ---------  ---------  -------"
                                + "  ---------  ------  ---------  -------  -------------  -----  -----------  --------"
                                + "  --------",
                        "nio        drop      proof-of-concept  fast          100          5          0        6"
                                + "          0       0         94        0              1     no  UNCONFIRMED         1"
                                + "       yes",
                        "nio        graceful  backlog-1024      talking      1025       1024          0     1025"
                                + "          0       0          0        0              1    yes        CLEAN       320"
                                + "        NO",
                        "nio        graceful  backlog-1024      talking    FAILED",
                        ""),
                table.subList(0, 6));
    }

    @Test
    void faultsFollowTheTable() {
        List<String> table = new Comparison(List.of(DROPPED, LOST, FAILED)).table();

        assertEquals(
                List.of(
                        "FAULT in nio graceful backlog-1024 talking: the close was clean, yet #7 did not arrive",
                        "FAULT in nio graceful backlog-1024 talking: a step did not end within PT1S"),
                table.subList(table.size() - 2, table.size()));
    }

    @Test
    void oneFaultyOrFailedRunFailsTheComparison() {
        assertTrue(new Comparison(List.of(DROPPED)).passed());
        assertFalse(new Comparison(List.of(DROPPED, LOST)).passed());
        assertFalse(new Comparison(List.of(DROPPED, FAILED)).passed());
    }

    @Test
    void theJsonSaysTheSame() throws Exception {
        JsonNode json = new ObjectMapper().readTree(new Comparison(List.of(DROPPED, LOST, FAILED)).json());

        assertFalse(json.get("passed").booleanValue());
        assertEquals(3, json.get("cells").size());
        JsonNode dropped = json.get("cells").get(0);
        assertEquals(new ObjectMapper().readTree("""
                                {"transport": "nio", "policy": "drop", "scenario": "proof-of-concept",
                                 "reader": "fast", "accepted": 100, "delivered": 5,
                                 "outcomes": {"DELIVERED": 0, "WRITTEN": 6, "UNCERTAIN": 0, "UNSENT": 0,
                                              "DISCARDED": 94, "EXPIRED": 0},
                                 "silentlyLost": 1, "clean": false, "ending": "UNCONFIRMED", "closeMillis": 1.5,
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
