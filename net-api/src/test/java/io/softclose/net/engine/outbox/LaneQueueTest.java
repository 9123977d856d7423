/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.Message;
import io.softclose.net.ProtocolId;
import io.softclose.net.SendResult;
import io.softclose.net.engine.Race;
import io.softclose.net.engine.outbox.LaneQueue.Form;
import io.softclose.net.engine.outbox.RoomWaiters.Waiter;
import io.softclose.net.spi.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LaneQueueTest {
    private static final int MAX_MESSAGES = 10;
    private static final int MAX_BYTES = 1000;

    private final LaneQueue lane =
            new LaneQueue(new Lane("lane", MAX_MESSAGES, MAX_BYTES, Long.MAX_VALUE), Integer.MAX_VALUE);

    @Test
    void theNextIsAWholeMessageBesideWhichNoOtherWaits() {
        assertNull(lane.pollNext());
        Message first = queue(1, Form.WHOLE);
        queue(2, Form.STREAMED);
        Message third = queue(3, Form.WHOLE);

        assertEquals(first, lane.pollNext());
        assertNull(lane.pollNext(), "a large one is");
        assertTrue(lane.ready(Form.STREAMED));
        assertNull(lane.pollNext(), "a large one waits aside");
        lane.poll(Form.STREAMED);
        assertEquals(third, lane.pollNext());
    }

    @Test
    void whatWasPutBackIsBeforeTheNext() {
        Message first = queue(1, Form.WHOLE);
        Message second = queue(2, Form.WHOLE);
        assertEquals(first, lane.pollNext());
        lane.putBack(first, Form.WHOLE);

        assertNull(lane.pollNext());
        assertEquals(first, lane.poll(Form.WHOLE));
        assertEquals(second, lane.pollNext());
        assertNull(lane.pollNext());
    }

    private Message queue(int size, Form form) {
        Message message = Message.of(ProtocolId.CONSENSUS_DIRECT_SEND_BCS, 0, new byte[size]);
        assertEquals(SendResult.ACCEPTED, lane.offer(message, size, form, true));
        return message;
    }

    @Test
    void isFullAtItsMostMessages() {
        for (int i = 0; i < MAX_MESSAGES; i++) {
            assertTrue(takes(lane, 1));
        }

        assertFalse(takes(lane, 0));

        lane.release(1, 1);
        assertTrue(takes(lane, 0));
    }

    @Test
    void isFullAtItsMostBytes() {
        assertTrue(takes(lane, MAX_BYTES - 1));

        assertFalse(takes(lane, 2));
        assertTrue(takes(lane, 1));
        assertTrue(takes(lane, 0), "an empty message needs no bytes");
        assertEquals(MAX_BYTES, lane.usedBytes());
    }

    @Test
    void countsMessagesAndBytesApartAtTheHighestBounds() {
        LaneQueue widest = new LaneQueue(new Lane("widest", 1 << 20, 1L << 40, Long.MAX_VALUE), Integer.MAX_VALUE);
        for (int i = 0; i < 1 << 20; i++) {
            assertTrue(takes(widest, 1 << 20));
        }

        assertEquals(1L << 40, widest.usedBytes());
        assertFalse(takes(widest, 0));

        widest.release(1 << 20, 1L << 40);
        assertEquals(0, widest.usedBytes());
        assertTrue(takes(widest, Integer.MAX_VALUE));
    }

    @Test
    void hasRoomWhenAtMostHalfFullInBothMeasures() {
        assertTrue(takes(lane, MAX_BYTES / 2));
        assertTrue(hasRoomFor(1));

        assertTrue(takes(lane, 1));
        assertFalse(hasRoomFor(1), "more than half the bytes");

        lane.release(2, MAX_BYTES / 2 + 1);
        for (int i = 0; i <= MAX_MESSAGES / 2; i++) {
            assertTrue(takes(lane, 0));
        }
        assertFalse(hasRoomFor(1), "more than half the messages");
    }

    @Test
    void hasRoomForAMessageOfMoreThanHalfALaneWhenItFits() {
        assertTrue(takes(lane, MAX_BYTES / 4));
        assertTrue(hasRoomFor(MAX_BYTES - MAX_BYTES / 4));
        assertFalse(hasRoomFor(MAX_BYTES - MAX_BYTES / 4 + 1));

        lane.release(1, MAX_BYTES / 4);
        assertTrue(hasRoomFor(MAX_BYTES));
    }

    @Test
    void aMessageThatNeverFitsIsNotWaitedForLongerThanOthers() {
        assertTrue(takes(lane, MAX_BYTES / 2));

        assertTrue(hasRoomFor(MAX_BYTES + 1));
    }

    private boolean hasRoomFor(int bytes) {
        Message message = Message.of(ProtocolId.CONSENSUS_DIRECT_SEND_BCS, 0, new byte[bytes]);
        return lane.hasRoom(new Waiter(lane.lane(), message, () -> {}));
    }

    @Test
    void keepsWholeAndLargeMessagesApart() {
        lane.offer("large", 1, Form.STREAMED, true);
        lane.offer("whole", 1, Form.WHOLE, true);

        assertTrue(lane.ready(Form.WHOLE));
        assertEquals("whole", lane.poll(Form.WHOLE));
        assertFalse(lane.ready(Form.WHOLE));
        assertNull(lane.poll(Form.WHOLE));
        assertEquals("large", lane.poll(Form.STREAMED));
        assertEquals(2, lane.offered());
    }

    @Test
    void whatIsQueuedBehindALargeMessagePassesIt() {
        for (String element : List.of("large 1", "a", "b", "large 2", "c")) {
            assertEquals(
                    SendResult.ACCEPTED,
                    lane.offer(element, 1, element.startsWith("large") ? Form.STREAMED : Form.WHOLE, true));
        }

        assertTrue(lane.ready(Form.STREAMED));
        assertEquals("a", lane.poll(Form.WHOLE));
        assertEquals("b", lane.poll(Form.WHOLE));
        assertEquals("large 1", lane.poll(Form.STREAMED));
        lane.putBack("large 1", Form.STREAMED);
        assertEquals("c", lane.poll(Form.WHOLE));
        assertEquals("large 1", lane.poll(Form.STREAMED));
        assertEquals("large 2", lane.poll(Form.STREAMED));
        assertNull(lane.poll(Form.STREAMED));
        assertFalse(lane.ready(Form.WHOLE));
    }

    @Test
    void findsALargeMessageWhereverItWaits() {
        lane.offer("whole", 1, Form.WHOLE, true);
        lane.offer("large 1", 1, Form.STREAMED, true);
        lane.offer("large 2", 1, Form.STREAMED, true);

        assertFalse(lane.remove("large 3", Form.STREAMED));
        assertTrue(lane.remove("large 1", Form.STREAMED));

        assertEquals("large 2", lane.poll(Form.STREAMED));
        assertEquals("whole", lane.poll(Form.WHOLE));
        assertNull(lane.poll(Form.STREAMED));
    }

    /** Fails if a sender looks at the bounds and takes room in two steps: tried. */
    @Test
    void boundsHoldWhileManyThreadsSend() throws Exception {
        LaneQueue narrow = new LaneQueue(new Lane("narrow", 3, 300, Long.MAX_VALUE), Integer.MAX_VALUE);
        AtomicInteger sending = new AtomicInteger(3);
        List<Callable<Long>> runners = new ArrayList<>();
        for (int thread = 1; thread <= 3; thread++) {
            int size = 60 * thread;
            runners.add(() -> {
                long sent = 0;
                for (int i = 0; i < 200_000; i++) {
                    sent += takes(narrow, size) ? 1 : 0;
                }
                sending.decrementAndGet();
                return sent;
            });
        }
        runners.add(() -> -takeAndLookAtTheBounds(narrow, sending));

        try (Race race = new Race()) {
            assertEquals(
                    0, race.run(runners).stream().mapToLong(Long::longValue).sum(), "sent less taken");
        }

        assertEquals(0, narrow.usedBytes());
        assertTrue(takes(narrow, 300));
    }

    private static long takeAndLookAtTheBounds(LaneQueue narrow, AtomicInteger sending) {
        long taken = 0;
        while (sending.get() > 0 || narrow.ready(Form.WHOLE)) {
            long bytes = narrow.usedBytes();
            assertTrue(bytes <= 300, () -> bytes + " bytes");
            Object element = narrow.poll(Form.WHOLE);
            if (element != null) {
                long left = narrow.offered() - taken;
                assertTrue(left <= 3, () -> left + " messages");
                narrow.release(1, (Integer) element);
                taken++;
            }
        }
        return taken;
    }

    private static boolean takes(LaneQueue lane, int bytes) {
        return lane.offer(bytes, bytes, Form.WHOLE, true) == SendResult.ACCEPTED;
    }
}
