/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.softclose.net.SendResult;
import io.softclose.net.engine.Interleavings;
import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What two threads offer finds room, and comes out once each, in each thread's order; what the consumer was told is ready is there. */
@Tag("races")
class SegmentedQueueRaceTest {
    @Test
    void losesAndDoublesNothingInItsFirstSegment() {
        Interleavings.ofStory(FirstSegment.class);
    }

    @Test
    void losesAndDoublesNothingAcrossTheEndOfASegment() {
        Interleavings.ofStory(NextSegment.class);
    }

    @Test
    void losesAndDoublesNothingInRealThreads() {
        Interleavings.stressStory(NextSegment.class);
    }

    /** Two producers and a consumer. */
    public abstract static class Story {
        private final SegmentedQueue queue = new SegmentedQueue(4, 4);
        private final List<Object> taken = new ArrayList<>();

        Story(int before) {
            Interleavings.alone(() -> {
                for (int i = 0; i < before; i++) {
                    offer(i);
                    queue.poll();
                    queue.gate().leave(1, 1);
                }
            });
        }

        @Operation
        public void consumer() {
            take();
            take();
            take();
        }

        @Operation
        public void producer() {
            offer("a");
            offer("b");
        }

        @Operation
        public void secondProducer() {
            offer("1");
            offer("2");
        }

        @Validate
        public void everythingCameOutOnce() {
            while (queue.peek() != null) {
                take();
            }
            assertEquals(4, taken.size(), () -> "taken: " + taken);
            assertEquals(
                    List.of("a", "b"),
                    taken.stream().filter(List.of("a", "b")::contains).toList());
            assertEquals(
                    List.of("1", "2"),
                    taken.stream().filter(List.of("1", "2")::contains).toList());
        }

        private void offer(Object element) {
            assertEquals(SendResult.ACCEPTED, queue.offer(element, 1, true));
        }

        private void take() {
            Object ready = queue.peek();
            Object element = queue.poll();
            if (ready != null) {
                assertSame(ready, element, "what was ready");
            }
            if (element != null) {
                taken.add(element);
                queue.gate().leave(1, 1);
            }
        }
    }

    /** Begins at the first slot of a new queue. */
    public static class FirstSegment extends Story {
        public FirstSegment() {
            super(0);
        }
    }

    /** Begins at a segment's last slot but one; one that was used before will be the next. */
    public static class NextSegment extends Story {
        public NextSegment() {
            super(2 * SegmentedQueue.SEGMENT_SIZE - 2);
        }
    }
}
