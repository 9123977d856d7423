/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.softclose.bench.ExitCode;
import io.softclose.bench.Origin;
import io.softclose.bench.cli.Invocation;
import io.softclose.bench.compare.CellResult.Finished;
import io.softclose.net.CloseEnding;
import io.softclose.net.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** The comparison on real sockets. */
class CompareTest {
    private final CellRunner runner = new CellRunner(Duration.ofSeconds(60));

    @ParameterizedTest
    @EnumSource(value = Reader.class, mode = Mode.EXCLUDE, names = "TALKING")
    void dropDeliversAFewAndReportsExactlyTheRestAsDiscarded(Reader reader) throws Exception {
        Finished result = run("drop", Scenario.PROOF_OF_CONCEPT, reader);

        long discarded = result.audit().count(Outcome.DISCARDED);
        assertTrue(discarded > 0, result.toString());
        assertEquals(100 - discarded, result.audit().count(Outcome.WRITTEN));
        assertEquals(100 - discarded, result.audit().delivered());
        assertEquals(CloseEnding.UNCONFIRMED, result.ending());
        assertFalse(result.lossless());
    }

    @Test
    void dropNeverClaimsThatATalkingPeerHasEverything() throws Exception {
        Finished result = run("drop", Scenario.PROOF_OF_CONCEPT, Reader.TALKING);

        long written = result.audit().count(Outcome.WRITTEN);
        assertEquals(100 - written, result.audit().count(Outcome.DISCARDED));
        assertEquals(written - result.audit().delivered(), result.audit().silentlyLost());
        assertEquals(CloseEnding.UNCONFIRMED, result.ending());
    }

    @ParameterizedTest
    @EnumSource(Reader.class)
    void timedDrainDeliversWhatItsTimeAllowsAndReturnsTheRest(Reader reader) throws Exception {
        Finished result = run("timed-drain", Scenario.PROOF_OF_CONCEPT, reader);

        long unsent = result.audit().count(Outcome.UNSENT);
        assertTrue(unsent > 0, result.toString());
        assertEquals(100 - unsent, result.audit().count(Outcome.WRITTEN));
        assertEquals(100 - unsent, result.audit().delivered());
        assertEquals(0, result.audit().silentlyLost());
    }

    @ParameterizedTest
    @EnumSource(Reader.class)
    void gracefulDeliversEverything(Reader reader) throws Exception {
        assertEverythingDelivered(run("graceful", Scenario.PROOF_OF_CONCEPT, reader));
    }

    @ParameterizedTest
    @EnumSource(Reader.class)
    void gracefulDeliversABacklogWithAStreamedMessage(Reader reader) throws Exception {
        assertEverythingDelivered(run("graceful", Scenario.BACKLOG_1024, reader));
    }

    @Test
    void gracefulDeliversMoreThanTheKernelHoldsToAPeerThatTalks() throws Exception {
        assertEverythingDelivered(run("graceful", Scenario.BACKLOG_100000, Reader.TALKING));
    }

    @Test
    void dropAnswersForEveryMessageOfABacklog() throws Exception {
        Finished result = run("drop", Scenario.BACKLOG_100000, Reader.TALKING);

        long sum = result.audit().outcomes().values().stream()
                .mapToLong(Long::longValue)
                .sum();
        assertEquals(100_000, result.audit().accepted());
        assertEquals(100_000, sum);
        assertEquals(CloseEnding.UNCONFIRMED, result.ending());
    }

    @Test
    void theCommandPrintsTheTableAndWritesTheSameAsJson(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("result.json");

        Invocation invocation = Invocation.of(
                "compare",
                "--scenario",
                "proof-of-concept",
                "--reader",
                "fast,talking",
                "--policy",
                "drop,graceful",
                "--transport",
                "nio",
                "--json",
                file.toString());

        assertEquals(ExitCode.OK.code(), invocation.exitCode(), invocation.out());
        List<String> lines = invocation.out().lines().toList();
        assertEquals("nio, proof-of-concept", lines.get(0));
        assertEquals(
                List.of("fast drop", "fast graceful", "talking drop", "talking graceful"),
                lines.subList(3, 7).stream()
                        .map(line -> line.split("\\s+"))
                        .map(cells -> cells[0] + " " + cells[1])
                        .toList());
        assertEquals(
                4, invocation.err().lines().filter(line -> line.startsWith("[")).count());
        JsonNode json = new ObjectMapper().readTree(file.toFile());
        assertTrue(json.get("passed").booleanValue());
        assertEquals(4, json.get("cells").size());
    }

    @Test
    void aPathDelaysAndADeadlineEnds() throws Exception {
        Scenario few = new Scenario("few", 10, 100, 0, Optional.empty(), List.of(Scenario.PROTOCOL), Duration.ZERO);
        Duration rtt = Duration.ofMillis(300);
        CloseConditions distant =
                new CloseConditions(Optional.empty(), Optional.of(rtt), Optional.of(1_000_000L), Optional.empty());
        CloseConditions hurried = new CloseConditions(
                Optional.of(Duration.ofMillis(200)), Optional.empty(), Optional.empty(), Optional.empty());

        Finished all = (Finished) runner.run(new Cell("nio", "graceful", few, Reader.FAST, distant));
        Finished some = (Finished) runner.run(new Cell("nio", "graceful", Scenario.MIXED, Reader.FAST, hurried));

        assertEquals(List.of(), all.faults());
        assertEquals(10, all.audit().delivered());
        // A clean close is our end there, and the peer's back.
        assertTrue(all.closeTime().compareTo(rtt) >= 0, all.toString());
        assertEquals(List.of(), some.faults());
        assertTrue(some.audit().count(Outcome.UNSENT) > 0, some.toString());
        assertEquals(200 - some.audit().delivered(), some.audit().lost());
    }

    @Test
    void aTimelineBeginsAtTheCallAndEndsWithTheReport() throws Exception {
        Cell cell = new Cell(
                "nio",
                "consensus-priority",
                Scenario.MIXED,
                Reader.FAST,
                new CloseConditions(
                        Optional.of(Duration.ofMillis(400)), Optional.empty(), Optional.empty(), Optional.empty()));
        TimelineRecorder recorder = new TimelineRecorder();

        Finished result = (Finished) new CellRunner(Duration.ofSeconds(60), recorder).run(cell);

        JsonNode timeline = new ObjectMapper()
                .readTree(recorder.json(cell, Origin.of(List.of("compare"))).orElseThrow())
                .get("timeline");
        JsonNode states = timeline.get("states");
        assertEquals(0, states.get(0).get("atMillis").doubleValue());
        JsonNode last = states.get(states.size() - 1);
        assertEquals("CLOSED", last.get("state").textValue());
        assertEquals(
                timeline.get("closeMillis").doubleValue(), last.get("atMillis").doubleValue());
        assertEquals(
                "drain critical, recoverable, bulk",
                timeline.get("decisions").get(0).get("decision").textValue());
        long written = 0;
        for (JsonNode lane : timeline.get("lanes")) {
            JsonNode course = lane.get("course");
            assertEquals(0, course.get(0).get("written").longValue());
            assertEquals(0, course.get(course.size() - 1).get("pending").longValue());
            double before = 0;
            for (JsonNode step : course) {
                assertTrue(step.get("atMillis").doubleValue() >= before, course.toString());
                before = step.get("atMillis").doubleValue();
            }
            written += lane.get("outcomes").get("WRITTEN").longValue();
        }
        assertEquals(result.audit().count(Outcome.WRITTEN), written);
    }

    private Finished run(String policy, Scenario scenario, Reader reader) throws InterruptedException {
        CellResult result = runner.run(new Cell("nio", policy, scenario, reader));
        assertEquals(List.of(), result.faults());
        return (Finished) result;
    }

    private static void assertEverythingDelivered(Finished result) {
        long count = result.cell().scenario().count();
        assertEquals(count, result.audit().accepted());
        assertEquals(count, result.audit().delivered());
        assertEquals(count, result.audit().count(Outcome.WRITTEN));
        assertTrue(result.clean(), result.toString());
        assertTrue(result.lossless(), result.toString());
        assertTrue(result.balanced(), result.toString());
    }
}
