/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.inbox;

import io.softclose.net.Connection;
import io.softclose.net.log.Log;
import io.softclose.net.spi.EventLoop;
import java.lang.System.Logger.Level;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Tells a connection's loop what threads that handle messages alone know: so it insists. Any thread. */
final class LoopTeller {
    /** How often a thread that handled messages tries to tell the loop, and how long it waits in between. */
    private static final int MOST_TRIES = 100;

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final EventLoop loop;
    private final Connection connection;

    LoopTeller(EventLoop loop, Connection connection) {
        this.loop = loop;
        this.connection = connection;
    }

    /** Tells the loop, which nobody else will; so it is tried again if memory is short. False if it has stopped. */
    @SuppressWarnings("UnusedReturnValue")
    boolean tell(Runnable owner) {
        for (int tries = 1; tries <= MOST_TRIES; tries++) {
            try {
                loop.execute(owner);
                return true;
            } catch (VirtualMachineError shortage) {
                LockSupport.parkNanos(PAUSE_NANOS);
            } catch (RejectedExecutionException stopped) {
                // The link's last event follows, and asks again.
                return false;
            }
        }
        Log.log(Level.ERROR, "{0}: its loop cannot be told of its handlers", connection);
        return true;
    }
}
