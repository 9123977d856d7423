/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.softclose.net.nio.base.TimerQueue;
import io.softclose.net.spi.Scheduler.Timer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

final class TimerQueueTest {
    /** Close to where nanoTime wraps around. */
    private final long now = Long.MAX_VALUE - 500;

    private final TimerQueue queue = new TimerQueue();
    private final List<Integer> ran = new ArrayList<>();

    private record Scheduled(int number, long deadline, Timer timer) {}

    @RepeatedTest(50)
    void timersComeInOrderWhateverIsCancelled(RepetitionInfo seed) {
        SplittableRandom random = new SplittableRandom(seed.getCurrentRepetition());
        List<Scheduled> pending = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            int number = i;
            long delay = random.nextInt(1000);
            Timer timer = queue.schedule(now, delay, () -> ran.add(number));
            pending.add(new Scheduled(number, delay, timer));
            if (random.nextInt(3) == 0) {
                Scheduled cancelled = pending.remove(random.nextInt(pending.size()));
                cancelled.timer().cancel();
                cancelled.timer().cancel();
            }
        }
        assertEquals(pending.size(), queue.size());

        for (long passed = 0; passed <= 1000; passed += 10) {
            runDue(later(passed));
        }

        List<Integer> expected = pending.stream()
                .sorted(Comparator.comparingLong(Scheduled::deadline).thenComparingInt(Scheduled::number))
                .map(Scheduled::number)
                .toList();
        assertEquals(expected, ran, () -> "seed " + seed.getCurrentRepetition());
        assertEquals(0, queue.size());
    }

    @Test
    void aTimerIsNotDueBeforeItsDeadline() {
        queue.schedule(now, 1000, () -> ran.add(1));

        assertNull(queue.pollDue(later(999)));
        assertEquals(1, queue.nanosToNext(later(999)));
        assertNotNull(queue.pollDue(later(1000)));
    }

    @Test
    void anEmptyQueueHasNoDeadline() {
        assertEquals(Long.MAX_VALUE, queue.nanosToNext(now));

        queue.schedule(now, 5, () -> ran.add(1)).cancel();

        assertEquals(Long.MAX_VALUE, queue.nanosToNext(now));
        assertNull(queue.pollDue(later(5)));
    }

    @Test
    void theFarthestTimerComesAfterEveryOther() {
        queue.schedule(now, Long.MAX_VALUE, () -> ran.add(2));
        queue.schedule(later(10), 7, () -> ran.add(1));

        runDue(later(1_000_000));

        assertEquals(List.of(1), ran);
        assertEquals(1, queue.size());
    }

    @Test
    void aDeadlineThatPassedIsZeroAway() {
        queue.schedule(now, 5, () -> ran.add(1));

        assertEquals(0, queue.nanosToNext(later(50)));
    }

    /** Wraps around, as the clock may. */
    private long later(long nanos) {
        return now + nanos;
    }

    private void runDue(long then) {
        for (Runnable task = queue.pollDue(then); task != null; task = queue.pollDue(then)) {
            task.run();
        }
    }
}
