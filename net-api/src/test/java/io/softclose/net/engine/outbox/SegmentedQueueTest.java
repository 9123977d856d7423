/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.softclose.net.SendResult;
import io.softclose.net.engine.Race;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentedQueueTest {
    private static final int PRODUCERS = 4;
    private static final int EACH = 50_000;

    @Test
    void anEmptyQueueHasNothingReady() {
        SegmentedQueue queue = queue(1024);

        assertNull(queue.peek());
        assertNull(queue.poll());
        assertEquals(0, queue.gate().count());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 255, 256, 257, 511, 512, 513, 1024, 5000})
    void isFifoOverManyRoundsOfItsDirectory(int capacity) {
        SegmentedQueue queue = queue(capacity);
        long in = 0;
        long out = 0;

        for (int round = 0; round < 40; round++) {
            // Another phase each round, so that fills begin and end everywhere in a segment.
            int fill = 1 + (round * 97) % capacity;
            for (int i = 0; i < fill; i++) {
                offer(queue, in++);
            }
            while (out < in) {
                assertEquals(out, queue.peek());
                assertEquals(out++, take(queue));
            }
            assertNull(queue.peek());
            assertNull(queue.poll());
        }

        assertEquals(in, queue.gate().count());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 256, 257, 1024})
    void holdsAsManyAsItsCapacityWhereverItStarts(int capacity) {
        for (int start = 0; start < 2 * SegmentedQueue.SEGMENT_SIZE; start += 51) {
            SegmentedQueue queue = queue(capacity);
            for (int i = 0; i < start; i++) {
                offer(queue, i);
                assertNotNull(take(queue));
            }

            for (int i = 0; i < capacity; i++) {
                offer(queue, i);
            }

            for (int i = 0; i < capacity; i++) {
                assertEquals(i, take(queue));
            }
        }
    }

    /**
     * Four producers and the consumer share few slots, so that segments are recycled all the time. Fails if an emptied
     * segment stays in the directory, if a producer that loses the race for a directory entry keeps its own segment, or
     * if slots are not cleared: all three were tried.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 256, 300, 4096})
    void losesAndDoublesNothingAndKeepsEachProducersOrder(int capacity) throws Exception {
        SegmentedQueue queue = queue(capacity);
        Semaphore room = new Semaphore(capacity);
        int each = capacity < SegmentedQueue.SEGMENT_SIZE ? EACH / 10 : EACH;
        List<Callable<Void>> runners = new ArrayList<>();
        for (int producer = 0; producer < PRODUCERS; producer++) {
            int number = producer;
            runners.add(() -> produce(queue, room, number, each));
        }
        runners.add(() -> consume(queue, room, each));

        try (Race race = new Race()) {
            race.run(runners);
        }

        assertNull(queue.poll());
        assertEquals((long) PRODUCERS * each, queue.gate().count());
    }

    private static SegmentedQueue queue(int capacity) {
        return new SegmentedQueue(capacity, 0);
    }

    private static void offer(SegmentedQueue queue, Object element) {
        assertEquals(SendResult.ACCEPTED, queue.offer(element, 0, true));
    }

    private static @Nullable Object take(SegmentedQueue queue) {
        Object element = queue.poll();
        if (element != null) {
            queue.gate().leave(1, 0);
        }
        return element;
    }

    private static Void produce(SegmentedQueue queue, Semaphore room, int producer, int count)
            throws InterruptedException {
        for (int i = 0; i < count; i++) {
            if (!room.tryAcquire(Race.SAFETY_NET.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new AssertionError("producer " + producer + " waits for room at " + i);
            }
            offer(queue, new Element(producer, i));
        }
        return null;
    }

    private static Void consume(SegmentedQueue queue, Semaphore room, int each) {
        int[] next = new int[PRODUCERS];
        long deadline = System.nanoTime() + Race.SAFETY_NET.toNanos();
        for (int left = PRODUCERS * each; left > 0; ) {
            Element element = (Element) take(queue);
            if (element == null) {
                if (System.nanoTime() - deadline > 0) {
                    throw new AssertionError(left + " elements did not come out");
                }
                Thread.onSpinWait();
                continue;
            }
            assertEquals(next[element.producer]++, element.number, "of producer " + element.producer);
            left--;
            room.release();
        }
        return null;
    }

    private record Element(int producer, int number) {}
}
