/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.OutcomeListener;
import io.softclose.net.ReturnedMessage;
import io.softclose.net.SendResult;
import io.softclose.net.nio.node.RacingSenders.Closer;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.node.fixture.Numbered;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What four threads sent while a connection closed, and what became of each message. */
final class RacedSends {
    private static final int MESSAGE_SIZE = 8;
    /** Enough to go on for longer than the others need to start. */
    private static final int MOST_SENDS = 5_000;
    /** Sender {@code s}'s messages are numbered from {@code s} times this. */
    private static final int NUMBERS_EACH = 1_000_000;

    private final Connection connection;
    private final Closer closer;
    private final int after;
    private final boolean seals;
    private final CountDownLatch sending = new CountDownLatch(RacingSenders.SENDERS);
    private final AtomicInteger outcomes = new AtomicInteger();
    private volatile boolean closeReturned;

    // Element s is written by sender s, and read when it has ended.
    private final List<List<Attempt>> accepted = new ArrayList<>();
    private final List<List<Attempt>> refused = new ArrayList<>();

    // Confined to the test.
    private List<Future<?>> running = List.of();

    RacedSends(Connection connection, Closer closer, int after, boolean seals) {
        this.connection = connection;
        this.closer = closer;
        this.after = after;
        this.seals = seals || closer == Closer.ABORTING_SENDER;
        for (int sender = 0; sender < RacingSenders.SENDERS; sender++) {
            accepted.add(new ArrayList<>());
            refused.add(new ArrayList<>());
        }
    }

    void running(List<Future<?>> threads) {
        running = threads;
    }

    /** What sender number so-and-so does. */
    void send(int sender) {
        try {
            boolean closes = sender == 0 && (closer == Closer.SENDER || closer == Closer.ABORTING_SENDER);
            Attempt next = new Attempt(sender * NUMBERS_EACH);
            for (int sends = 0; sends < MOST_SENDS; sends++) {
                boolean tooLate = closeReturned && seals;
                SendResult result = next.send();
                if (result.accepted()) {
                    assertFalse(tooLate, "a send that began after the seal was accepted");
                    accepted.get(sender).add(next);
                    next = new Attempt(sender * NUMBERS_EACH + sends + 1);
                } else if (result != SendResult.OUTBOX_FULL) {
                    refused.get(sender).add(next);
                    return;
                }
                if (closes && sends == after) {
                    close();
                }
            }
        } finally {
            sending.countDown();
        }
    }

    /** What the fifth thread does: closes in time, or sees to it that somebody has in the end. */
    void seeThatItCloses() {
        while (closer == Closer.OTHER && sending.getCount() > 0 && accepted() < after) {
            Thread.onSpinWait();
        }
        if (closer != Closer.OTHER) {
            Waiting.await(sending, "senders");
        }
        close();
    }

    private long accepted() {
        return connection.account().total().accepted();
    }

    private void close() {
        if (closer == Closer.ABORTING_SENDER) {
            connection.abort();
        } else {
            connection.close();
        }
        closeReturned = true;
    }

    /** Whether nobody sends any more. */
    boolean ended() {
        return sending.getCount() == 0;
    }

    /** Waits for the threads; fails if one did. */
    void awaitEnd() {
        for (Future<?> thread : running) {
            try {
                thread.get(Waiting.SAFETY_NET.toNanos(), TimeUnit.NANOSECONDS);
            } catch (ExecutionException e) {
                throw new AssertionError("a sender failed", e.getCause());
            } catch (InterruptedException | TimeoutException e) {
                throw new AssertionError("a sender did not end", e);
            }
        }
    }

    /** Checks the promise, once all has ended. */
    void verify(CloseReport report) {
        assertTrue(report.account().balanced(), report::toString);
        IdentityHashMap<Message, Outcome> returned = returned(report);
        int returnedHere = 0;
        for (Attempt attempt : allAccepted()) {
            Outcome outcome = returned.get(attempt.message);
            returnedHere += outcome == null ? 0 : 1;
            attempt.verifyAccepted(outcome);
        }
        assertEquals(returned.size(), returnedHere, "returned messages that were never accepted");
        assertEquals(allAccepted().size(), report.account().total().accepted());
        assertEquals(allAccepted().size() - returned.size(), report.account().count(Outcome.WRITTEN));
        refused.forEach(attempts -> attempts.forEach(attempt -> attempt.verifyRefused(returned)));
    }

    /** The accepted messages that were not returned. */
    List<Message> messagesWritten(CloseReport report) {
        IdentityHashMap<Message, Outcome> returned = returned(report);
        return allAccepted().stream()
                .map(attempt -> attempt.message)
                .filter(message -> !returned.containsKey(message))
                .toList();
    }

    private List<Attempt> allAccepted() {
        return accepted.stream().flatMap(List::stream).toList();
    }

    private static IdentityHashMap<Message, Outcome> returned(CloseReport report) {
        IdentityHashMap<Message, Outcome> returned = new IdentityHashMap<>();
        for (ReturnedMessage one : report.returned()) {
            assertNull(returned.put(one.message(), one.outcome()), "returned twice");
        }
        return returned;
    }

    /** One message, sent until it was accepted or refused for good; every other one is watched. */
    private final class Attempt implements OutcomeListener {
        final Message message;
        private final boolean watched;

        // Written by the loop; read once the connection has closed.
        private int told;
        private @Nullable Outcome outcome;

        Attempt(int number) {
            message = Numbered.message(number, MESSAGE_SIZE);
            watched = number % 2 == 0;
        }

        SendResult send() {
            return watched ? connection.send(message, this) : connection.send(message);
        }

        @Override
        public void ended(Message ended, Outcome how) {
            told += ended == message ? 1 : 1_000;
            outcome = how;
            if (closer == Closer.LOOP && outcomes.incrementAndGet() == after + 1) {
                close();
            }
        }

        void verifyAccepted(@Nullable Outcome returnedAs) {
            if (watched) {
                assertEquals(1, told, "how often the listener was told");
                assertNotNull(outcome);
                assertEquals(returnedAs == null ? Outcome.WRITTEN : returnedAs, outcome);
            } else {
                assertEquals(0, told);
            }
        }

        void verifyRefused(IdentityHashMap<Message, Outcome> returned) {
            assertEquals(0, told, "the listener of a refused send was told");
            assertFalse(returned.containsKey(message), "a refused message was returned");
        }
    }
}
