/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.node;

import com.fasterxml.jackson.core.JsonGenerator;
import io.softclose.bench.ExitCode;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Message;
import io.softclose.net.Peer;
import io.softclose.net.Reply;
import io.softclose.net.RequestException;
import io.softclose.net.RequestException.Failure;
import io.softclose.net.SendResult;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Consumer;
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
        SendResult last = ask(connection::request, connection::onRoom, new AtomicBoolean(), failure -> {});
        return new Result(last, report(connection), Optional.empty());
    }

    /**
     * Asks a peer, whose connections come and go, until every reply is complete, or one is not because no connection came in its time.
     *
     * @return ACCEPTED, or why the last request was refused, after which no more were made; NOT_CONNECTED if no connection came
     */
    public SendResult to(Peer peer) throws InterruptedException {
        AtomicBoolean gone = new AtomicBoolean();
        SendResult last = ask(peer::request, peer::onRoom, gone, failure -> {
            if (failure.failure() == Failure.TIMED_OUT && peer.connection().isEmpty()) {
                gone.set(true);
            }
        });
        return last.accepted() && gone.get() ? SendResult.NOT_CONNECTED : last;
    }

    /** The exit code of a run to a peer that should have so many answers: an answer says that its request has come. */
    public static ExitCode exitCode(int count, Tally tally, LastingPeer.End end) {
        if (end.connections() == 0) {
            return ExitCode.NOT_CONNECTED;
        }
        return tally.answered() == count ? ExitCode.OK : ExitCode.FELL_SHORT;
    }

    private SendResult ask(
            BiFunction<Message, Duration, Reply> request,
            BiFunction<Message, Runnable, Connection.RoomWait> onRoom,
            AtomicBoolean inVain,
            Consumer<RequestException> failed)
            throws InterruptedException {
        Semaphore places = new Semaphore(inFlight);
        SendResult last = SendResult.ACCEPTED;
        for (int made = 0; made < count && last.accepted(); made++) {
            places.acquire();
            if (inVain.get()) {
                places.release();
                break;
            }
            Reply reply = request(request, onRoom, message.apply(made));
            last = result(reply);
            tally.made.incrementAndGet();
            reply.whenComplete((answer, failure) -> {
                tally.count(failure);
                if (failure instanceof RequestException why) {
                    failed.accept(why);
                }
                places.release();
            });
        }
        places.acquire(inFlight);
        return last;
    }

    /** Asks as soon as there is room for the request, within the timeout. */
    private Reply request(
            BiFunction<Message, Duration, Reply> request,
            BiFunction<Message, Runnable, Connection.RoomWait> onRoom,
            Message next)
            throws InterruptedException {
        long start = System.nanoTime();
        long left = timeout.toNanos();
        while (true) {
            Reply reply = request.apply(next, Duration.ofNanos(left));
            if (result(reply) != SendResult.OUTBOX_FULL
                    || !RoomLatch.await(action -> onRoom.apply(next, action), left)) {
                return reply;
            }
            left = timeout.toNanos() - (System.nanoTime() - start);
            if (left <= 0) {
                return reply;
            }
        }
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
