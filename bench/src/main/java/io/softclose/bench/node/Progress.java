/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.node;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Tells now and then how far something is; what takes less than the time between two lines tells nothing. */
public final class Progress implements AutoCloseable {
    private final ScheduledExecutorService timer;

    private Progress(ScheduledExecutorService timer) {
        this.timer = timer;
    }

    /**
     * Tells until closed.
     *
     * @param time between two lines, and before the first
     * @param line made for each, on a thread of this
     */
    public static Progress every(Duration time, Supplier<String> line, Consumer<String> told) {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "softclose-progress");
            thread.setDaemon(true);
            return thread;
        });
        var ignored = timer.scheduleWithFixedDelay(
                () -> told.accept(line.get()), time.toNanos(), time.toNanos(), TimeUnit.NANOSECONDS);
        return new Progress(timer);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
