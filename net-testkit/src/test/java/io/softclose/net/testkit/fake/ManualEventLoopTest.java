/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.spi.Scheduler.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ManualEventLoopTest {
    private final ManualEventLoop loop = new ManualEventLoop();
    private final List<String> ran = new ArrayList<>();

    @Test
    void nothingRunsUntilTold() {
        loop.execute(() -> ran.add("task"));

        assertEquals(List.of(), ran);
        assertEquals(1, loop.readyTasks());

        loop.runReady();

        assertEquals(List.of("task"), ran);
        assertEquals(0, loop.readyTasks());
    }

    @Test
    void aTaskGivenByATaskRunsAfterThoseGivenBefore() {
        loop.execute(() -> {
            ran.add("first");
            loop.execute(() -> ran.add("third"));
        });
        loop.execute(() -> ran.add("second"));

        loop.runReady();

        assertEquals(List.of("first", "second", "third"), ran);
    }

    @Test
    void theThreadThatRunsItIsTheLoopWhileItDoes() {
        List<Boolean> inLoop = new ArrayList<>();
        loop.execute(() -> inLoop.add(loop.inEventLoop()));

        loop.runReady();
        inLoop.add(loop.inEventLoop());

        assertEquals(List.of(true, false), inLoop);
    }

    @Test
    void timersRunAtTheirTimeInTheirOrder() {
        long start = loop.nanoTime();
        loop.runNow(() -> {
            scheduleRecording(3_000, "late", start);
            scheduleRecording(1_000, "early", start);
            scheduleRecording(1_000, "early too", start);
        });

        loop.advance(Duration.ofNanos(2_000));

        assertEquals(List.of("early at 1000", "early too at 1000"), ran);
        assertEquals(start + 2_000, loop.nanoTime());
        assertEquals(OptionalLong.of(1_000), loop.nanosToNextTimer());

        loop.advance(Duration.ofNanos(1_000));

        assertEquals(List.of("early at 1000", "early too at 1000", "late at 3000"), ran);
        assertEquals(0, loop.pendingTimers());
    }

    @Test
    void whatATimerMakesReadyRunsBeforeTheNextTimer() {
        loop.runNow(() -> {
            loop.schedule(10, () -> loop.execute(() -> ran.add("task of the first")));
            loop.schedule(20, () -> ran.add("second"));
        });

        loop.advance(Duration.ofNanos(20));

        assertEquals(List.of("task of the first", "second"), ran);
    }

    @Test
    void aTimerWithoutDelayIsReady() {
        loop.runNow(() -> loop.schedule(0, () -> ran.add("timer")));

        loop.runReady();

        assertEquals(List.of("timer"), ran);
    }

    @Test
    void timersOfOneAdvanceMayScheduleOthersWithinIt() {
        long start = loop.nanoTime();
        loop.runNow(() -> loop.schedule(10, () -> scheduleRecording(10, "second", start)));

        loop.advance(Duration.ofNanos(30));

        assertEquals(List.of("second at 20"), ran);
    }

    @Test
    void theClockWrapsAroundAndTimersStayInOrder() {
        loop.runNow(() -> {
            loop.schedule(Duration.ofSeconds(5).toNanos(), () -> ran.add("after it wraps"));
            loop.schedule(Duration.ofMillis(1).toNanos(), () -> ran.add("before it wraps"));
            loop.schedule(Long.MAX_VALUE, () -> ran.add("never"));
        });
        long start = loop.nanoTime();

        loop.advance(Duration.ofSeconds(10));

        assertTrue(loop.nanoTime() < start, "the clock has wrapped around");
        assertEquals(List.of("before it wraps", "after it wraps"), ran);
        assertEquals(1, loop.pendingTimers());
    }

    @Test
    void aCancelledTimerDoesNotRun() {
        loop.runNow(() -> {
            Timer timer = loop.schedule(10, () -> ran.add("timer"));
            timer.cancel();
            timer.cancel();
        });

        loop.advance(Duration.ofNanos(10));

        assertEquals(List.of(), ran);
        assertEquals(0, loop.pendingTimers());
    }

    @Test
    void advancesFromTimerToTimer() {
        long start = loop.nanoTime();
        loop.runNow(() -> scheduleRecording(10, "timer", start));

        assertTrue(loop.advanceToNextTimer());
        assertEquals(List.of("timer at 10"), ran);
        assertFalse(loop.advanceToNextTimer());
        assertEquals(start + 10, loop.nanoTime());
    }

    @Test
    void timersAreRefusedOffTheLoop() {
        Timer[] timer = new Timer[1];
        loop.runNow(() -> timer[0] = loop.schedule(10, () -> {}));

        assertThrows(IllegalStateException.class, () -> loop.schedule(10, () -> {}));
        assertThrows(IllegalStateException.class, () -> timer[0].cancel());
    }

    @Test
    void endlessTasksFailInsteadOfHanging() {
        ManualEventLoop bounded = new ManualEventLoop(100);
        AtomicInteger count = new AtomicInteger();
        Runnable endless = new Runnable() {
            @Override
            public void run() {
                count.incrementAndGet();
                bounded.execute(this);
            }
        };
        bounded.execute(endless);

        AssertionError failure = assertThrows(AssertionError.class, bounded::runReady);

        assertEquals(100, count.get());
        assertTrue(failure.toString().contains("tasks: 100 have run and there are more"), failure.toString());
    }

    @Test
    void endlessTimersFailInsteadOfHanging() {
        ManualEventLoop bounded = new ManualEventLoop(100);
        Runnable endless = new Runnable() {
            @Override
            public void run() {
                bounded.schedule(0, this);
            }
        };
        bounded.runNow(() -> bounded.schedule(5, endless));

        assertThrows(AssertionError.class, () -> bounded.advance(Duration.ofNanos(5)));
    }

    @Test
    void whatATaskThrowsStopsNothingAndFailsTheVerification() {
        IllegalStateException thrown = new IllegalStateException("deliberate");
        loop.execute(() -> {
            throw thrown;
        });
        loop.execute(() -> ran.add("next"));

        loop.runReady();

        assertEquals(List.of("next"), ran);
        assertSame(thrown, assertThrows(AssertionError.class, loop::verify).getCause());
    }

    @Test
    void whatWasTakenNoLongerFailsTheVerification() {
        IllegalStateException thrown = new IllegalStateException("deliberate");
        loop.execute(() -> {
            throw thrown;
        });
        loop.runReady();

        assertEquals(List.of(thrown), loop.takeThrown());
        loop.verify();
    }

    @Test
    void aStoppedLoopRefusesTasksButRunsThoseItHas() {
        loop.execute(() -> ran.add("before"));
        loop.stop();

        assertThrows(RejectedExecutionException.class, () -> loop.execute(() -> ran.add("after")));
        loop.runReady();

        assertEquals(List.of("before"), ran);
    }

    @Test
    void isNotRunFromItsOwnTasks() {
        loop.execute(loop::runReady);

        loop.runReady();

        assertTrue(loop.takeThrown().get(0) instanceof IllegalStateException);
    }

    @Test
    void runsTheTasksOfOtherThreadsUntilAConditionHolds() throws InterruptedException {
        int threads = 3;
        int tasks = 10_000;
        AtomicInteger count = new AtomicInteger();
        List<Thread> senders = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Thread sender = new Thread(() -> {
                for (int task = 0; task < tasks; task++) {
                    // Not atomic on purpose: the loop runs one task at a time.
                    loop.execute(() -> count.setPlain(count.getPlain() + 1));
                }
            });
            sender.start();
            senders.add(sender);
        }

        loop.runUntil(() -> count.get() == threads * tasks);

        for (Thread sender : senders) {
            sender.join();
        }
        assertEquals(0, loop.readyTasks());
        loop.verify();
    }

    private void scheduleRecording(long delayNanos, String name, long start) {
        loop.schedule(delayNanos, () -> ran.add(name + " at " + (loop.nanoTime() - start)));
    }
}
