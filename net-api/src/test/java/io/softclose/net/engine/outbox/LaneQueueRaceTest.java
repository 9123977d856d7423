/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softclose.net.SendResult;
import io.softclose.net.engine.Interleavings;
import io.softclose.net.engine.outbox.LaneQueue.Form;
import io.softclose.net.spi.Lane;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Three threads send where, once what was there has gone, there is room for two: two get it, by either bound. */
@Tag("races")
class LaneQueueRaceTest {
    private static final int BYTES = 3;

    @Test
    void takesNoMoreBytesThanItMay() {
        Interleavings.ofStory(TooManyBytes.class);
    }

    @Test
    void takesNoMoreMessagesThanItMay() {
        Interleavings.ofStory(TooManyMessages.class);
    }

    /** Three who send. */
    public abstract static class Story {
        private final LaneQueue lane;
        private final AtomicInteger accepted = new AtomicInteger();

        Story(int maxMessages, int maxBytes) {
            lane = new LaneQueue(new Lane("lane", maxMessages, maxBytes, Long.MAX_VALUE), Integer.MAX_VALUE);
            send();
            lane.poll(Form.WHOLE);
            accepted.set(0);
        }

        /** As when a message has its outcome. */
        @Operation
        public void first() {
            lane.release(1, BYTES);
            send();
        }

        @Operation
        public void second() {
            send();
        }

        @Operation
        public void third() {
            send();
        }

        @Validate
        public void asManyAsThereIsRoomForHaveIt() {
            // The first one's was taken by another, or it took it back: one way or the other, none is left.
            assertEquals(2, accepted.get(), "how many have room");
            assertEquals(3, lane.offered(), "tickets");
            assertEquals(2L * BYTES, lane.usedBytes(), "bytes");
        }

        private void send() {
            if (lane.offer("message", BYTES, Form.WHOLE, true) == SendResult.ACCEPTED) {
                accepted.incrementAndGet();
            }
        }
    }

    /** Room for two by bytes. */
    public static class TooManyBytes extends Story {
        public TooManyBytes() {
            super(10, 2 * BYTES + 1);
        }
    }

    /** Room for two by messages. */
    public static class TooManyMessages extends Story {
        public TooManyMessages() {
            super(2, 100);
        }
    }
}
