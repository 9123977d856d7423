/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.Message;
import io.softclose.net.ProtocolId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class QueueFrontTest {
    private final QueueFront front = new QueueFront();
    private final List<Object> taken = new ArrayList<>();

    @Test
    void theLastThatIsPushedIsTheFirst() {
        front.push("b");
        front.push("a");

        assertEquals(List.of("a", "b"), rest());
        assertTrue(front.isEmpty());
    }

    @Test
    void whatIsTakenInIsBehindWhatIsThereInItsOrder() {
        Deque<Object> queue = new ArrayDeque<>();
        for (int i = 0; i < 600; i++) {
            queue.add(i);
        }
        front.push("second");
        front.push("first");

        front.takeIn(700, queue::poll);

        List<Object> rest = rest();
        assertEquals(List.of("first", "second", 0, 1), rest.subList(0, 4));
        assertEquals(599, rest.get(601));
        assertEquals(602, rest.size());
        assertTrue(queue.isEmpty());
    }

    @Test
    void whatHasExpiredIsTakenOldestFirstAndTheRestKeepsItsOrder() {
        for (Object element : List.of("e", mortal(5), "d", mortal(3), mortal(9), "a")) {
            front.push(element);
        }

        assertTrue(front.expire(4, taken::add));
        assertEquals(List.of(3L), times(taken));
        assertTrue(front.expire(8, taken::add));
        assertEquals(List.of(3L, 5L), times(taken));
        assertFalse(front.expire(9, taken::add));

        assertEquals(List.of(3L, 5L, 9L), times(taken));
        assertEquals(List.of("a", "d", "e"), rest());
    }

    @Test
    void timesAreComparedWhereTheClockWrapsAround() {
        front.push(mortal(Long.MIN_VALUE + 5));
        front.push(mortal(Long.MAX_VALUE));

        assertTrue(front.expire(Long.MAX_VALUE - 1, taken::add));
        assertEquals(0, taken.size());
        assertTrue(front.expire(Long.MIN_VALUE, taken::add));
        assertEquals(1, taken.size());
        assertFalse(front.expire(Long.MIN_VALUE + 5, taken::add));
    }

    @Test
    void whatIsPushedLaterIsFound() {
        front.push(mortal(9));
        front.expire(1, taken::add);
        front.push(mortal(2));

        assertTrue(front.expire(3, taken::add));

        assertEquals(List.of(2L), times(taken));
    }

    @Test
    void aTakerThatThrowsLeavesTheElementAndTheRest() {
        for (Object element : List.of("c", mortal(2), "b", mortal(1), "a")) {
            front.push(element);
        }

        assertThrows(
                IllegalStateException.class,
                () -> front.expire(5, element -> {
                    if (((Envelope) element).expiresAt() == 2) {
                        throw new IllegalStateException("deliberate");
                    }
                    taken.add(element);
                }));

        assertEquals(List.of(1L), times(taken));
        front.expire(5, taken::add);
        assertEquals(List.of(1L, 2L), times(taken));
        assertEquals(List.of("a", "b", "c"), rest());
    }

    private static Envelope mortal(long expiresAt) {
        Message message = Message.of(ProtocolId.MEMPOOL_DIRECT_SEND, 0, new byte[1]);
        return new Envelope(message.withTimeToLive(Duration.ofSeconds(1)), null, expiresAt);
    }

    private static List<Long> times(List<Object> tickets) {
        return tickets.stream().map(element -> ((Envelope) element).expiresAt()).toList();
    }

    private List<Object> rest() {
        List<Object> rest = new ArrayList<>();
        for (Object element = front.poll(); element != null; element = front.poll()) {
            rest.add(element);
        }
        return rest;
    }
}
