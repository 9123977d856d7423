/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.netty.ThrowingLogs;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Turns that are asked for, without memory for that now and then. */
final class TaskQueueTest {
    private final Asked asked = new Asked();
    private final TaskQueue queue = new TaskQueue(asked);
    private final List<String> ran = new ArrayList<>();

    /** Counts, and fails if it has a failure. */
    private static final class Asked implements TaskQueue.Turns {
        private int soon;
        private int afterIo;
        private @Nullable Supplier<Throwable> failure;

        @Override
        public void begin() {}

        @Override
        public void end() {}

        @Override
        public void soon() {
            fail();
            soon++;
        }

        @Override
        public void afterIo() {
            fail();
            afterIo++;
        }

        private void fail() {
            Throwable failed = failure == null ? null : failure.get();
            if (failed instanceof Error error) {
                throw error;
            } else if (failed instanceof RuntimeException refused) {
                throw refused;
            }
        }
    }

    private void turnWithIo() {
        queue.beforeIo();
        queue.turn(true);
    }

    private static void busy() {
        long start = System.nanoTime();
        while (System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(1)) {
            Thread.onSpinWait();
        }
    }

    private Runnable task(String name) {
        return () -> ran.add(name);
    }

    @Test
    void aTaskWithoutMemoryForItsTurnFailsAndTheNextOneRuns() {
        asked.failure = () -> new OutOfMemoryError("on purpose");
        assertThrows(OutOfMemoryError.class, () -> queue.add(task("failed")));
        asked.failure = null;

        queue.add(task("next"));
        assertEquals(1, asked.soon);
        queue.turn(false);

        assertEquals(List.of("next"), ran);
    }

    /** It strikes wherever a stack ends: the task is there, and whoever gave it hears that it is not. */
    @Test
    void aTaskBehindWhichAnErrorStruckIsRunOrTakenBackAndTheQueueIsIdleAgain() {
        boolean[] remembers = {false, true};
        for (boolean takesBack : remembers) {
            ran.clear();
            Queue<Runnable> tasks = new ConcurrentLinkedQueue<>() {
                private static final long serialVersionUID = 1L;
                private int left = 1;

                @Override
                public boolean add(Runnable task) {
                    super.add(task);
                    if (left-- > 0) {
                        throw new StackOverflowError("on purpose");
                    }
                    return true;
                }

                @Override
                public boolean remove(Object task) {
                    return takesBack && super.remove(task);
                }
            };
            TaskQueue struck = new TaskQueue(asked, tasks);

            assertThrows(StackOverflowError.class, () -> struck.add(task("struck")));
            struck.turn(false);
            assertTrue(struck.isIdle(), "the loop spins");
            struck.add(task("next"));
            struck.turn(false);

            assertEquals(takesBack ? List.of("next") : List.of("struck", "next"), ran);
            assertTrue(struck.isIdle());
        }
    }

    @Test
    void manyTasksAskForOneTurn() {
        for (int i = 0; i < 10; i++) {
            queue.add(task("task"));
        }

        assertEquals(1, asked.soon);
        queue.turn(false);
        queue.add(task("task"));
        assertEquals(2, asked.soon);
    }

    /** It was asked for, and Netty has lost it: whoever takes one has all that waits. */
    @Test
    void aTurnThatGotLostIsMadeUpForByAnyOther() {
        queue.add(task("task"));

        queue.turn(true);

        assertEquals(List.of("task"), ran);
        queue.add(task("next"));
        assertEquals(2, asked.soon, "nobody was asked again");
    }

    @Test
    void whatIsLeftWaitsForTheNextTurnThoughNobodyCouldBeAskedForIt() {
        for (int i = 0; i < 300; i++) {
            queue.add(task("task " + i));
        }
        asked.failure = () -> new OutOfMemoryError("on purpose");
        queue.turn(false);
        assertTrue(ran.size() < 300);
        assertFalse(queue.isIdle());
        asked.failure = null;

        queue.turn(true);

        assertEquals(300, ran.size());
        assertTrue(queue.isIdle());
    }

    /** A step of a link's own, which nobody can tell that it failed. */
    @Test
    void aStepThatCannotBeATaskRunsInTheNextTurn() {
        asked.failure = () -> new OutOfMemoryError("on purpose");
        queue.post(task("step"));
        asked.failure = null;

        assertFalse(queue.isIdle(), "the loop would wait for I/O");
        queue.turn(true);

        assertEquals(List.of("step"), ran);
    }

    @Test
    void aStepThatWaitsForIoDoesSo() {
        queue.afterIo(task("step"));
        queue.turn(false);
        assertEquals(List.of(), ran);

        queue.beforeIo();
        queue.afterIo(task("within I/O"));
        queue.turn(false);
        assertEquals(List.of(), ran);
        queue.turn(true);
        assertEquals(List.of("step"), ran);

        turnWithIo();
        assertEquals(List.of("step", "within I/O"), ran);
        assertTrue(asked.afterIo > 0);
    }

    /** However few they are. */
    @Test
    void slowTasksAreFewInATurn() {
        for (int i = 0; i < 100; i++) {
            queue.add(() -> {
                busy();
                ran.add("slow");
            });
        }

        queue.turn(false);

        assertTrue(ran.size() <= 5, () -> ran.size() + " tasks of 1 ms in a turn");
        while (!queue.isIdle()) {
            turnWithIo();
        }
        assertEquals(100, ran.size());
    }

    /** They are due all at once, and a task comes behind them. */
    @Test
    void slowTimersLeaveTasksTheirTurn() {
        for (int i = 0; i < 100; i++) {
            queue.due(() -> {
                busy();
                ran.add("timer");
            });
        }
        queue.add(task("task"));

        queue.turn(false);

        assertTrue(ran.indexOf("task") >= 0 && ran.indexOf("task") < 10, () -> ran.toString());
        while (!queue.isIdle()) {
            turnWithIo();
        }
        assertEquals(101, ran.size());
    }

    @Test
    void aQueueWhoseLoopHasEndedRefuses() {
        asked.failure = () -> new RejectedExecutionException("ended");

        assertThrows(RejectedExecutionException.class, () -> queue.add(task("one")));
        assertThrows(RejectedExecutionException.class, () -> queue.add(task("two")));
        assertTrue(queue.isEmpty());
    }

    @Test
    void aStoppedQueueRunsWhatItHasAndRefuses() {
        queue.add(task("task"));
        queue.afterIo(task("step"));

        queue.stop();

        assertEquals(List.of("step", "task"), ran);
        assertThrows(RejectedExecutionException.class, () -> queue.add(task("late")));
        queue.post(task("late"));
        turnWithIo();
        assertEquals(List.of("step", "task"), ran);
    }

    /** Its step was put off, for want of memory. */
    @Test
    void aStoppedQueueRunsWhatItHasPutOff() {
        asked.failure = () -> new OutOfMemoryError("on purpose");
        queue.post(task("step"));

        queue.stop();

        assertEquals(List.of("step"), ran);
    }

    @Test
    void aTaskThatThrowsAnythingStopsNothing() {
        queue.add(() -> {
            throw new StackOverflowError("on purpose");
        });
        queue.add(task("next"));
        queue.afterIo(() -> {
            throw new OutOfMemoryError("on purpose");
        });
        queue.afterIo(task("step"));

        turnWithIo();
        // It was late, if logging took its time.
        turnWithIo();

        assertEquals(List.of("step", "next"), ran);
    }

    /** A full disk behind the logger, of which a task is the cause to be logged. */
    @Test
    void aLoggerThatThrowsStopsNothing() {
        try (ThrowingLogs logs = ThrowingLogs.of("io.softclose.net.netty")) {
            queue.add(() -> {
                throw new IllegalStateException("on purpose");
            });
            queue.add(task("next"));
            asked.failure = () -> new OutOfMemoryError("on purpose");

            turnWithIo();
            turnWithIo();

            assertEquals(List.of("next"), ran);
            assertTrue(logs.thrown() >= 1, () -> logs.thrown() + " calls");
        }
    }
}
