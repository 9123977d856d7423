/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.requests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Message;
import io.softclose.net.Reply;
import io.softclose.net.RequestAccount;
import io.softclose.net.RequestException;
import io.softclose.net.RequestException.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One end of a round: what it asks, what it is asked, and when it closes: at the moment when so many things have happened
 * to it, whatever they are. Any thread may tell it of one.
 */
final class RoundEnd {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    /** A request, and how often its reply has completed. */
    private record Asked(int number, Reply reply, AtomicInteger completions) {}

    private final Connection connection;
    private final int closesAt;
    private final AtomicInteger happened = new AtomicInteger();
    private final List<Asked> asked = new ArrayList<>();
    /** The numbers of the requests that its handler was called with. */
    private final Queue<Integer> seen = new ConcurrentLinkedQueue<>();

    /**
     * An end that has asked nothing.
     *
     * @param closesAt after how many requests made or received, and replies completed, it closes
     */
    RoundEnd(Connection connection, int closesAt) {
        this.connection = connection;
        this.closesAt = closesAt;
    }

    Connection connection() {
        return connection;
    }

    /** Makes a request. Used by one thread. */
    void ask(int number, Message request) {
        Asked one = new Asked(number, connection.request(request, TIMEOUT), new AtomicInteger());
        asked.add(one);
        var unused = one.reply.whenComplete((answer, failure) -> {
            one.completions.incrementAndGet();
            happens();
        });
        happens();
    }

    /** Its handler is called. */
    void isAsked(int number) {
        seen.add(number);
        happens();
    }

    private void happens() {
        if (happened.incrementAndGet() == closesAt) {
            connection.close();
        }
    }

    /** Everything is over at both ends: holds replies, reports and the peer's handler against each other. */
    void judge(RoundEnd peer, CloseReport report) {
        Map<Failure, Long> failures = new EnumMap<>(Failure.class);
        long answered = 0;
        for (Asked one : asked) {
            assertEquals(1, one.completions.get(), () -> "completions of the reply to " + one.number);
            RequestException failure = failureOf(one.reply);
            boolean wasSeen = peer.seen.contains(one.number);
            if (failure == null) {
                answered++;
                assertTrue(wasSeen, () -> one.number + " was answered, and the peer's handler never had it");
            } else {
                failures.merge(failure.failure(), 1L, Long::sum);
                assertFalse(
                        wasSeen && !failure.mayHaveBeenProcessed(),
                        () -> one.number + " is " + failure.failure() + ", and the peer's handler had it");
            }
        }
        RequestAccount requests = report.requests();
        assertEquals(
                new RequestAccount.Made(
                        answered,
                        failures.getOrDefault(Failure.NOT_SENT, 0L),
                        failures.getOrDefault(Failure.UNANSWERED, 0L),
                        failures.getOrDefault(Failure.TIMED_OUT, 0L),
                        failures.getOrDefault(Failure.NOT_SUPPORTED, 0L),
                        0,
                        requests.made().ignoredAnswers()),
                requests.made());
        assertEquals(
                seen.size(),
                requests.received().total() - requests.received().turnedAway(),
                () -> "handled, of " + requests.received());
        assertEquals(seen.size(), seen.stream().distinct().count(), "handled once each");
        assertTrue(report.account().balanced(), report::toString);
        assertEquals(
                report.account().total().accepted(),
                requests.made().total() + requests.received().answered(),
                "accepted: requests and answers");
    }

    int answered() {
        return (int) asked.stream().filter(one -> failureOf(one.reply) == null).count();
    }

    int count(Failure kind) {
        return (int) asked.stream()
                .map(one -> failureOf(one.reply))
                .filter(failure -> failure != null && failure.failure() == kind)
                .count();
    }

    private static @Nullable RequestException failureOf(Reply reply) {
        try {
            var unused = reply.toCompletableFuture().getNow(null);
            return null;
        } catch (CompletionException failed) {
            return (RequestException) failed.getCause();
        }
    }
}
