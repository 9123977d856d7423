/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.ProtocolId;
import io.softclose.net.engine.HandLoop;
import io.softclose.net.engine.Race;
import io.softclose.net.engine.outbox.LaneQueue.Form;
import io.softclose.net.spi.LanePlan;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What a model checker cannot see: a sender fills a slot, then looks whether the loop is awake; the loop says that it
 * rests, then looks at the slots. If either's store may pass its load, both can miss the other. One sends and one rests
 * at the same moment, over many outboxes in a row.
 */
@Tag("races")
class WakeUpOrderTest {
    private static final int ROUNDS = "full".equals(System.getProperty("softclose.races")) ? 4_000 : 200;
    private static final int MEETINGS = 1_000;
    private static final Limits LIMITS = Limits.builder().outboxMessages(2).build();
    private static final Message MESSAGE = Message.of(ProtocolId.CONSENSUS_DIRECT_SEND_BCS, 0, new byte[1]);

    @Test
    void neitherTheSenderNorTheLoopMissesTheOther() throws Exception {
        try (Race race = new Race()) {
            for (int round = 0; round < ROUNDS; round++) {
                List<Meeting> meetings =
                        Stream.generate(Meeting::new).limit(MEETINGS).toList();
                AtomicInteger sender = new AtomicInteger();
                AtomicInteger loop = new AtomicInteger();

                race.run(List.of(
                        () -> attend(meetings, meeting -> {}, Meeting::send, sender, loop),
                        () -> attend(meetings, Meeting::takeTheFirst, Meeting::rest, loop, sender)));

                assertEquals(0, meetings.stream().filter(Meeting::missed).count(), "wake-ups lost in round " + round);
            }
        }
    }

    /** Does one side's part of each meeting, as soon as the other is there. */
    @SuppressWarnings("ThreadPriorityCheck") // not relied on: for when there is one processor
    private static int attend(
            List<Meeting> meetings,
            Consumer<Meeting> before,
            Consumer<Meeting> part,
            AtomicInteger place,
            AtomicInteger othersPlace) {
        for (Meeting meeting : meetings) {
            before.accept(meeting);
            int here = place.incrementAndGet();
            for (int spins = 1; othersPlace.get() < here; spins++) {
                if (spins % 1_000 == 0) {
                    if (Thread.interrupted()) {
                        throw new IllegalStateException("waits for the other side for ever");
                    }
                    Thread.yield();
                }
            }
            part.accept(meeting);
        }
        return place.get();
    }

    /** An outbox whose loop is awake, has taken the last message and is about to rest, and the sender of the next one. */
    private static final class Meeting {
        private final HandLoop loop = new HandLoop();
        private final Outbox outbox = new Outbox(LanePlan.single(LIMITS), LIMITS, loop, () -> {});
        private final LaneQueue lane = outbox.lanes().get(0);

        Meeting() {
            send();
            loop.runAll();
        }

        void send() {
            outbox.offer(MESSAGE, null);
        }

        /** Leaves the slots with the loop's processor, so that the next one's store takes time. */
        void takeTheFirst() {
            lane.poll(Form.WHOLE);
        }

        void rest() {
            outbox.rest(outbox::ready);
        }

        boolean missed() {
            return outbox.ready() && !loop.runTask();
        }
    }
}
