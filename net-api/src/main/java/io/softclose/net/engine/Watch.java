/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine;

import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.EventLoop.Timer;
import org.jspecify.annotations.Nullable;

/** What time brings to a connection that waits for something else than its link: memory. Loop only. */
final class Watch {
    private final EventLoop loop;
    private final Writer writer;
    private final Runnable work;
    private @Nullable Timer timer;

    /**
     * Watches nothing yet.
     *
     * @param work run when there may be something to do
     */
    Watch(EventLoop loop, Writer writer, Runnable work) {
        this.loop = loop;
        this.writer = writer;
        this.work = work;
    }

    /** Looks whether there is something to watch, after the writer has done what it could. */
    void look() {
        if (timer == null && writer.memoryShort()) {
            timer = loop.schedule(BatchPool.SHORTAGE_NANOS, this::wake);
        }
    }

    void stop() {
        Timer running = timer;
        if (running != null) {
            timer = null;
            running.cancel();
        }
    }

    private void wake() {
        timer = null;
        work.run();
    }
}
