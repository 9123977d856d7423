/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.connection;

import io.softclose.net.log.Log;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Urgent first, over all connections of a network that shuts down: none of them starts messages of its lower lanes while
 * another one still has messages of its most urgent lane. Every connection may have some until it leaves, which it does on
 * its loop; the last to leave has those go on that wait. How long a connection waits at most is its own affair. Thread-safe.
 */
public final class Barrier {
    /** One that never stood. */
    public static final Barrier NONE = new Barrier(List.of());

    /** Those that may still have urgent messages. */
    private final Set<PeerConnection> urgent = ConcurrentHashMap.newKeySet();

    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private volatile boolean lifted;

    /** Stands until each of these has left; not at all if there are none. */
    public Barrier(Collection<PeerConnection> connections) {
        urgent.addAll(connections);
        lifted = connections.isEmpty();
    }

    /** A connection has no urgent messages any more, or does not send them. Any thread; idempotent. */
    public void leave(PeerConnection connection) {
        if (urgent.remove(connection) && urgent.isEmpty()) {
            lifted = true;
            wakeAll();
        }
    }

    boolean stands() {
        return !lifted;
    }

    /** Runs this once it does not stand any more: on another thread, or here. Never runs it if that takes a thread that is gone. */
    void whenLifted(Runnable wake) {
        waiting.add(wake);
        if (lifted) {
            // Whoever has lifted it may not have seen this one.
            wakeAll();
        }
    }

    private void wakeAll() {
        for (Runnable wake = waiting.poll(); wake != null; wake = waiting.poll()) {
            try {
                wake.run();
            } catch (Throwable failure) {
                // Those that were not woken go on by themselves, later.
                Log.thrown(Level.WARNING, this, "has left a connection waiting", failure);
            }
        }
    }

    @Override
    public String toString() {
        return "the shutdown's barrier";
    }
}
