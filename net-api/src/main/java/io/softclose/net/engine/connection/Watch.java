/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.connection;

import io.softclose.net.engine.Nanos;
import io.softclose.net.engine.stream.BatchPool;
import io.softclose.net.engine.stream.Writer;
import io.softclose.net.engine.stream.Writer.Progress;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Scheduler.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks for what no event of the link tells while a connection's messages wait: they have outlived their time, there is
 * memory again, the peer has taken nothing for too long. One timer, set only while one of these may come. Loop only.
 */
final class Watch {
    /** How long after its time a message that waits expires, at most. */
    private static final long EXPIRY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    /** How often, within the write timeout, an attempt to write shows whether the peer takes anything. */
    private static final int LOOKS_PER_TIMEOUT = 4;

    private static final long NEVER = Long.MAX_VALUE;

    private final EventLoop loop;
    private final Writer writer;
    private final long writeTimeoutNanos;
    private final Runnable work;
    private final Consumer<Duration> stalled;

    private boolean closing;
    private @Nullable Timer timer;
    private long dueAt;

    /**
     * Watches nothing yet.
     *
     * @param writeTimeout zero for none
     * @param work run when there may be something to do
     * @param stalled told for how long the peer has taken nothing, when that is too long
     */
    Watch(EventLoop loop, Writer writer, Duration writeTimeout, Runnable work, Consumer<Duration> stalled) {
        this.loop = loop;
        this.writer = writer;
        this.writeTimeoutNanos = Nanos.of(writeTimeout);
        this.work = work;
        this.stalled = stalled;
    }

    /** From now on a close judges whether the peer takes too little. */
    void closing() {
        closing = true;
    }

    /** Looks whether there is something to watch, after the writer has done what it could. */
    void look() {
        if (writer.progress() != Progress.BLOCKED && !writer.waitsToStart() && !closing) {
            // A timer that is set will find nothing to do: links block and go on too often to cancel one each time.
            return;
        }
        long delay = writer.memoryShort() ? BatchPool.SHORTAGE_NANOS : NEVER;
        if (writer.mayExpire()) {
            delay = Math.min(delay, EXPIRY_NANOS);
        }
        if (writeMayTimeOut()) {
            long left = Math.max(1, writeTimeoutNanos - waited());
            delay = Math.min(delay, Math.min(left, Math.max(1, writeTimeoutNanos / LOOKS_PER_TIMEOUT)));
        }
        if (delay != NEVER) {
            set(delay);
        }
    }

    void stop() {
        Timer running = timer;
        if (running != null) {
            timer = null;
            running.cancel();
        }
    }

    private void set(long delay) {
        long at = loop.nanoTime() + delay;
        if (timer == null || at - dueAt < 0) {
            stop();
            dueAt = at;
            timer = loop.schedule(delay, this::wake);
        }
    }

    private void wake() {
        timer = null;
        if (writeMayTimeOut()) {
            writer.push();
        }
        if (writer.mayExpire()) {
            writer.expireWaiting();
        }
        work.run();
        // Once more: the application may have kept the loop since, and the peer have taken something meanwhile.
        if (writeHasTimedOut() && !writer.push() && writeHasTimedOut()) {
            stalled.accept(Duration.ofNanos(waited()));
        }
    }

    private boolean writeHasTimedOut() {
        return writeMayTimeOut() && waited() >= writeTimeoutNanos;
    }

    private boolean writeMayTimeOut() {
        return writeTimeoutNanos > 0 && !closing && writer.bytesOnTheWay() > 0;
    }

    /** For how long the peer has taken nothing of what is on the way. */
    private long waited() {
        return loop.nanoTime() - writer.waitingSince();
    }
}
