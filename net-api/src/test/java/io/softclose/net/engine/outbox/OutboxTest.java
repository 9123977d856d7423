/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.outbox;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.Connection.RoomWait;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.OutcomeListener;
import io.softclose.net.ProtocolId;
import io.softclose.net.SendResult;
import io.softclose.net.engine.HandLoop;
import io.softclose.net.engine.Race;
import io.softclose.net.engine.ThreadLoop;
import io.softclose.net.engine.outbox.LaneQueue.Form;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Lane;
import io.softclose.net.spi.LanePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private static final int SENDERS = 4;

    private final Limits limits =
            Limits.builder().maxFrameSize(1024).outboxMessages(4).build();
    private final ThreadLoop loop = new ThreadLoop();

    @AfterEach
    void stopTheLoop() {
        loop.close();
    }

    @Test
    void queuesWhatItAcceptsByForm() {
        Outbox outbox = outbox(OutboxTest::nothing);
        Message whole = message(1024 - Limits.FRAME_OVERHEAD);
        Message large = message(1024 - Limits.FRAME_OVERHEAD + 1);

        assertEquals(SendResult.ACCEPTED, outbox.offer(whole, null));
        assertEquals(SendResult.ACCEPTED, outbox.offer(large, null));

        LaneQueue lane = outbox.lanes().get(0);
        assertSame(whole, lane.poll(Form.WHOLE), "a message that nobody watches is queued as it is");
        assertSame(large, lane.poll(Form.STREAMED));
    }

    @Test
    void queuesTheListenerWithTheMessage() {
        Outbox outbox = outbox(OutboxTest::nothing);
        OutcomeListener listener = (message, outcome) -> {};
        Message message = message(1);

        assertEquals(SendResult.ACCEPTED, outbox.offer(message, listener));

        Envelope envelope = (Envelope) requireNonNull(outbox.lanes().get(0).poll(Form.WHOLE), "envelope");
        assertSame(message, envelope.message());
        assertSame(listener, envelope.listener());
    }

    @Test
    void aRefusedSendLeavesNoTrace() {
        Outbox outbox = outbox(OutboxTest::nothing);
        for (int i = 0; i < 4; i++) {
            assertEquals(SendResult.ACCEPTED, outbox.offer(message(1), null));
        }

        assertEquals(SendResult.OUTBOX_FULL, outbox.offer(message(1), null));
        assertEquals(SendResult.TOO_LARGE, outbox.offer(message(1 << 20), null));
        outbox.seal();
        assertEquals(SendResult.CLOSING, outbox.offer(message(1), null), "full, but that will not change any more");

        assertEquals(4, outbox.accepted());
        assertEquals(4, outbox.lanes().get(0).usedBytes());
    }

    @Test
    void aSealedOutboxWithRoomRefusesAndKeepsNoRoomReserved() {
        Outbox outbox = outbox(OutboxTest::nothing);

        outbox.seal();

        assertEquals(SendResult.CLOSING, outbox.offer(message(7), null));
        assertEquals(0, outbox.lanes().get(0).usedBytes());
        assertEquals(0, outbox.accepted());
    }

    @Test
    void aBurstWakesTheLoopOnce() {
        Outbox outbox = outbox(OutboxTest::nothing);

        for (int i = 0; i < 4; i++) {
            assertEquals(SendResult.ACCEPTED, outbox.offer(message(1), null));
        }

        assertEquals(1, loop.executed());
    }

    @Test
    void waitingForRoomThatThereIsRunsAtOnce() throws InterruptedException {
        CountDownLatch ran = new CountDownLatch(1);
        Outbox outbox = outbox(ran::countDown);

        outbox.awaitRoom(message(1), OutboxTest::nothing);

        assertTrue(ran.await(Race.SAFETY_NET.toNanos(), TimeUnit.NANOSECONDS));
        assertTrue(outbox.roomAwaited());
    }

    @Test
    void waitingForRoomThatThereIsNotWaits() {
        Outbox outbox = outbox(OutboxTest::nothing);
        for (int i = 0; i < 4; i++) {
            assertEquals(SendResult.ACCEPTED, outbox.offer(message(1), null));
        }
        long before = loop.executed();

        outbox.awaitRoom(message(1), OutboxTest::nothing);

        assertEquals(before, loop.executed());
        assertFalse(outbox.roomAwaited());
    }

    @Test
    void aSendThatPassedTheGateIsAcceptedThoughItsLoopHasStopped() {
        Outbox outbox = outbox(OutboxTest::nothing);

        loop.close();

        assertEquals(SendResult.ACCEPTED, outbox.offer(message(1), null));
        assertTrue(outbox.ready());
    }

    @Test
    void whoeverWaitsForRoomOfASealedOutboxIsRunThoughItsLoopHasStopped() {
        Outbox outbox = outbox(OutboxTest::nothing);
        AtomicInteger ran = new AtomicInteger();
        outbox.seal();

        loop.close();
        outbox.awaitRoom(message(1), ran::incrementAndGet);

        assertEquals(1, ran.get());
        assertFalse(outbox.roomAwaited());
    }

    @Test
    void nobodyOvertakesOneThatWaitsForMoreRoom() {
        Outbox outbox = outboxOfTenBytes();
        List<String> told = new ArrayList<>();
        assertEquals(SendResult.ACCEPTED, outbox.offer(message(4), null));

        outbox.awaitRoom(message(9), () -> told.add("nine"));
        outbox.awaitRoom(message(1), () -> told.add("one"));
        outbox.serveRoom(Runnable::run);
        assertEquals(List.of(), told, "four of ten bytes are used");

        outbox.lanes().get(0).release(1, 4);
        outbox.serveRoom(Runnable::run);
        assertEquals(List.of("nine", "one"), told);
    }

    @Test
    void whoeverGivesUpIsNotToldAndTheNextIsToldByATaskOfTheLoop() {
        AtomicInteger tasks = new AtomicInteger();
        HandLoop hand = new HandLoop();
        Outbox outbox = outboxOfTenBytes(hand, tasks::incrementAndGet);
        List<String> told = new ArrayList<>();
        assertEquals(SendResult.ACCEPTED, outbox.offer(message(4), null));
        RoomWait nine = outbox.awaitRoom(message(9), () -> told.add("nine"));
        RoomWait one = outbox.awaitRoom(message(1), () -> told.add("one"));
        hand.runAll();
        tasks.set(0);

        assertTrue(nine.cancel());
        hand.runAll();

        assertEquals(1, tasks.get(), "nobody told the loop that the second one's room is there");
        outbox.serveRoom(Runnable::run);
        assertEquals(List.of("one"), told);
        assertFalse(nine.cancel(), "taken back before");
        assertFalse(one.cancel(), "told before");
    }

    @Test
    void oneThatIsToldMayTakeTheRoomOfThoseBehindIt() {
        Outbox outbox = outboxOfTenBytes();
        List<String> told = new ArrayList<>();

        outbox.awaitRoom(message(6), () -> {
            told.add("first");
            assertEquals(SendResult.ACCEPTED, outbox.offer(message(6), null));
        });
        outbox.awaitRoom(message(6), () -> told.add("second"));
        outbox.serveRoom(Runnable::run);

        assertEquals(List.of("first"), told);
    }

    @Test
    void whoeverWaitsAgainWhenToldHasItsTurnInALaterTask() {
        Outbox outbox = outboxOfTenBytes();
        AtomicInteger told = new AtomicInteger();
        Runnable again = new Runnable() {
            @Override
            public void run() {
                if (told.incrementAndGet() < 10) {
                    outbox.awaitRoom(message(1), this);
                }
            }
        };
        outbox.awaitRoom(message(1), again);

        outbox.serveRoom(Runnable::run);

        assertEquals(1, told.get());
        assertTrue(outbox.roomAwaited());
    }

    @Test
    void aSealTellsEverybodyWhateverTheyWaitFor() {
        Outbox outbox = outboxOfTenBytes();
        List<String> told = new ArrayList<>();
        assertEquals(SendResult.ACCEPTED, outbox.offer(message(10), null));
        outbox.awaitRoom(message(9), () -> told.add("nine"));
        outbox.awaitRoom(message(1), () -> told.add("one"));

        outbox.seal();
        assertTrue(outbox.roomAwaited());
        outbox.serveRoom(Runnable::run);

        assertEquals(List.of("nine", "one"), told);
    }

    @Test
    void aWaitThatTheLoopCannotBeToldOfLeavesNobodyWaiting() {
        Outbox outbox = outboxOfTenBytes();
        OutOfMemoryError failure = new OutOfMemoryError("deliberate");
        outbox.disturb(new SendSteps() {
            @Override
            protected void before(Step step) {
                throw failure;
            }
        });

        assertSame(
                failure, assertThrows(OutOfMemoryError.class, () -> outbox.awaitRoom(message(1), OutboxTest::nothing)));

        assertFalse(outbox.roomAwaited());
    }

    /**
     * Four threads send through a small outbox to a loop that takes what it finds and sleeps. Fails, by waiting for
     * ever, if the loop looks at the lanes before it says that it rests, or a sender looks whether the loop rests before
     * its message is in the lane: both were tried.
     */
    @Test
    void noWakeUpIsEverLost() throws Exception {
        int each = 20_000;
        Consumer consumer = new Consumer(SENDERS * each);
        Semaphore room = new Semaphore(0);
        List<Callable<Void>> senders = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
            senders.add(() -> {
                Message message = message(1);
                for (int sent = 0; sent < each; ) {
                    if (consumer.outbox.offer(message, null).accepted()) {
                        sent++;
                    } else {
                        consumer.outbox.awaitRoom(message, room::release);
                        assertTrue(room.tryAcquire(Race.SAFETY_NET.toNanos(), TimeUnit.NANOSECONDS), "no room");
                    }
                }
                return null;
            });
        }

        try (Race race = new Race()) {
            race.run(senders);
        }

        assertTrue(
                consumer.all.await(Race.SAFETY_NET.toNanos(), TimeUnit.NANOSECONDS),
                () -> consumer.taken + " of " + SENDERS * each + " messages were taken");
    }

    /**
     * Each round, two threads send until they are refused, while a third, in the place of the loop, seals and takes. What
     * was accepted is what arrives, and what the seal freezes is all that comes. Fails if a gate lets in after the seal, or
     * looks and counts in two steps: both were tried.
     */
    @Test
    void whatIsAcceptedBeforeTheSealIsExactlyWhatArrives() throws Exception {
        try (Race race = new Race()) {
            for (int round = 0; round < 2_000; round++) {
                Outbox outbox =
                        new Outbox(LanePlan.single(Limits.defaults()), Limits.defaults(), loop, OutboxTest::nothing);
                int polls = round % 997;

                List<Integer> counts = race.run(List.of(
                        () -> sendUntilRefused(outbox),
                        () -> sendUntilRefused(outbox),
                        () -> -sealAndTakeTheRest(outbox, polls)));

                assertEquals(0, counts.stream().mapToInt(Integer::intValue).sum(), "accepted less taken: " + counts);
                assertFalse(outbox.ready(), "a message came after the last one");
            }
        }
    }

    private static int sendUntilRefused(Outbox outbox) {
        int accepted = 0;
        for (SendResult result = SendResult.ACCEPTED; result != SendResult.CLOSING; ) {
            result = outbox.offer(message(1), null);
            accepted += result.accepted() ? 1 : 0;
        }
        return accepted;
    }

    /** As the loop does: takes, seals in the middle of things, then takes until everything accepted has been taken. */
    private static int sealAndTakeTheRest(Outbox outbox, int pollsBefore) {
        LaneQueue lane = outbox.lanes().get(0);
        int taken = 0;
        for (int polls = 0; polls < pollsBefore; polls++) {
            taken += lane.poll(Form.WHOLE) == null ? 0 : 1;
        }
        outbox.seal();
        long accepted = outbox.accepted();
        while (taken < accepted) {
            taken += lane.poll(Form.WHOLE) == null ? 0 : 1;
        }
        assertEquals(taken, outbox.accepted(), "accepted, the seal notwithstanding");
        return taken;
    }

    private static void nothing() {}

    private Outbox outbox(Runnable onWork) {
        return new Outbox(LanePlan.single(limits), limits, loop, onWork);
    }

    private Outbox outboxOfTenBytes() {
        return outboxOfTenBytes(loop, OutboxTest::nothing);
    }

    private Outbox outboxOfTenBytes(EventLoop onLoop, Runnable onWork) {
        LanePlan plan = new LanePlan(List.of(new Lane("narrow", 100, 10, Long.MAX_VALUE)), message -> 0);
        return new Outbox(plan, limits, onLoop, onWork);
    }

    private static Message message(int size) {
        return Message.of(ProtocolId.CONSENSUS_DIRECT_SEND_BCS, 0, new byte[size]);
    }

    /** The loop's side: takes what is there, serves those who wait for room, and rests. */
    private final class Consumer {
        private final Outbox outbox = outbox(this::work);
        private final CountDownLatch all = new CountDownLatch(1);
        private final int expected;
        private final AtomicInteger taken = new AtomicInteger();

        Consumer(int expected) {
            this.expected = expected;
        }

        private void work() {
            LaneQueue lane = outbox.lanes().get(0);
            while (lane.poll(Form.WHOLE) != null) {
                lane.release(1, 1);
                take();
            }
            outbox.serveRoom(Runnable::run);
            outbox.rest(() -> outbox.ready() || outbox.roomAwaited());
        }

        private void take() {
            if (taken.incrementAndGet() == expected) {
                all.countDown();
            }
        }
    }
}
