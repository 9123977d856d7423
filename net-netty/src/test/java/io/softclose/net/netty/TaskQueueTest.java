/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The pump on an executor that has no memory for it now and then. */
final class TaskQueueTest {
    private final Given now = new Given();
    private final Given afterIo = new Given();
    private final TaskQueue queue = new TaskQueue(now, afterIo);
    private final List<String> ran = new ArrayList<>();

    /** Keeps what it is given until it is run. */
    private static final class Given implements Executor {
        private final Queue<Runnable> commands = new ArrayDeque<>();
        private @Nullable Supplier<Throwable> failure;

        @Override
        public void execute(Runnable command) {
            if (failure != null && failure.get() instanceof Error error) {
                throw error;
            } else if (failure != null && failure.get() instanceof RuntimeException refused) {
                throw refused;
            }
            commands.add(command);
        }

        void run() {
            for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
                command.run();
            }
        }
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
    void aTaskWithoutMemoryForItsPumpFailsAndTheNextOneRuns() {
        now.failure = () -> new OutOfMemoryError("on purpose");
        assertThrows(OutOfMemoryError.class, () -> queue.add(task("failed")));
        now.failure = null;

        queue.add(task("next"));
        now.run();

        assertEquals(List.of("next"), ran);
    }

    /** They were accepted; no other task may come to start the pump. */
    @Test
    void tasksWhosePumpCannotComeBackAreFoundLater() {
        for (int i = 0; i < 300; i++) {
            queue.add(task("task " + i));
        }
        afterIo.failure = () -> new OutOfMemoryError("on purpose");
        now.run();
        assertTrue(ran.size() < 300);
        afterIo.failure = null;

        queue.resume();
        afterIo.run();

        assertEquals(300, ran.size());
    }

    @Test
    void resumingAQueueWhosePumpIsOnItsWayDoesNothing() {
        queue.add(task("task"));

        queue.resume();

        assertEquals(List.of(), ran);
        now.run();
        assertEquals(List.of("task"), ran);
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

        now.run();

        assertTrue(ran.size() <= 5, () -> ran.size() + " tasks of 1 ms in a turn");
        afterIo.run();
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

        now.run();

        assertTrue(ran.indexOf("task") >= 0 && ran.indexOf("task") < 10, () -> ran.toString());
        afterIo.run();
        assertEquals(101, ran.size());
    }

    @Test
    void aQueueWhoseLoopHasEndedRefuses() {
        now.failure = () -> new RejectedExecutionException("ended");

        assertThrows(RejectedExecutionException.class, () -> queue.add(task("one")));
        assertThrows(RejectedExecutionException.class, () -> queue.add(task("two")));
        assertTrue(queue.isEmpty());
    }

    @Test
    void aTaskThatThrowsAnythingStopsNothing() {
        queue.add(() -> {
            throw new StackOverflowError("on purpose");
        });
        queue.add(task("next"));

        now.run();
        // It was late, if logging took its time.
        afterIo.run();

        assertEquals(List.of("next"), ran);
    }
}
