/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.report.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.report.Fixtures;
import io.softclose.net.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that commands have really written are read to the last figure, and others are refused with what is wrong with them. */
class ResultReaderTest {
    private static final String EXPECTED =
            " (expected: what compare --json, compare --timeline, testnet --json or JMH's -rf json has written)";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
                    ``;                          empty
                    []; an array without benchmarks
                    7; a single value
                    {}; an object without fields
                    {"a":1,"b":[],"c":{}}; an object with a, b, c
                    {"settings":{"nodes":3},"runs":[{"over":"local"}]}; what raft has measured
                    """)
    void whatNobodyHasWrittenIsRefused(String content, String found) throws IOException {
        assertEquals("r.json: " + found + EXPECTED, complaint(content));
    }

    @Test
    void aFileThatIsCutOffSaysWhere() throws IOException {
        String whole = Files.readString(Fixtures.TESTNET);

        assertEquals("r.json: cut off at line 1, column 101" + EXPECTED, complaint(whole.substring(0, 100)));
    }

    @Test
    void whatIsNoJsonSaysWhere() throws IOException {
        assertTrue(complaint("policy  arrived").startsWith("r.json: not JSON at line 1, column "), complaint("policy"));
        assertTrue(complaint("{\"cells\": [], \"cells\": []}").contains("Duplicate"), "two fields of one name");
        assertTrue(complaint("{} {}").startsWith("r.json: not JSON"), "two documents");
    }

    @Test
    void aFileThatIsNotThereOrAFolderIsRefused() {
        Path absent = directory.resolve("absent.json");

        assertEquals("absent.json: not there" + EXPECTED, refusal(absent));
        assertTrue(refusal(directory).endsWith(": no file" + EXPECTED));
    }

    @Test
    void aFileThatIsTooLongIsNotRead() throws IOException {
        String complaint = complaint("[" + " ".repeat(ResultReader.MOST_BYTES) + "]");

        assertEquals("r.json: longer than 16777216 bytes (expected: at most that)", complaint);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
                    "rounds":         ; "rounds2":          ; runs[0].rounds: missing (expected: a count)
                    "accepted":       ; "accepted":-        ; runs[0].accepted: -* (expected: a count)
                    "policy":"drop"   ; "policy":17         ; runs[0].policy: 17 (expected: text)
                    "safe":true       ; "safe":"yes"        ; runs[0].safe: "yes" (expected: true or false)
                    "votes":{         ; "votes":17,"was":{  ; runs[0].votes: 17 (expected: an object)
                    "UNSENT":         ; "UNSEEN":           ; runs[0].outcomes.UNSEEN: no outcome (expected: one of DELIVERED, *
                    "command":        ; "order":            ; command: missing (expected: text)
                    """)
    void aFieldThatIsMissingOrWrongIsNamed(String field, String instead, String complaint) throws IOException {
        String broken = Files.readString(Fixtures.TESTNET).replaceFirst(Pattern.quote(field), instead);

        String said = complaint(broken);
        String[] parts = ("r.json: " + complaint).split("\\*", -1);
        assertTrue(said.startsWith(parts[0]) && said.contains(parts[parts.length - 1]), said);
    }

    @Test
    void aLongValueIsShownInPart() throws IOException {
        String complaint = complaint("{\"runs\": \"" + "x".repeat(1_000) + "\"}");

        assertTrue(complaint.length() < 200, complaint);
    }

    @Test
    void everyFigureOfATestNetworkIsRead() throws BadResultException {
        TestnetResult result = (TestnetResult) ResultReader.read(Fixtures.TESTNET);

        assertEquals("testnet.json", result.file());
        assertTrue(result.facts().command().startsWith("java -jar benchmarks.jar testnet "), result.toString());
        assertEquals("3", result.facts().conditions().get("seed"));
        assertEquals("2 ms", result.facts().conditions().get("latency"));
        assertEquals(4, result.runs().size());
        for (TestnetResult.Run run : result.runs()) {
            TestnetResult.Figures figures = run.figures().orElseThrow();
            long ended = figures.outcomes().values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            assertEquals(figures.accepted(), ended);
            List<TestnetResult.Share> shares = figures.corrected().distribution();
            assertEquals(100, shares.get(shares.size() - 1).percent());
            assertEquals(
                    figures.corrected().longest(), shares.get(shares.size() - 1).millis());
        }
    }

    @Test
    void everyFigureOfAComparisonIsRead() throws BadResultException {
        CompareResult result = (CompareResult) ResultReader.read(Fixtures.COMPARE);

        CompareResult.Cell first = result.cells().get(1);
        assertEquals("drop", first.policy());
        assertEquals("proof-of-concept", first.scenario());
        CompareResult.Figures figures = first.figures().orElseThrow();
        assertEquals(100, figures.accepted());
        assertEquals(figures.accepted(), figures.delivered() + figures.lost());
        assertEquals(figures.lost(), figures.outcomes().getOrDefault(Outcome.DISCARDED, 0L) + figures.silentlyLost());
    }

    @Test
    void aRunThatFailedHasNoFigures() throws Exception {
        Path file = directory.resolve("c.json");
        Files.writeString(file, """
                {"interrupted": true, "command": "c", "at": "a", "java": "j", "os": "o", "arch": "x", "processors": 2,
                 "cells": [{"transport": "nio", "policy": "drop", "scenario": "s", "reader": "fast", "faults": ["why"]}]}
                """);

        CompareResult result = (CompareResult) ResultReader.read(file);

        assertEquals(Optional.empty(), result.cells().get(0).figures());
        assertEquals(List.of("why"), result.cells().get(0).faults());
        assertTrue(result.interrupted());
    }

    @Test
    void everyScoreOfJmhIsRead() throws BadResultException {
        JmhResult result = (JmhResult) ResultReader.read(Fixtures.JMH);

        JmhResult.Score first = result.scores().get(0);
        assertEquals("OutboxBenchmark.fourProducers", first.benchmark());
        assertEquals("thrpt", first.mode());
        assertTrue(first.score() > 0, first.toString());
        assertTrue(result.facts().command().startsWith("java -jar benchmarks.jar OutboxBenchmark."), result.toString());
    }

    @Test
    void anErrorThatJmhDoesNotKnowIsNone() throws Exception {
        Path file = directory.resolve("j.json");
        Files.writeString(
                file,
                Files.readString(Fixtures.JMH).replaceFirst("\"scoreError\" : [^,]+,", "\"scoreError\" : \"NaN\","));

        JmhResult result = (JmhResult) ResultReader.read(file);

        assertEquals(Optional.empty(), result.scores().get(0).error());
    }

    @Test
    void everyStepOfATimelineIsRead() throws BadResultException {
        TimelineResult result = (TimelineResult) ResultReader.read(Fixtures.TIMELINE);

        assertEquals(
                List.of("critical", "recoverable", "bulk"),
                result.lanes().stream().map(TimelineResult.Lane::name).toList());
        for (TimelineResult.Lane lane : result.lanes()) {
            Map<Outcome, Long> outcomes = lane.outcomes();
            assertEquals(
                    lane.accepted(),
                    outcomes.values().stream().mapToLong(Long::longValue).sum());
            assertEquals(0, lane.course().get(lane.course().size() - 1).pending());
        }
        assertEquals("CLOSED", result.states().get(result.states().size() - 1).what());
    }

    @Test
    void aFieldsNameSaysItsUnit() {
        assertEquals(new Quantity("health interval", "ms"), Quantity.of("healthIntervalMillis"));
        assertEquals(new Quantity("bandwidth", "B/s"), Quantity.of("bandwidthBytesPerSecond"));
        assertEquals(new Quantity("rate", "B/s"), Quantity.of("bytesPerSecond"));
        assertEquals("seed", Quantity.of("seed").inWords());
        assertEquals("5 ms", Quantity.of("stallMillis").with("5"));
    }

    private String complaint(String content) throws IOException {
        Path file = directory.resolve("r.json");
        Files.writeString(file, content);
        return refusal(file);
    }

    private static String refusal(Path file) {
        return String.valueOf(assertThrows(BadResultException.class, () -> ResultReader.read(file))
                .getMessage());
    }
}
