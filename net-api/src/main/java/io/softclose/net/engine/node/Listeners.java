/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.node;

import io.softclose.net.Listener;
import io.softclose.net.log.Log;
import io.softclose.net.spi.Transport;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The listeners of one network that are open. Thread-safe. */
final class Listeners {
    private final Set<Listener> open = ConcurrentHashMap.newKeySet();

    /** Keeps a listener until it is closed. */
    Listener add(Transport.Listener bound) {
        Listener listener = new Registered(bound);
        open.add(listener);
        return listener;
    }

    /** Closes those that are open, even if one of them throws. */
    void closeAll() {
        open.forEach(Listeners::close);
    }

    private static void close(Listener listener) {
        try {
            listener.close();
        } catch (Throwable failure) {
            Log.thrown(Level.WARNING, listener, "close() threw", failure);
        }
    }

    /** Forgets itself when closed. */
    private final class Registered implements Listener {
        private final Transport.Listener bound;

        Registered(Transport.Listener bound) {
            this.bound = bound;
        }

        @Override
        public SocketAddress localAddress() {
            return bound.localAddress();
        }

        @Override
        public void close() {
            open.remove(this);
            bound.close();
        }
    }
}
