/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.softclose.bench.Origin;
import io.softclose.bench.lab.AnyTransport;
import io.softclose.bench.lab.WanConditions;
import io.softclose.bench.testnet.RunResult.Failed;
import io.softclose.bench.testnet.RunResult.Finished;
import io.softclose.bench.testnet.figures.ChainFigures;
import io.softclose.bench.testnet.figures.NetworkFigures;
import io.softclose.bench.testnet.figures.RoundTimes;
import io.softclose.bench.testnet.node.HandOver;
import io.softclose.bench.testnet.node.TrafficLoad;
import io.softclose.bench.testnet.node.Variant;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How results are told. */
class TestnetComparisonTest {
    private static final TestnetSettings SETTINGS = new TestnetSettings(
            AnyTransport.NIO,
            new WanConditions(Duration.ofMillis(100), Duration.ofMillis(10), 500_000),
            0,
            Duration.ofSeconds(1),
            Duration.ofMillis(250),
            Duration.ofSeconds(1),
            TrafficLoad.of(0),
            Duration.ofSeconds(18),
            new Faults.ByChance(Set.of(Fault.RESETS, Fault.KILLED), Duration.ofSeconds(1)),
            42,
            Placement.ONE_PROCESS);

    @Test
    void theTablesHaveARowForEachRun() {
        TestnetComparison comparison = new TestnetComparison(
                SETTINGS, List.of(finished("drop", List.of()), finished("graceful", List.of())), 2);

        List<String> lines = comparison.tables();
        assertEquals(
                "4 validators, TLS over nio, 100 ms one way and up to 10 more, 4.0 Mbit/s, faults: resets every 1000 ms,"
                        + " killed, 18.0 s each, seed 42",
                lines.get(0));
        assertEquals(
                "drop      on                200     210     900                 3         4         100        7            6     5         2  yes",
                lines.get(4));
        assertEquals(
                "drop      on              110            9             11     22      3       0         12  100 WRITTEN, 10 UNSENT",
                lines.get(9));
        assertTrue(comparison.passed());
        assertEquals(
                "All 2 runs: the validators agreed on every block, and every account balances.",
                lines.get(lines.size() - 1));
    }

    @Test
    void aFaultIsToldWithItsSeed() {
        TestnetComparison comparison =
                new TestnetComparison(SETTINGS, List.of(finished("drop", List.of("two blocks of height 3"))), 1);

        assertFalse(comparison.passed());
        assertTrue(comparison.tables().contains("FAULT in drop with hand-over, seed 42: two blocks of height 3"));
        assertFalse(comparison.tables().stream().anyMatch(line -> line.startsWith("All ")));
    }

    @Test
    void aRunThatFailedIsAFault() {
        TestnetComparison comparison = new TestnetComparison(
                SETTINGS, List.of(new Failed(new Variant("drop", HandOver.OFF), "no block within 60 s")), 1);

        assertFalse(comparison.passed());
        assertTrue(comparison.tables().contains("FAULT in drop without hand-over, seed 42: no block within 60 s"));
    }

    @Test
    void whatWasInterruptedSaysSo() {
        TestnetComparison comparison = new TestnetComparison(SETTINGS, List.of(finished("drop", List.of())), 8);

        assertTrue(comparison.interrupted());
        assertTrue(comparison.tables().contains("INTERRUPTED after 1 of 8 runs."));
    }

    @Test
    void theJsonHasWhatTheTablesHave() throws Exception {
        JsonNode json = new ObjectMapper()
                .readTree(new TestnetComparison(SETTINGS, List.of(finished("drop", List.of("a fault"))), 1)
                        .json(new Origin("java -jar benchmarks.jar testnet", Instant.EPOCH)));

        assertFalse(json.get("passed").booleanValue());
        assertEquals("java -jar benchmarks.jar testnet", json.get("command").textValue());
        assertEquals("1970-01-01T00:00:00Z", json.get("at").textValue());
        assertEquals(42, json.get("settings").get("seed").longValue());
        assertEquals(2, json.get("settings").get("faults").size());
        JsonNode run = json.get("runs").get(0);
        assertEquals("drop", run.get("policy").textValue());
        assertTrue(run.get("handOver").booleanValue());
        assertEquals(60, run.get("rounds").longValue());
        assertEquals(200, run.get("roundMillis").get("p50").doubleValue());
        assertEquals(900, run.get("correctedRoundMillis").get("p99").doubleValue());
        JsonNode share = run.get("correctedRoundMillis").get("distribution").get(0);
        assertEquals(98.5, share.get("percent").doubleValue());
        assertEquals(850, share.get("millis").doubleValue());
        assertEquals(5, run.get("votes").get("lost").longValue());
        assertEquals(2, run.get("votes").get("silent").longValue());
        assertEquals(6, run.get("votes").get("handedOver").longValue());
        assertEquals(8, run.get("votes").get("handOvers").longValue());
        assertEquals(10, run.get("outcomes").get("UNSENT").longValue());
        assertEquals(3, run.get("closes").get("STALE_CONNECTION").longValue());
        assertEquals("a fault", run.get("faults").get(0).textValue());
    }

    private static Finished finished(String policy, List<String> faults) {
        return new Finished(
                new Variant(policy, HandOver.ON),
                new ChainFigures(
                        Duration.ofSeconds(18),
                        60,
                        58,
                        new RoundTimes(
                                Duration.ofMillis(200), Duration.ofMillis(700), Duration.ofMillis(1000), List.of()),
                        new RoundTimes(
                                Duration.ofMillis(210),
                                Duration.ofMillis(900),
                                Duration.ofMillis(1000),
                                List.of(new RoundTimes.Share(98.5, Duration.ofMillis(850)))),
                        3,
                        4,
                        new ChainFigures.Votes(100, 7, 6, 8, 5, OptionalLong.of(2), 0)),
                new NetworkFigures(
                        110,
                        Map.of(Outcome.WRITTEN, 100L, Outcome.UNSENT, 10L),
                        9,
                        11,
                        Map.of(
                                DisconnectReason.INPUT_OUTPUT_ERROR,
                                22L,
                                DisconnectReason.STALE_CONNECTION,
                                3L,
                                DisconnectReason.DUPLICATE_CONNECTION,
                                12L)),
                faults.isEmpty(),
                true,
                faults,
                List.of());
    }
}
