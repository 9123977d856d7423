/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.node;

import com.fasterxml.jackson.core.JsonGenerator;
import io.softclose.bench.ExitCode;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Message;
import io.softclose.net.Reply;
import io.softclose.net.RequestException;
import io.softclose.net.RequestException.Failure;
import io.softclose.net.SendResult;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Makes a number of requests over one connection, so many at a time, then closes it. Blocks its thread.
 *
 * @param count how many
 * @param message makes the request of a number, from 0
 * @param timeout the most that each answer may take
 * @param inFlight how many await their answers at a time
 * @param tally counts what becomes of them
 */
public record RequestRun(int count, IntFunction<Message> message, Duration timeout, int inFlight, Tally tally) {
    /** What became of requests so far. Thread-safe. */
    public static final class Tally {
        private final AtomicInteger made = new AtomicInteger();
        private final AtomicInteger answered = new AtomicInteger();
        private final Map<Failure, Integer> failures = new ConcurrentHashMap<>();

        /** How many requests were made, those that were refused included. */
        public int made() {
            return made.get();
        }

        /** How many were answered. */
        public int answered() {
            return answered.get();
        }

        /** How many were not answered, for this reason. */
        public int count(Failure failure) {
            return failures.getOrDefault(failure, 0);
        }

        /** Writes how many were not answered, by the reason, as the object {@code failures}. */
        public void write(JsonGenerator json) throws IOException {
            json.writeObjectFieldStart("failures");
            for (Failure failure : Failure.values()) {
                json.writeNumberField(failure.name(), count(failure));
            }
            json.writeEndObject();
        }

        private void count(@Nullable Throwable failure) {
            if (failure instanceof RequestException why) {
                failures.merge(why.failure(), 1, Integer::sum);
            } else {
                answered.incrementAndGet();
            }
        }
    }

    /**
     * How a run went.
     *
     * @param lastRequest ACCEPTED, or why the last request was refused, after which no more were made; NOT_CONNECTED if the
     *     connection never opened
     * @param report the connection's
     * @param notConnected why the connection never opened, if it did not
     */
    public record Result(SendResult lastRequest, CloseReport report, Optional<Throwable> notConnected) {
        /** The exit code of a run that should have so many answers. */
        public ExitCode exitCode(int count, Tally tally) {
            if (notConnected.isPresent()) {
                return ExitCode.NOT_CONNECTED;
            }
            return report.clean() && tally.answered() == count ? ExitCode.OK : ExitCode.FELL_SHORT;
        }
    }

    /** Asks over a connection that is being dialled, and closes it when every reply is complete. */
    public Result over(Connection connection) throws InterruptedException {
        try {
            connection.opened().toCompletableFuture().get();
        } catch (ExecutionException e) {
            return new Result(SendResult.NOT_CONNECTED, report(connection), Optional.of(e));
        }
        Semaphore places = new Semaphore(inFlight);
        SendResult last = SendResult.ACCEPTED;
        for (int made = 0; made < count && last.accepted(); made++) {
            places.acquire();
            Reply reply = request(connection, message.apply(made));
            last = result(reply);
            tally.made.incrementAndGet();
            reply.whenComplete((answer, failure) -> {
                tally.count(failure);
                places.release();
            });
        }
        places.acquire(inFlight);
        return new Result(last, report(connection), Optional.empty());
    }

    /** Asks as soon as there is room for the request, within the timeout. */
    private Reply request(Connection connection, Message request) throws InterruptedException {
        long start = System.nanoTime();
        long left = timeout.toNanos();
        while (true) {
            Reply reply = connection.request(request, Duration.ofNanos(left));
            if (result(reply) != SendResult.OUTBOX_FULL || !awaitRoom(connection, request, left)) {
                return reply;
            }
            left = timeout.toNanos() - (System.nanoTime() - start);
            if (left <= 0) {
                return reply;
            }
        }
    }

    private static boolean awaitRoom(Connection connection, Message request, long nanos) throws InterruptedException {
        CountDownLatch room = new CountDownLatch(1);
        Connection.RoomWait wait = connection.onRoom(request, room::countDown);
        boolean told = room.await(nanos, TimeUnit.NANOSECONDS);
        wait.cancel();
        return told;
    }

    /** Whether a request was accepted, or why not: then its reply is complete. */
    private static SendResult result(Reply reply) {
        return reply.handle((answer, failure) -> failure instanceof RequestException why
                        ? why.refusal().orElse(SendResult.ACCEPTED)
                        : SendResult.ACCEPTED)
                .toCompletableFuture()
                .getNow(SendResult.ACCEPTED);
    }

    private static CloseReport report(Connection connection) throws InterruptedException {
        try {
            return connection.close().toCompletableFuture().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a close does not fail", e.getCause());
        }
    }
}
