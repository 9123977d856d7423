/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.Connection.RoomWait;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.ProtocolId;
import io.softclose.net.SendResult;
import io.softclose.net.engine.HandLoop;
import io.softclose.net.engine.Interleavings;
import io.softclose.net.engine.outbox.LaneQueue.Form;
import io.softclose.net.spi.Lane;
import io.softclose.net.spi.LanePlan;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Senders, the loop, and who seals meet in an outbox. */
@Tag("races")
class OutboxRaceTest {
    @Test
    void noWakeUpIsLost() {
        Interleavings.ofStory(WakeUp.class);
    }

    @Test
    void noWakeUpIsLostInRealThreads() {
        Interleavings.stressStory(WakeUp.class);
    }

    @Test
    void nothingIsAcceptedAfterTheSealAndEverythingBeforeItArrives() {
        Interleavings.ofStory(Seal.class);
    }

    @Test
    void whoeverWaitsForRoomIsToldOnce() {
        Interleavings.ofStory(Room.class, 2);
    }

    @Test
    void whoeverWaitsForRoomIsToldOnceThoughTheLoopStops() {
        Interleavings.ofStory(LastRoom.class, 2);
    }

    @Test
    void whoeverWaitsBehindOneThatGivesUpIsToldOnce() {
        Interleavings.ofStory(GivenUp.class, 2);
    }

    @Test
    void whoeverWaitsIsToldOrGivesUpNotBoth() {
        Interleavings.ofStory(ToldOrGivenUp.class, 2);
    }

    @Test
    void whoeverWaitsIsToldOfTheSealWhateverItWaitsFor() {
        Interleavings.ofStory(SealedRoom.class, 2);
    }

    /**
     * An outbox of two lanes, and what the loop does with it: takes what is there, serves those who wait for room,
     * rests.
     */
    public abstract static class Story {
        static final ProtocolId PROTOCOL = ProtocolId.CONSENSUS_DIRECT_SEND_BCS;
        static final Message URGENT = message(0);
        static final Message OTHER = message(1);

        final HandLoop loop = new HandLoop();
        final Outbox outbox;
        final AtomicInteger accepted = new AtomicInteger();
        int taken;

        Story(int maxMessages) {
            outbox = Interleavings.alone(() -> outbox(maxMessages));
        }

        private Outbox outbox(int maxMessages) {
            Lane urgent = new Lane("urgent", maxMessages, 1000, Long.MAX_VALUE);
            Lane other = new Lane("other", maxMessages, 1000, Long.MAX_VALUE);
            LanePlan plan = new LanePlan(List.of(urgent, other), Message::priority);
            return new Outbox(plan, Limits.defaults(), loop, this::work);
        }

        SendResult send(Message message) {
            SendResult result = outbox.offer(message, null);
            if (result.accepted()) {
                accepted.incrementAndGet();
            }
            return result;
        }

        void work() {
            takeAll();
            serveRoom();
            outbox.rest(() -> outbox.ready() || outbox.roomAwaited());
        }

        void takeAll() {
            for (LaneQueue lane : outbox.lanes()) {
                for (Object element = lane.poll(Form.WHOLE); element != null; element = lane.poll(Form.WHOLE)) {
                    lane.release(1, 1);
                    taken++;
                }
            }
        }

        /** Something that takes room, and is being written. */
        void hold() {
            LaneQueue lane = outbox.lanes().get(0);
            lane.offer(URGENT, 1, Form.WHOLE, true);
            lane.poll(Form.WHOLE);
        }

        void serveRoom() {
            outbox.serveRoom(Runnable::run);
        }

        private static Message message(int priority) {
            return Message.of(PROTOCOL, priority, new byte[1]);
        }
    }

    /** Two senders, and a loop that goes to sleep between its tasks. */
    public static class WakeUp extends Story {
        public WakeUp() {
            super(4);
        }

        @Operation
        public void loop() {
            loop.runTask();
            loop.runTask();
        }

        @Operation
        public void sender() {
            send(URGENT);
            send(OTHER);
        }

        @Operation
        public void secondSender() {
            send(URGENT);
        }

        /** The senders are done, so whatever has no task coming for it stays for ever. */
        @Validate
        public void everythingWasTaken() {
            loop.runAll();
            assertEquals(3, accepted.get(), "accepted");
            assertEquals(3, taken, "taken");
        }
    }

    /** A sender, a seal of two lanes, one after the other, and the loop, which learns by it how many there are. */
    public static class Seal extends Story {
        private long last = -1;

        public Seal() {
            super(4);
        }

        @Operation
        public void loop() {
            last = outbox.sealed() ? outbox.accepted() : -1;
            takeAll();
        }

        @Operation
        public void seal() {
            outbox.seal();
            long accepted = outbox.accepted();
            assertEquals(SendResult.CLOSING, send(OTHER));
            assertEquals(accepted, outbox.accepted(), "accepted after the seal");
        }

        @Operation
        public void sender() {
            SendResult first = send(URGENT);
            SendResult second = send(OTHER);
            assertTrue(first.accepted() || !second.accepted(), "accepted in one lane though refused in another");
        }

        @Validate
        public void everythingAcceptedArrived() {
            takeAll();
            assertEquals(accepted.get(), taken, "taken");
            assertEquals(taken, outbox.accepted(), "accepted");
            assertTrue(last < 0 || last == taken, "accepted after the seal");
            assertEquals(0, outbox.lanes().get(1).usedBytes(), "room kept by what was refused");
        }
    }

    /** A full lane, somebody who waits for room in it, and a loop that makes room. */
    public static class Room extends Story {
        private final AtomicInteger told = new AtomicInteger();

        public Room() {
            super(1);
            send(URGENT);
        }

        @Operation
        public void loop() {
            loop.runTask();
            loop.runTask();
        }

        @Operation
        public void sender() {
            send(URGENT);
        }

        @Operation
        public void waiter() {
            outbox.awaitRoom(URGENT, told::incrementAndGet);
        }

        @Validate
        public void theWaiterWasToldOnce() {
            loop.runAll();
            assertEquals(accepted.get(), taken, "taken");
            assertEquals(1, told.get(), "told that there is room");
        }
    }

    /** A full lane, somebody who waits for room in it, and a loop that stops after its link's end. */
    public static class LastRoom extends Story {
        private final AtomicInteger told = new AtomicInteger();

        public LastRoom() {
            super(1);
            send(URGENT);
        }

        @Operation
        public void loop() {
            // The only task there is, or it would be run in the end and tell the waiter after all.
            loop.runTask();
            outbox.seal();
            takeAll();
            serveRoom();
            loop.stop();
        }

        @Operation
        public void sender() {
            send(URGENT);
        }

        @Operation
        public void waiter() {
            outbox.awaitRoom(URGENT, told::incrementAndGet);
        }

        @Validate
        public void theWaiterWasToldOnce() {
            loop.runAll();
            assertEquals(1, told.get(), "told that there will be no room");
        }
    }

    /**
     * A lane that has room for little; one who waits for much of it gives up, while another begins to wait for little. The
     * loop makes no room: only who gives up can tell that there is some.
     */
    public static class GivenUp extends Story {
        private final AtomicInteger told = new AtomicInteger();
        private final RoomWait much;

        public GivenUp() {
            super(4);
            send(URGENT);
            loop.runAll();
            hold();
            much = outbox.awaitRoom(Message.of(PROTOCOL, 0, new byte[1000]), told::incrementAndGet);
        }

        @Operation
        public void loop() {
            loop.runTask();
            loop.runTask();
        }

        @Operation
        public void giver() {
            assertTrue(much.cancel(), "given up");
        }

        @Operation
        public void waiter() {
            outbox.awaitRoom(URGENT, told::incrementAndGet);
        }

        @Validate
        public void theOtherWaiterWasToldOnce() {
            loop.runAll();
            assertEquals(1, told.get(), "told that there is room");
        }
    }

    /** A full lane, a loop that makes room, and two who wait for it, one of whom gives up. */
    public static class ToldOrGivenUp extends Story {
        private final AtomicInteger told = new AtomicInteger();
        private final AtomicInteger toldOther = new AtomicInteger();
        private final RoomWait wait;
        private boolean givenUp;

        public ToldOrGivenUp() {
            super(1);
            send(URGENT);
            wait = outbox.awaitRoom(URGENT, told::incrementAndGet);
        }

        @Operation
        public void loop() {
            loop.runTask();
            loop.runTask();
        }

        @Operation
        public void giver() {
            givenUp = wait.cancel();
        }

        @Operation
        public void waiter() {
            outbox.awaitRoom(URGENT, toldOther::incrementAndGet);
        }

        @Validate
        public void eachWasToldOnceOrGaveUp() {
            loop.runAll();
            assertEquals(givenUp ? 0 : 1, told.get(), "told though given up, or neither");
            assertEquals(1, toldOther.get(), "the one behind");
        }
    }

    /** A lane in which nothing moves, one that waits for all of it, and a seal as a close does it. */
    public static class SealedRoom extends Story {
        private final AtomicInteger told = new AtomicInteger();

        public SealedRoom() {
            super(4);
            send(URGENT);
            loop.runAll();
            hold();
            outbox.awaitRoom(Message.of(PROTOCOL, 0, new byte[1000]), told::incrementAndGet);
        }

        @Operation
        public void loop() {
            loop.runTask();
            loop.runTask();
        }

        @Operation
        public void closer() {
            outbox.seal();
            loop.execute(this::work);
        }

        @Operation
        public void waiter() {
            outbox.awaitRoom(URGENT, told::incrementAndGet);
        }

        @Validate
        public void bothWereToldOnce() {
            loop.runAll();
            assertEquals(2, told.get(), "told that there will be no room");
        }
    }
}
