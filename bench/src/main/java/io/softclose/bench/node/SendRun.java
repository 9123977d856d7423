/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.node;

import io.softclose.bench.ExitCode;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.SendResult;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Sends a number of messages over one connection, then closes it. Blocks its thread.
 *
 * @param count how many
 * @param message makes the message of a number, from 0
 * @param timeout the most that sending may take once the connection is open
 * @param closeAfter when to close, from when the connection is open; null to close when everything is sent
 */
public record SendRun(
        int count,
        IntFunction<Message> message,
        Duration timeout,
        @Nullable Duration closeAfter) {
    /**
     * How a run went.
     *
     * @param accepted how many messages the connection took
     * @param lastSend what the last send answered; NOT_CONNECTED if the connection never opened
     * @param report the connection's
     * @param notConnected why the connection never opened, if it did not
     */
    public record Result(long accepted, SendResult lastSend, CloseReport report, Optional<Throwable> notConnected) {
        /** The exit code of a run that should have sent so many. */
        public ExitCode exitCode(int count) {
            if (notConnected.isPresent()) {
                return ExitCode.NOT_CONNECTED;
            }
            long sent =
                    report.account().count(Outcome.WRITTEN) + report.account().count(Outcome.DELIVERED);
            return report.clean() && sent == count ? ExitCode.OK : ExitCode.FELL_SHORT;
        }
    }

    /** Sends over a connection that is being dialled, and closes it. */
    public Result over(Connection connection) throws InterruptedException {
        try {
            connection.opened().toCompletableFuture().get();
        } catch (ExecutionException e) {
            return new Result(0, SendResult.NOT_CONNECTED, report(connection), Optional.of(e));
        }
        long start = System.nanoTime();
        long closeNanos = closeAfter == null ? Long.MAX_VALUE : closeAfter.toNanos();
        long sendNanos = Math.min(timeout.toNanos(), closeNanos);
        int accepted = 0;
        SendResult last = SendResult.ACCEPTED;
        for (long left = sendNanos;
                accepted < count && last.accepted() && left > 0;
                left = sendNanos - (System.nanoTime() - start)) {
            last = connection.sendBlocking(message.apply(accepted), Duration.ofNanos(left));
            accepted += last.accepted() ? 1 : 0;
        }
        if (closeAfter != null) {
            awaitClosed(connection, closeNanos - (System.nanoTime() - start));
        }
        return new Result(accepted, last, report(connection), Optional.empty());
    }

    private static void awaitClosed(Connection connection, long nanos) throws InterruptedException {
        try {
            connection.closed().toCompletableFuture().get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException still) {
            // Still open, as it should be: now it is time to close it.
        } catch (ExecutionException e) {
            throw new IllegalStateException("a connection closes without failing", e.getCause());
        }
    }

    private static CloseReport report(Connection connection) throws InterruptedException {
        try {
            return connection.close().toCompletableFuture().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a close does not fail", e.getCause());
        }
    }
}
