/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.engine.Race;
import io.softclose.net.engine.outbox.LaneQueue.Form;
import io.softclose.net.spi.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LaneQueueTest {
    private static final int MAX_MESSAGES = 10;
    private static final int MAX_BYTES = 1000;

    private final LaneQueue lane = new LaneQueue(new Lane("lane", MAX_MESSAGES, MAX_BYTES, Long.MAX_VALUE));

    @Test
    void isFullAtItsMostMessages() {
        for (int i = 0; i < MAX_MESSAGES; i++) {
            assertTrue(lane.reserve(1));
        }

        assertFalse(lane.reserve(0));

        lane.release(1, 1);
        assertTrue(lane.reserve(0));
    }

    @Test
    void isFullAtItsMostBytes() {
        assertTrue(lane.reserve(MAX_BYTES - 1));

        assertFalse(lane.reserve(2));
        assertTrue(lane.reserve(1));
        assertTrue(lane.reserve(0), "an empty message needs no bytes");
        assertEquals(MAX_BYTES, lane.usedBytes());
    }

    @Test
    void countsMessagesAndBytesApartAtTheHighestBounds() {
        LaneQueue widest = new LaneQueue(new Lane("widest", 1 << 20, 1L << 40, Long.MAX_VALUE));
        for (int i = 0; i < 1 << 20; i++) {
            assertTrue(widest.reserve(1 << 20));
        }

        assertEquals(1L << 40, widest.usedBytes());
        assertFalse(widest.reserve(0));

        widest.release(1 << 20, 1L << 40);
        assertEquals(0, widest.usedBytes());
        assertTrue(widest.reserve(Integer.MAX_VALUE));
    }

    @Test
    void hasRoomWhenAtMostHalfFullInBothMeasures() {
        assertTrue(lane.reserve(MAX_BYTES / 2));
        assertTrue(hasRoomFor(1));

        assertTrue(lane.reserve(1));
        assertFalse(hasRoomFor(1), "more than half the bytes");

        lane.release(2, MAX_BYTES / 2 + 1);
        for (int i = 0; i <= MAX_MESSAGES / 2; i++) {
            assertTrue(lane.reserve(0));
        }
        assertFalse(hasRoomFor(1), "more than half the messages");
    }

    @Test
    void hasRoomForAMessageOfMoreThanHalfALaneWhenItFits() {
        assertTrue(lane.reserve(MAX_BYTES / 4));
        assertTrue(hasRoomFor(MAX_BYTES - MAX_BYTES / 4));
        assertFalse(hasRoomFor(MAX_BYTES - MAX_BYTES / 4 + 1));

        lane.release(1, MAX_BYTES / 4);
        assertTrue(hasRoomFor(MAX_BYTES));
    }

    @Test
    void aMessageThatNeverFitsIsNotWaitedForLongerThanOthers() {
        assertTrue(lane.reserve(MAX_BYTES / 2));

        assertTrue(hasRoomFor(MAX_BYTES + 1));
    }

    private boolean hasRoomFor(int bytes) {
        return lane.hasRoom(lane.waiter(bytes, () -> {}));
    }

    @Test
    void keepsWholeAndLargeMessagesApart() {
        lane.offer("large", Form.STREAMED);
        lane.offer("whole", Form.WHOLE);

        assertTrue(lane.ready(Form.WHOLE));
        assertEquals("whole", lane.poll(Form.WHOLE));
        assertFalse(lane.ready(Form.WHOLE));
        assertNull(lane.poll(Form.WHOLE));
        assertEquals("large", lane.poll(Form.STREAMED));
        assertEquals(2, lane.offered());
    }

    /** Fails if reserving looks at the bounds and adds in two steps: tried. */
    @Test
    void boundsHoldWhileManyThreadsReserveAndRelease() throws Exception {
        LaneQueue narrow = new LaneQueue(new Lane("narrow", 3, 300, Long.MAX_VALUE));
        AtomicInteger messages = new AtomicInteger();
        AtomicLong bytes = new AtomicLong();
        List<Callable<Void>> runners = new ArrayList<>();
        for (int thread = 1; thread <= 4; thread++) {
            int size = 60 * thread;
            runners.add(() -> {
                for (int i = 0; i < 200_000; i++) {
                    if (narrow.reserve(size)) {
                        int held = messages.incrementAndGet();
                        long heldBytes = bytes.addAndGet(size);
                        assertTrue(held <= 3, () -> held + " messages");
                        assertTrue(heldBytes <= 300, () -> heldBytes + " bytes");
                        bytes.addAndGet(-size);
                        messages.decrementAndGet();
                        narrow.release(1, size);
                    }
                }
                return null;
            });
        }

        try (Race race = new Race()) {
            race.run(runners);
        }

        assertEquals(0, narrow.usedBytes());
        assertTrue(narrow.reserve(300));
    }
}
