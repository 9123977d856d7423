/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.node;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.NetworkException;
import io.softclose.net.ShutdownReport;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Whoever waits for a shutdown goes on, whatever becomes of it. */
class ShutdownWaitTest {
    private static final Duration LONG = Duration.ofSeconds(Long.MAX_VALUE);

    private final CompletableFuture<ShutdownReport> shutdown = new CompletableFuture<>();

    @Test
    void itGoesOnOnceTheShutdownIsOver() {
        shutdown.complete(new ShutdownReport(Duration.ZERO, List.of(), 0));

        ShutdownWait.await(shutdown, LONG);
    }

    @Test
    void itGoesOnOnceItsTimeIsOver() {
        ShutdownWait.await(shutdown, Duration.ZERO);

        assertFalse(shutdown.isDone());
    }

    @Test
    void anInterruptedThreadGoesOnAndStaysInterrupted() {
        Thread.currentThread().interrupt();

        ShutdownWait.await(shutdown, LONG);

        assertTrue(Thread.interrupted());
        assertFalse(shutdown.isDone());
    }

    @Test
    void aShutdownWithoutAReportIsTold() {
        OutOfMemoryError onPurpose = new OutOfMemoryError("on purpose");
        shutdown.completeExceptionally(onPurpose);

        NetworkException told = assertThrows(NetworkException.class, () -> ShutdownWait.await(shutdown, LONG));

        assertSame(onPurpose, told.getCause());
    }
}
