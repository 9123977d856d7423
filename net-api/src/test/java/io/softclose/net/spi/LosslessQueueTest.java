/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A queue without memory to grow. */
final class LosslessQueueTest {
    private boolean exhausted;
    private final LosslessQueue<Integer> queue = new LosslessQueue<>(this::array);

    private @Nullable Object[] array(int size) {
        if (exhausted) {
            throw new OutOfMemoryError("on purpose");
        }
        return new Object[size];
    }

    private void assertHolds(int from, int to) {
        for (int i = from; i < to; i++) {
            assertEquals(i, queue.peek());
            assertEquals(i, queue.poll());
        }
        assertTrue(queue.isEmpty());
    }

    /** {@link java.util.ArrayDeque} forgets all that it holds, and of what comes then as much again. */
    @Test
    void anElementWithoutMemoryIsRefusedAndTheOthersStay() {
        int count = 0;
        exhausted = false;
        queue.add(count++);
        exhausted = true;
        while (true) {
            try {
                queue.add(count);
                count++;
            } catch (OutOfMemoryError full) {
                break;
            }
        }
        int full = count;
        assertThrows(OutOfMemoryError.class, () -> queue.add(full));
        exhausted = false;
        queue.add(count++);

        assertEquals(count, queue.size());
        assertHolds(0, count);
    }

    @Test
    void elementsKeepTheirOrderHoweverTheQueueGrowsAndShrinks() {
        int added = 0;
        int removed = 0;
        for (int round = 1; round < 50; round++) {
            for (int i = 0; i < round; i++) {
                queue.add(added++);
            }
            for (int i = 0; i < (round + 1) / 2; i++) {
                assertEquals(removed++, queue.poll());
            }
            assertEquals(added - removed, queue.size());
            assertEquals(added - removed, queue.toList().size());
        }

        assertHolds(removed, added);
    }

    @Test
    void anEmptyQueueHasNoElement() {
        assertNull(queue.poll());
        queue.add(1);
        queue.clear();

        assertNull(queue.poll());
        assertNull(queue.peek());
        assertTrue(queue.toList().isEmpty());
    }

    @Test
    void whatWasTakenComesBackAsTheFirstWithoutMemory() {
        for (int i = 0; i < 4; i++) {
            queue.add(i);
        }
        exhausted = true;

        assertEquals(0, queue.poll());
        queue.addFirst(0);
        assertThrows(OutOfMemoryError.class, () -> queue.addFirst(-1));

        assertHolds(0, 4);
    }

    @Test
    void anElementIsTakenOutWhereverItStands() {
        for (int i = 0; i < 4; i++) {
            queue.add(i);
        }
        queue.poll();
        queue.add(4);

        assertTrue(queue.remove(2));
        assertFalse(queue.remove(2));

        assertEquals(List.of(1, 3, 4), queue.toList());
    }
}
