/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.node;

import io.softclose.net.NetworkException;
import io.softclose.net.ShutdownReport;
import io.softclose.net.engine.Nanos;
import io.softclose.net.log.Log;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The wait of whoever closes a network, for a bounded time. The shutdown does not depend on it. */
final class ShutdownWait {
    private ShutdownWait() {}

    /**
     * Waits for a shutdown. If the time is over first, says so in the log; an interrupted thread stays interrupted.
     *
     * @throws NetworkException if the shutdown could not make its report
     */
    static void await(CompletableFuture<ShutdownReport> shutdown, Duration time) {
        try {
            var unused = shutdown.get(Nanos.of(time), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            Log.log(Level.WARNING, "waited for {0}; the shutdown goes on", time);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException failed) {
            throw new NetworkException("close(): the shutdown made no report", failed.getCause());
        }
    }
}
