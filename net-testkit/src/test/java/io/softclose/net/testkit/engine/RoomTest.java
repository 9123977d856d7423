/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.frameSize;
import static io.softclose.net.testkit.engine.Messages.inLane;
import static io.softclose.net.testkit.engine.Messages.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.Connection.RoomWait;
import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.SendResult;
import io.softclose.net.spi.Lane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Waiting for room in a full outbox, with a callback and with a blocked thread. */
class RoomTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    @RegisterExtension
    final Node node = new Node();

    private final List<String> told = new ArrayList<>();

    @Test
    void roomIsToldOnceTheLaneIsHalfFull() {
        Conversation talk = fullOfFour();
        Message any = message("x");

        talk.connection.onRoom(any, () -> told.add("on loop " + node.loop.inEventLoop()));
        node.run();
        talk.peerTakes(frameSize(any));
        assertEquals(List.of(), told);
        talk.peerTakes(frameSize(any));

        assertEquals(List.of("on loop true"), told);
        talk.sendAll(any, any);
        talk.peerTakes(Long.MAX_VALUE);
        assertEquals(1, told.size(), "told once");
    }

    @Test
    void roomThatIsThereIsToldOnTheNextTurnOfTheLoop() {
        Conversation talk = node.connect();

        talk.connection.onRoom(message("x"), () -> told.add("room"));
        assertEquals(List.of(), told);
        node.run();

        assertEquals(List.of("room"), told);
    }

    @Test
    void roomIsOfTheMessagesOwnLane() {
        node.policy.lanes(new Lane("urgent", 1, 1000, 1000), new Lane("bulk", 1, 1000, 1000));
        Conversation talk = node.connect();
        talk.link.takes(0);
        talk.sendAll(inLane(1, "bulk"));

        talk.connection.onRoom(inLane(1, "x"), () -> told.add("bulk"));
        talk.connection.onRoom(inLane(0, "x"), () -> told.add("urgent"));
        node.run();

        assertEquals(List.of("urgent"), told);
    }

    @Test
    void everyoneWhoWaitsForRoomIsToldInOrder() {
        Conversation talk = fullOfFour();

        talk.connection.onRoom(message("x"), () -> told.add("first"));
        talk.connection.onRoom(message("x"), () -> told.add("second"));
        talk.peerTakes(Long.MAX_VALUE);

        assertEquals(List.of("first", "second"), told);
    }

    @Test
    void whoeverWaitsForRoomIsToldThatTheConnectionCloses() {
        Conversation talk = fullOfFour();
        talk.connection.onRoom(
                message("x"), () -> told.add(talk.send(message("x")).toString()));

        talk.connection.close();
        node.run();

        assertEquals(List.of("CLOSING"), told);
    }

    @Test
    void whoeverWaitsForRoomIsToldThatTheLinkBroke() {
        Conversation talk = fullOfFour();
        talk.connection.onRoom(message("x"), () -> told.add("gone"));

        talk.link.fail(new IllegalStateException("deliberate"));
        node.run();

        assertEquals(List.of("gone"), told);
    }

    @Test
    void whoeverAsksForRoomAfterTheCloseIsTold() {
        Conversation talk = node.connect();
        talk.connection.abort();
        node.run();

        talk.connection.onRoom(message("x"), () -> told.add("gone"));
        node.run();

        assertEquals(List.of("gone"), told);
    }

    @Test
    void aMessageOfMoreThanHalfALaneIsToldOfRoomOnceItFits() {
        Conversation talk = laneOf1000Bytes();
        Message most = ofBytes(700);
        Message held = ofBytes(100);
        talk.peerTakes(0);
        talk.sendAll(held, held, held, held);

        talk.connection.onRoom(most, () -> told.add(talk.send(most).toString()));
        node.run();
        assertEquals(List.of(), told, "less than half full, but it does not fit");
        talk.peerTakes(frameSize(held));

        assertEquals(List.of("ACCEPTED"), told);
    }

    @Test
    void whoeverTakesItsActionBackIsNotToldAndLetsOthersBehindItGoOn() {
        Conversation talk = laneOf1000Bytes();
        talk.peerTakes(0);
        talk.sendAll(ofBytes(200));
        RoomWait wait = talk.connection.onRoom(ofBytes(900), () -> told.add("most of the lane"));
        RoomWait behind = talk.connection.onRoom(message("x"), () -> told.add("little"));
        node.run();
        assertEquals(List.of(), told, "overtaken");

        assertTrue(wait.cancel());
        node.run();

        assertEquals(List.of("little"), told);
        assertFalse(behind.cancel(), "it has run");
        assertFalse(wait.cancel(), "it was taken back before");
    }

    @Test
    void sendBlockingThatGivesUpWaitsNoMore() throws InterruptedException {
        Conversation talk = laneOf1000Bytes();
        talk.peerTakes(0);
        talk.sendAll(ofBytes(200));
        assertEquals(SendResult.OUTBOX_FULL, talk.connection.sendBlocking(ofBytes(900), Duration.ofMillis(1)));

        talk.connection.onRoom(message("x"), () -> told.add("not kept back"));
        node.run();

        assertEquals(List.of("not kept back"), told);
    }

    @Test
    void sendBlockingThatIsInterruptedWaitsNoMore() {
        Conversation talk = laneOf1000Bytes();
        talk.peerTakes(0);
        talk.sendAll(ofBytes(200));
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> talk.connection.sendBlocking(ofBytes(900), LONG));

        talk.connection.onRoom(message("x"), () -> told.add("not kept back"));
        node.run();

        assertEquals(List.of("not kept back"), told);
    }

    @Test
    void sendBlockingOnTheLoopIsRefusedBecauseItWouldBlockIt() {
        Conversation talk = node.connect();

        node.loop.runNow(() ->
                assertThrows(IllegalStateException.class, () -> talk.connection.sendBlocking(message("x"), LONG)));
    }

    @Test
    void sendBlockingAnswersAtOnceWhatWaitingWouldNotChange() throws InterruptedException {
        Conversation talk = node.connect();
        talk.connection.abort();
        node.run();

        assertEquals(SendResult.NOT_CONNECTED, talk.connection.sendBlocking(message("x"), LONG));
    }

    @Test
    void sendBlockingGivesUpAfterItsTime() throws InterruptedException {
        Conversation talk = fullOfFour();

        assertEquals(SendResult.OUTBOX_FULL, talk.connection.sendBlocking(message("x"), Duration.ofMillis(1)));
        assertEquals(SendResult.OUTBOX_FULL, talk.connection.sendBlocking(message("x"), Duration.ZERO));
        assertEquals(4, talk.connection.account().total().accepted());
    }

    @Test
    void sendBlockingWaitsForRoom() throws ExecutionException, InterruptedException {
        Conversation talk = fullOfFour();
        CompletableFuture<SendResult> sent = sendBlockingElsewhere(talk, message("e"));

        talk.peerTakes(Long.MAX_VALUE);
        node.loop.runUntil(sent::isDone);
        node.run();

        assertEquals(SendResult.ACCEPTED, sent.get());
        talk.outcomes.accepted();
        talk.outcomes.ended(message("e"), Outcome.WRITTEN);
        assertEquals(List.of("a", "b", "c", "d", "e"), talk.received());
    }

    @Test
    void sendBlockingEndsWithTheConnection() throws ExecutionException, InterruptedException {
        Conversation talk = fullOfFour();
        CompletableFuture<SendResult> sent = sendBlockingElsewhere(talk, message("e"));

        talk.connection.close();
        node.loop.runUntil(sent::isDone);

        assertEquals(SendResult.CLOSING, sent.get());
    }

    private Conversation fullOfFour() {
        node.limits(limits -> limits.outboxMessages(4));
        Conversation talk = node.connect();
        talk.peerTakes(0);
        talk.sendAll(message("a"), message("b"), message("c"), message("d"));
        assertEquals(SendResult.OUTBOX_FULL, talk.send(message("e")));
        return talk;
    }

    private Conversation laneOf1000Bytes() {
        node.policy.lanes(new Lane("lane", 100, 1000, 1000));
        return node.connect();
    }

    private static Message ofBytes(int size) {
        return Message.of(message("x").protocol(), 0, new byte[size]);
    }

    private static CompletableFuture<SendResult> sendBlockingElsewhere(Conversation talk, Message message) {
        CompletableFuture<SendResult> sent = new CompletableFuture<>();
        Thread sender = new Thread(() -> {
            try {
                sent.complete(talk.connection.sendBlocking(message, LONG));
            } catch (InterruptedException | RuntimeException failure) {
                sent.completeExceptionally(failure);
            }
        });
        sender.start();
        return sent;
    }
}
