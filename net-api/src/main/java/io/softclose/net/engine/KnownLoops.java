/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine;

import io.softclose.net.spi.EventLoop;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The event loops on which any network of this process has had a connection, for as long as somebody else keeps them.
 * Their threads must not wait for what needs an event loop: one that waits for itself waits for ever, and so do two
 * that wait for each other. Thread-safe.
 */
public final class KnownLoops {
    private static final Set<Known> LOOPS = ConcurrentHashMap.newKeySet();
    private static final ReferenceQueue<EventLoop> GONE = new ReferenceQueue<>();

    private KnownLoops() {}

    /** Gets to know a loop. Idempotent. */
    public static void add(EventLoop loop) {
        for (Reference<?> gone = GONE.poll(); gone != null; gone = GONE.poll()) {
            LOOPS.remove(gone);
        }
        LOOPS.add(new Known(loop));
    }

    /**
     * Refuses to wait on an event loop.
     *
     * @param call what would wait
     * @param expected what to do instead
     * @throws IllegalStateException if the calling thread is a known loop
     */
    public static void refuseToWait(String call, String expected) {
        if (includeThisThread()) {
            throw new IllegalStateException(
                    call + " would block an event loop, and what it waits for may need that loop" + " (expected: "
                            + expected + ")");
        }
    }

    private static boolean includeThisThread() {
        for (Known known : LOOPS) {
            EventLoop loop = known.get();
            if (loop != null && isThisThread(loop)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isThisThread(EventLoop loop) {
        try {
            return loop.inEventLoop();
        } catch (RuntimeException broken) {
            // Another network's, perhaps: no reason why this thread may not wait.
            return false;
        }
    }

    /** How many are known. */
    static int count() {
        return LOOPS.size();
    }

    /** A loop, equal to itself only, whatever its class thinks. */
    private static final class Known extends WeakReference<EventLoop> {
        private final int hash;

        Known(EventLoop loop) {
            super(loop, GONE);
            hash = System.identityHashCode(loop);
        }

        @Override
        public boolean equals(Object other) {
            return this == other || (other instanceof Known known && get() != null && get() == known.get());
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }
}
