/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A queue without memory to grow. */
final class LosslessQueueTest {
    private boolean exhausted;
    private final LosslessQueue<Integer> queue = new LosslessQueue<>(0, this::array);

    private @Nullable Object[] array(int size) {
        if (exhausted) {
            throw new OutOfMemoryError("on purpose");
        }
        return new Object[size];
    }

    private void assertHolds(int from, int to) {
        for (int i = from; i < to; i++) {
            assertEquals(i, queue.element());
            assertEquals(i, queue.remove());
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
                assertEquals(removed++, queue.remove());
            }
            assertEquals(added - removed, queue.size());
            assertEquals(added - removed, queue.stream().count());
        }

        assertHolds(removed, added);
    }

    @Test
    void anEmptyQueueHasNoElement() {
        assertThrows(NoSuchElementException.class, queue::remove);
        queue.add(1);
        queue.clear();

        assertThrows(NoSuchElementException.class, queue::element);
        assertEquals(0, queue.stream().count());
    }
}
