/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.loop;

import io.softclose.net.spi.InputEnd;
import io.softclose.net.spi.LinkHandler;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * When a loop is at work for a connection: for an event of its link, a task or a timer. Somebody else may look whether it
 * is still at the one it was at before; the loop reads no clock for that.
 */
public final class Visits {
    /** Who counts what a loop does for a connection. Called on it. */
    public interface Counter {
        /** Bytes of the peer's have come. */
        void heard(int bytes);

        /** A visit ends: what others see of the figures is brought up to date. */
        void publish();
    }

    private static final VarHandle COUNT;

    static {
        try {
            COUNT = MethodHandles.lookup().findVarHandle(Visits.class, "count", long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    // Confined to the loop.
    /** Counts the visits' work; none before the connection is made. */
    private @Nullable Counter counter;

    // Written by the loop, read by the watch.
    private @Nullable Thread thread;
    /** Odd during a visit. */
    private long count;

    // Confined to the watch.
    private long seen;
    private int looks;

    /** Has somebody count each visit from now on; hands it back. */
    public <C extends Counter> C countedBy(C counting) {
        counter = counting;
        return counting;
    }

    void begin() {
        thread = Thread.currentThread();
        COUNT.setRelease(this, count + 1);
    }

    void end() {
        if (counter != null) {
            counter.publish();
        }
        COUNT.setRelease(this, count + 1);
    }

    /**
     * Looks, as one thread does now and then.
     *
     * @return how often in a row the loop has been found in the same visit, not counting the first time
     */
    public int look() {
        long now = (long) COUNT.getAcquire(this);
        boolean same = now == seen && (now & 1) == 1;
        seen = now;
        looks = same ? looks + 1 : 0;
        return looks;
    }

    /** The loop's thread at the last visit; null if there was none. */
    public @Nullable Thread thread() {
        return thread;
    }

    /** A handler whose events are visits. */
    public LinkHandler during(LinkHandler handler) {
        return new Visited(handler);
    }

    private final class Visited implements LinkHandler {
        private final LinkHandler handler;

        Visited(LinkHandler handler) {
            this.handler = handler;
        }

        @Override
        public void onConnected() {
            begin();
            try {
                handler.onConnected();
            } finally {
                end();
            }
        }

        @Override
        public void onRead(ByteBuffer data) {
            begin();
            if (counter != null) {
                counter.heard(data.remaining());
            }
            try {
                handler.onRead(data);
            } finally {
                end();
            }
        }

        @Override
        public void onWritable() {
            begin();
            try {
                handler.onWritable();
            } finally {
                end();
            }
        }

        @Override
        public void onInputClosed(InputEnd end) {
            begin();
            try {
                handler.onInputClosed(end);
            } finally {
                end();
            }
        }

        @Override
        public void onClosed(@Nullable Throwable cause) {
            begin();
            try {
                handler.onClosed(cause);
            } finally {
                end();
            }
        }
    }
}
