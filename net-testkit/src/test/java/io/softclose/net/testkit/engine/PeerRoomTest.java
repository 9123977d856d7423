/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.frameSize;
import static io.softclose.net.testkit.engine.Messages.inLane;
import static io.softclose.net.testkit.engine.Messages.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.Connection.RoomWait;
import io.softclose.net.Message;
import io.softclose.net.Peer;
import io.softclose.net.PeerId;
import io.softclose.net.SendResult;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.ClosePlan.Admission;
import io.softclose.net.spi.Lane;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Waiting for room for a message to a peer: with a connection, without one, and from one to the next. */
class PeerRoomTest {
    private static final PeerId PEER = PeerId.parse("ab".repeat(PeerId.LENGTH));

    @RegisterExtension
    final Node node = new Node().addressesPeers().limits(limits -> limits.outboxMessages(4));

    private final List<String> told = new ArrayList<>();

    private Peer peer() {
        return node.network().peer(PEER);
    }

    private SendResult send(String label) {
        return peer().send(message(label), (message, outcome) -> {});
    }

    private void assertAccepted(Message message, Duration wait) {
        assertEquals(SendResult.ACCEPTED, peer().send(message, (ended, outcome) -> {}, wait));
    }

    /** Sends until the peer's lane is full. */
    private void fill() {
        int sent = 0;
        while (send("fill").accepted()) {
            sent++;
        }
        assertTrue(sent > 0, "was full");
    }

    private RoomWait await(String who) {
        return await(who, message("x"));
    }

    private RoomWait await(String who, Message message) {
        return peer().onRoom(message, () -> told.add(who));
    }

    /** A connection whose lane is full, and whose peer takes nothing. */
    private Conversation fullOfFour() {
        Conversation talk = node.connect(PEER);
        talk.peerTakes(0);
        fill();
        assertEquals(SendResult.OUTBOX_FULL, send("more"));
        return talk;
    }

    private void fail(Conversation talk) {
        talk.link.fail(new IOException("cut"));
        node.run();
    }

    @Test
    void withAConnectionRoomIsToldOnceItsLaneIsHalfFull() {
        Conversation talk = fullOfFour();

        peer().onRoom(message("x"), () -> told.add("on loop " + node.loop.inEventLoop()));
        talk.peerTakes(frameSize(message("fill")));
        assertEquals(List.of(), told);
        talk.peerTakes(frameSize(message("fill")));

        assertEquals(List.of("on loop true"), told);
        assertEquals(SendResult.ACCEPTED, send("x"));
        talk.peerTakes(Long.MAX_VALUE);
        assertEquals(1, told.size(), "told once");
    }

    @Test
    void withoutAConnectionRoomIsToldOnceWhatWaitsIsHalfOfWhatMay() {
        for (int seconds = 1; seconds <= 4; seconds++) {
            assertAccepted(message("a"), Duration.ofSeconds(seconds));
        }
        assertEquals(SendResult.OUTBOX_FULL, send("more"));

        peer().onRoom(message("x"), () -> told.add("on loop " + node.loop.inEventLoop()));
        node.pass(Duration.ofSeconds(1));
        assertEquals(List.of(), told);
        node.pass(Duration.ofSeconds(1));

        assertEquals(List.of("on loop true"), told);
        node.pass(Duration.ofSeconds(2));
        assertEquals(1, told.size(), "told once");
    }

    @Test
    void roomThatIsThereIsToldOnTheNextTurnOfTheLoop() {
        await("without");
        assertEquals(List.of(), told);
        node.run();
        assertEquals(List.of("without"), told);
        node.connect(PEER);

        await("with");
        assertEquals(1, told.size());
        node.run();

        assertEquals(List.of("without", "with"), told);
    }

    @Test
    void aConnectionThatTakesWhatWaitsMakesRoom() {
        fill();
        await("a");
        node.run();
        assertEquals(List.of(), told);

        node.connect(PEER);

        assertEquals(List.of("a"), told);
    }

    /** Twice as much waits as may, for the first connection has handed over what it had. */
    @Test
    void aConnectionThatTakesSomeOfWhatWaitsMakesRoomOnceHalfIsLeftOfWhatMayWait() {
        Conversation first = fullOfFour();
        var unused = first.connection.abort();
        fill();
        node.run();
        assertEquals(8, peer().account().waiting());
        await("a");
        Conversation second = node.dial(PEER);
        node.run();
        second.link.room(0);
        second.peerShakesHands();
        assertEquals(4, peer().account().waiting());
        assertEquals(List.of(), told);

        second.peerTakes(2L * frameSize(message("fill")));

        assertEquals(2, peer().account().waiting());
        assertEquals(List.of("a"), told);
    }

    /** The lane is full with what has waited, so it is the connection's room that is to come. */
    @Test
    void whoeverWaitedWithoutAConnectionWaitsForTheNextOnesRoom() {
        fill();
        Conversation talk = node.dial(PEER);
        node.run();
        talk.link.room(0);
        await("a");
        talk.peerShakesHands();
        await("b");
        node.run();
        assertEquals(0, peer().account().waiting());
        assertEquals(List.of(), told);

        talk.peerTakes(Long.MAX_VALUE);

        assertEquals(List.of("a", "b"), told);
    }

    @Test
    void whoeverWaitsForAConnectionsRoomIsToldOfThatOfTheNext() {
        Conversation first = fullOfFour();
        await("a");
        fail(first);
        assertEquals(List.of(), told, "what it has left fills what may wait");
        assertEquals(SendResult.OUTBOX_FULL, send("more"));

        Conversation second = node.connect(PEER);
        second.peerTakes(Long.MAX_VALUE);

        assertEquals(List.of("a"), told);
    }

    @Test
    void aConnectionThatClosesMakesRoomForWhatWaits() {
        Conversation first = fullOfFour();
        await("a");
        var unused = first.connection.close();
        node.run();

        assertEquals(List.of("a"), told);
        assertEquals(SendResult.ACCEPTED, send("waits"));
        assertFalse(first.isClosed());
        assertEquals(1, peer().account().waiting());
    }

    /** Its lane is not sealed, and full: but what is sent now waits for the next connection. */
    @Test
    void soDoesOneThatGoesOnAdmittingWhatIsSentToIt() {
        node.policy.plans(Admission.KEEP_OPEN, Duration.ofSeconds(5), Duration.ofSeconds(5));
        node.policy.decides(snapshot -> CloseDecision.drain(snapshot, Duration.ofSeconds(1)));
        Conversation first = fullOfFour();
        await("a");
        var unused = first.connection.close();
        node.run();

        assertEquals(List.of("a"), told);
        assertEquals(SendResult.ACCEPTED, send("waits"));
        first.peerTakes(Long.MAX_VALUE);
        assertEquals(1, told.size(), "told once");
    }

    @Test
    void everyoneWhoWaitsIsToldInOrderWhateverBecomesOfConnections() {
        Conversation first = fullOfFour();
        await("a");
        await("b");
        fail(first);
        await("c");
        node.run();
        assertEquals(List.of(), told);

        node.connect(PEER).peerTakes(Long.MAX_VALUE);

        assertEquals(List.of("a", "b", "c"), told);
    }

    @Test
    void roomIsOfTheMessagesOwnLane() {
        node.policy.lanes(new Lane("urgent", 1, 1000, 1000), new Lane("bulk", 1, 1000, 1000));
        assertAccepted(inLane(1, "bulk"), Duration.ofSeconds(10));

        await("bulk", inLane(1, "x"));
        await("urgent", inLane(0, "x"));
        node.run();
        assertEquals(List.of("urgent"), told);

        node.connect(PEER);
        assertEquals(List.of("urgent", "bulk"), told);
    }

    @Test
    void aMessageOfMoreThanHalfALaneIsToldOfRoomOnceItFits() {
        node.policy.lanes(new Lane("lane", 100, 1000, 1000));
        Message most = Messages.sized("most", 700);
        Message held = Messages.sized("held", 100);
        for (int seconds = 1; seconds <= 4; seconds++) {
            assertAccepted(held, Duration.ofSeconds(seconds));
        }

        peer().onRoom(
                        most,
                        () -> told.add(peer().send(most, (ended, outcome) -> {}).toString()));
        node.run();
        assertEquals(List.of(), told, "less than half full, but it does not fit");
        node.pass(Duration.ofSeconds(1));

        assertEquals(List.of("ACCEPTED"), told);
    }

    @Test
    void whoeverTakesItsActionBackIsNotToldAndLetsOthersBehindItGoOn() {
        node.policy.lanes(new Lane("lane", 100, 1000, 1000));
        assertAccepted(Messages.sized("held", 200), Duration.ofSeconds(10));
        RoomWait wait = await("most of the lane", Messages.sized("most", 900));
        RoomWait behind = await("little");
        node.run();
        assertEquals(List.of(), told, "overtaken");

        assertTrue(wait.cancel());
        node.run();

        assertEquals(List.of("little"), told);
        assertFalse(behind.cancel(), "it has run");
        assertFalse(wait.cancel(), "it was taken back before");
    }

    @Test
    void soItDoesWithAConnection() {
        node.policy.lanes(new Lane("lane", 100, 1000, 1000));
        Conversation talk = node.connect(PEER);
        talk.peerTakes(0);
        assertAccepted(Messages.sized("held", 200), Duration.ofSeconds(10));
        RoomWait wait = await("most of the lane", Messages.sized("most", 900));
        RoomWait behind = await("little");
        node.run();
        assertEquals(List.of(), told, "overtaken");

        assertTrue(wait.cancel());
        node.run();

        assertEquals(List.of("little"), told);
        assertFalse(behind.cancel(), "it has run");
        talk.peerTakes(Long.MAX_VALUE);
        assertEquals(1, told.size());
    }

    /** Whoever gives up leaves nothing behind at the connection either. */
    @Test
    void whoeverTakesItsActionBackKeepsNobodyOfTheConnectionWaiting() {
        node.policy.lanes(new Lane("lane", 100, 1000, 1000));
        Conversation talk = node.connect(PEER);
        talk.peerTakes(0);
        assertAccepted(Messages.sized("held", 200), Duration.ofSeconds(10));
        RoomWait wait = await("most of the lane", Messages.sized("most", 900));
        talk.connection.onRoom(message("x"), () -> told.add("the connection's"));
        node.run();
        assertEquals(List.of(), told, "overtaken");

        assertTrue(wait.cancel());
        node.run();

        assertEquals(List.of("the connection's"), told);
    }

    @Test
    void anActionMaySendAndWaitAgain() {
        Conversation talk = fullOfFour();
        List<String> sent = new ArrayList<>();
        sendAll(new ArrayList<>(List.of("a", "b", "c", "d", "e", "f", "g", "h")), sent);
        fail(talk);
        Conversation second = node.connect(PEER);
        second.peerTakes(Long.MAX_VALUE);

        assertEquals(List.of("a", "b", "c", "d", "e", "f", "g", "h"), sent);
        List<String> received = second.received();
        assertEquals(sent, received.subList(received.size() - 8, received.size()));
    }

    /** Sends one after the other, as there is room. */
    private void sendAll(List<String> rest, List<String> sent) {
        SendResult result = SendResult.ACCEPTED;
        while (!rest.isEmpty() && result.accepted()) {
            result = send(rest.get(0));
            if (result.accepted()) {
                sent.add(rest.remove(0));
            }
        }
        if (!rest.isEmpty()) {
            assertEquals(SendResult.OUTBOX_FULL, result);
            peer().onRoom(message(rest.get(0)), () -> sendAll(rest, sent));
        }
    }

    @Test
    void oneWhoseActionThrowsKeepsNobodyElseFromBeingTold() {
        fill();
        RuntimeException deliberate = new IllegalStateException("deliberate");
        peer().onRoom(message("x"), () -> {
            throw deliberate;
        });
        await("b");

        Conversation talk = node.connect(PEER);
        assertEquals(List.of("b"), told);
        talk.peerTakes(0);
        fill();
        peer().onRoom(message("x"), () -> {
            throw deliberate;
        });
        await("c");
        talk.peerTakes(Long.MAX_VALUE);

        assertEquals(List.of("b", "c"), told);
        node.events.takeFailures();
    }

    @Test
    void aShutdownTellsThoseWhoWaitWithoutAConnection() {
        Peer peer = peer();
        fill();
        peer.onRoom(message("x"), () -> told.add(peer.send(message("late")).toString()));

        var unused = node.network().shutdown();
        node.run();

        assertEquals(List.of("CLOSING"), told);
    }

    /** Others may take long to close. */
    @Test
    void theyAreToldAtOnce() {
        Peer peer = peer();
        Conversation another = node.connect();
        another.peerTakes(0);
        another.sendAll(message("slow"));
        fill();
        peer.onRoom(message("x"), () -> told.add(peer.send(message("late")).toString()));

        node.run();
        assertEquals(List.of(), told);
        var unused = node.network().shutdown();
        node.run();

        assertFalse(another.isClosed());
        assertEquals(List.of("CLOSING"), told);
    }

    @Test
    void aShutdownTellsThoseWhoWaitForAConnectionsRoom() {
        Peer peer = peer();
        fullOfFour();
        peer.onRoom(message("x"), () -> told.add(peer.send(message("late")).toString()));

        var unused = node.network().shutdown();
        node.run();

        assertEquals(List.of("CLOSING"), told);
    }

    @Test
    void whoeverAsksForRoomAfterTheShutdownIsTold() {
        Peer peer = peer();
        var unused = node.network().shutdown();
        node.run();

        peer.onRoom(message("x"), () -> told.add("over"));
        node.run();

        assertEquals(List.of("over"), told);
    }

    @Test
    void aMessageThatIsTooLargeIsToldOfRoomAsAnEmptyOneIs() {
        node.policy.lanes(new Lane("lane", 100, 1000, 1000));
        assertAccepted(Messages.sized("held", 500), Duration.ofSeconds(10));

        await("too large", Messages.sized("most", 1_001));
        node.run();

        assertEquals(List.of("too large"), told);
    }
}
