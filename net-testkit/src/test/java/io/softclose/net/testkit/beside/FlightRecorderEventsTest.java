/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.beside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.SendResult;
import io.softclose.net.jfr.FlightRecorderEvents;
import io.softclose.net.testkit.beside.Town.Citizen;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a recording has of a network. */
class FlightRecorderEventsTest {
    private static final Duration WAIT = Duration.ofSeconds(1);

    @RegisterExtension
    final Town town = new Town(11);

    @TempDir
    Path directory;

    @Test
    void aRecordingHasEachConnectionFromItsOpeningToItsAccount() throws Exception {
        FlightRecorderEvents events = town.closing(new FlightRecorderEvents());
        Citizen us = town.citizen("us", builder -> builder.addEvents(events));
        Citizen them = town.citizen(
                "them",
                builder -> builder.handle(Town.PROTOCOL, (connection, message) -> {
                            throw new IllegalStateException("deliberate");
                        })
                        .addEvents(events));
        them.listens(1);
        List<RecordedEvent> recorded;
        CloseReport report;
        try (Recording recording = new Recording()) {
            recording.enable("io.softclose.ConnectionStatistics").with("period", "everyChunk");
            recording.start();
            Connection connection = us.network.dial(them.id, them.address(1));
            town.sim.runUntil(connection.opened().toCompletableFuture()::isDone, WAIT);
            assertEquals(SendResult.ACCEPTED, connection.send(Message.of(Town.PROTOCOL, 0, new byte[3])));
            town.pass(WAIT);
            try (Recording newChunk = new Recording()) {
                // Its start begins a chunk for both, and each chunk has the statistics.
                newChunk.start();
            }
            connection.abort();
            town.pass(WAIT);
            report = us.reports.get(0);
            recording.stop();
            recorded = eventsOf(recording);
        }

        RecordedEvent closed = only(recorded, "ConnectionClosed", us);
        assertEquals(report.ending().name(), closed.getString("ending"));
        assertEquals(report.reason().name(), closed.getString("reason"));
        assertEquals(1, closed.getLong("accepted"));
        assertEquals(report.account().count(Outcome.WRITTEN), closed.getLong("written"));
        assertTrue(only(recorded, "ConnectionOpened", us).getBoolean("proven"));
        assertEquals("OUTBOUND", only(recorded, "ConnectionOpened", us).getString("direction"));
        assertEquals(
                IllegalStateException.class.getName(),
                only(recorded, "CallbackFailed", them).getClass("thrownClass").getName());
        assertTrue(recorded.stream()
                .filter(event -> isNamed(event, "ConnectionStatistics"))
                .anyMatch(event -> event.getLong("sentFrames") == 1));
    }

    @Test
    void whatIsClosedIsAskedForNoStatistics() throws Exception {
        FlightRecorderEvents events = new FlightRecorderEvents();
        Citizen us = town.citizen("us", builder -> builder.addEvents(events));
        Citizen them = town.citizen("them").listens(1);
        Connection connection = us.network.dial(them.id, them.address(1));
        town.sim.runUntil(connection.opened().toCompletableFuture()::isDone, WAIT);
        events.close();
        events.close();

        try (Recording recording = new Recording()) {
            recording.enable("io.softclose.ConnectionStatistics").with("period", "everyChunk");
            recording.start();
            recording.stop();

            assertEquals(List.of(), eventsOf(recording));
        }
    }

    private List<RecordedEvent> eventsOf(Recording recording) throws IOException {
        Path file = directory.resolve("recording.jfr");
        recording.dump(file);
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().startsWith("io.softclose."))
                .toList();
    }

    /** The event of that name which a node has of the other one. */
    private RecordedEvent only(List<RecordedEvent> recorded, String name, Citizen of) {
        List<RecordedEvent> found = recorded.stream()
                .filter(event -> isNamed(event, name))
                .filter(event -> !event.getString("peer").equals(of.id.toString()))
                .toList();
        assertEquals(1, found.size(), () -> name + " in " + recorded);
        return found.get(0);
    }

    private static boolean isNamed(RecordedEvent event, String name) {
        return event.getEventType().getName().equals("io.softclose." + name);
    }
}
