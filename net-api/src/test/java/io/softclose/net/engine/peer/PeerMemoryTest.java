/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.NetworkEvents;
import io.softclose.net.Outcome;
import io.softclose.net.PeerReport;
import io.softclose.net.ProtocolId;
import io.softclose.net.SendResult;
import io.softclose.net.engine.connection.HandNetwork;
import io.softclose.net.engine.connection.PeerConnection;
import io.softclose.net.engine.connection.Registry;
import io.softclose.net.engine.outbox.Envelope;
import io.softclose.net.engine.peer.PeerScene.Talk;
import io.softclose.net.engine.stream.InputBudget;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Want of memory, and listeners that throw, in the middle of what a peer's messages go through: none is lost, none goes twice. */
class PeerMemoryTest {
    private final PeerScene scene = new PeerScene();

    @Test
    void aHandOverThatLacksMemoryIsNotMadeTwice() {
        Watched watched = new Watched(scene.peers, false);
        Talk first = scene.connect(watched);
        first.link().shut();
        assertEquals(SendResult.ACCEPTED, scene.send("a"));
        scene.run();
        Talk second = scene.connect();

        var unused = first.connection().abort();
        scene.lackMemoryForTasks(5);
        scene.run();

        assertEquals(List.of("a WRITTEN"), scene.heard);
        assertEquals(1, watched.handOvers);
        assertEquals(1, second.connection().account().total().accepted());
        assertEquals(1, scene.peer().account().handedOver());
        assertEquals(1, first.connection().account().count(Outcome.HANDED_OVER));
    }

    /** As when memory does not come back for long. */
    @Test
    void whatNobodyCouldBeToldOfIsSeenToWithTheNextMessage() {
        Talk first = scene.connect(new Watched(scene.peers, true));
        first.link().shut();
        assertEquals(SendResult.ACCEPTED, scene.send("a"));
        scene.run();
        scene.connect();
        var unused = first.connection().abort();
        scene.run();
        assertEquals(List.of(), scene.heard);

        assertEquals(SendResult.ACCEPTED, scene.send("b"));
        scene.run();

        assertEquals(List.of("a WRITTEN", "b WRITTEN"), scene.heard);
    }

    @Test
    void aMessageThatNobodyCouldTimeIsNotAccepted() {
        scene.lackMemoryForTasks(1);

        assertThrows(OutOfMemoryError.class, () -> scene.send("a"));

        assertEquals(0, scene.peer().account().waiting());
        assertEquals(0, scene.peer().account().messages().total().accepted());
        assertEquals(SendResult.ACCEPTED, scene.send("b"));
        scene.pass(Duration.ofSeconds(10));
        assertEquals(List.of("b UNSENT"), scene.heard);
    }

    @Test
    void whatWaitsIsTimedThoughATimerCouldNotBeMade() {
        assertEquals(SendResult.ACCEPTED, scene.send("a", Duration.ofSeconds(1)));
        assertEquals(SendResult.ACCEPTED, scene.send("b", Duration.ofSeconds(3)));
        scene.run();
        scene.lackMemoryForTimers(3);

        scene.pass(Duration.ofSeconds(1));
        assertEquals(List.of("a UNSENT"), scene.heard);
        scene.pass(Duration.ofSeconds(2));

        assertEquals(List.of("a UNSENT", "b UNSENT"), scene.heard);
    }

    @Test
    void aClockThatNeverGetsItsTimersRestsUntilSomebodyComes() {
        assertEquals(SendResult.ACCEPTED, scene.send("a", Duration.ofSeconds(1)));
        scene.lackMemoryForTimers(Integer.MAX_VALUE);
        scene.run();
        scene.lackMemoryForTimers(0);

        assertEquals(SendResult.ACCEPTED, scene.send("b", Duration.ofSeconds(3)));
        scene.pass(Duration.ofSeconds(1));

        assertEquals(List.of("a UNSENT"), scene.heard);
    }

    @Test
    void aListenerThatThrowsKeepsNothingElseFromItsOutcome() {
        Error deliberate = new OutOfMemoryError("deliberate");
        assertEquals(
                SendResult.ACCEPTED,
                scene.peer().send(PeerScene.message("a"), (message, outcome) -> throwIt(deliberate)));
        assertEquals(SendResult.ACCEPTED, scene.send("b"));
        scene.peers.shut();

        List<PeerReport> reports = scene.peers.end();

        assertEquals(List.of("b UNSENT"), scene.heard);
        assertEquals(2, reports.get(0).returned().size());
        assertTrue(reports.get(0).account().balanced());
    }

    @Test
    void whoeverCannotBeToldOfRoomForWantOfMemoryIsToldSoAndDoesNotWait() {
        List<String> told = new ArrayList<>();
        scene.connect();
        scene.lackMemoryForTasks(1);

        assertThrows(OutOfMemoryError.class, () -> scene.peer().onRoom(PeerScene.message("x"), () -> told.add("room")));
        scene.run();

        assertEquals(List.of(), told);
        scene.peer().onRoom(PeerScene.message("x"), () -> told.add("again"));
        scene.run();
        assertEquals(List.of("again"), told);
    }

    @Test
    void whoeverWaitsForRoomIsToldThoughThereIsNoMemoryForThat() {
        List<String> told = new ArrayList<>();
        assertEquals(SendResult.ACCEPTED, scene.send("a", Duration.ofSeconds(1)));
        assertEquals(SendResult.ACCEPTED, scene.send("b", Duration.ofSeconds(3)));
        scene.peer().onRoom(PeerScene.message("x"), () -> told.add("room"));
        scene.run();
        scene.lackMemoryForTasks(1);

        scene.pass(Duration.ofSeconds(1));

        assertEquals(List.of("room"), told);
    }

    private static void throwIt(Error error) {
        throw error;
    }

    @Test
    void whoeverWaitedForTheEndOfADuplicateGoesOnOnceThereIsMemory() {
        List<String> arrived = new ArrayList<>();
        PeerScene proven = new PeerScene(new NetworkEvents() {
            @Override
            public void unhandled(Connection connection, ProtocolId protocol) {
                arrived.add("m");
            }
        });
        Talk older = proven.connect();
        Talk newer = proven.connect();
        Duplicates duplicates = new Duplicates(true, () -> 2);
        duplicates.opened(older.connection());
        duplicates.opened(newer.connection());
        proven.run();
        newer.connection().linkHandler().onRead(frameOf("m"));
        proven.run();
        assertEquals(List.of(), arrived);

        proven.lackMemoryForTasks(1);
        assertThrows(OutOfMemoryError.class, () -> duplicates.ended(older.connection()));
        duplicates.ended(older.connection());
        duplicates.ended(older.connection());
        proven.run();

        assertEquals(List.of("m"), arrived);
    }

    /** A direct send as it is on the wire. */
    private static ByteBuffer frameOf(String label) {
        byte[] payload = label.getBytes(StandardCharsets.US_ASCII);
        byte protocol = (byte) HandNetwork.MESSAGE.protocol().id();
        byte[] head = {0, 3, protocol, 0, (byte) payload.length};
        ByteBuffer frame = ByteBuffer.allocate(Integer.BYTES + head.length + payload.length);
        frame.putInt(head.length + payload.length).put(head).put(payload);
        return frame.flip();
    }

    /** As peers; counts hand-overs, which may be followed by nothing. */
    private static final class Watched implements Registry {
        private final Peers peers;
        private final boolean forgets;
        private int handOvers;

        Watched(Peers peers, boolean forgets) {
            this.peers = peers;
            this.forgets = forgets;
        }

        @Override
        public InputBudget inputBudget() {
            return peers.inputBudget();
        }

        @Override
        public boolean opens(PeerConnection connection) {
            return peers.opens(connection);
        }

        @Override
        public void identified(PeerConnection connection) {
            peers.identified(connection);
        }

        @Override
        public void opened(PeerConnection connection) {
            peers.opened(connection);
        }

        @Override
        public void handsOver(PeerConnection connection, List<List<Envelope>> byLane) {
            handOvers++;
            peers.handsOver(connection, byLane);
        }

        @Override
        public void handedOver(PeerConnection connection) {
            if (!forgets) {
                peers.handedOver(connection);
            }
        }

        @Override
        public void told(PeerConnection connection, @Nullable CloseReport report) {}
    }
}
