/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.softclose.net.Account;
import io.softclose.net.Connection;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.NetworkEvents;
import io.softclose.net.Outcome;
import io.softclose.net.ProtocolId;
import io.softclose.net.ReturnedMessage;
import io.softclose.net.SendResult;
import io.softclose.net.engine.Callbacks;
import io.softclose.net.engine.HandLoop;
import io.softclose.net.engine.outbox.LaneQueue.Form;
import io.softclose.net.spi.Lane;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutcomeBookTest {
    private final List<Throwable> failures = new ArrayList<>();
    private final LaneQueue urgent = new LaneQueue(new Lane("urgent", 8, 100, Long.MAX_VALUE), Integer.MAX_VALUE);
    private final LaneQueue other = new LaneQueue(new Lane("other", 8, 100, Long.MAX_VALUE), Integer.MAX_VALUE);
    private final HandLoop loop = new HandLoop();
    private final OutcomeBook book = book(Limits.defaults());

    @Test
    void countsEachOutcomeInItsLane() {
        accept(urgent, message(1));
        accept(other, message(1));
        accept(other, message(1));

        book.end(0, message(1), Outcome.WRITTEN);
        book.end(1, message(1), Outcome.DISCARDED);

        Account account = book.account();
        assertEquals(1, account.lanes().get(0).count(Outcome.WRITTEN));
        assertEquals(1, account.lanes().get(1).count(Outcome.DISCARDED));
        assertEquals(0, book.pending(0));
        assertEquals(1, book.pending(1));
        assertFalse(account.balanced());
        assertEquals(2, book.ended());
        assertEquals(1, book.written());
    }

    @Test
    void givesRoomBackWhenPublished() {
        accept(urgent, message(60));

        book.end(0, message(60), Outcome.WRITTEN);
        assertEquals(60, urgent.usedBytes());
        book.publish();

        assertEquals(0, urgent.usedBytes());
        book.publish();
        assertEquals(0, urgent.usedBytes(), "once");
    }

    @Test
    void tellsTheListenerWithTheVeryObject() {
        List<Object> told = new ArrayList<>();
        Message message = message(1);

        book.end(0, new Envelope(message, (ended, outcome) -> told.addAll(List.of(ended, outcome)), 0), Outcome.UNSENT);

        assertEquals(List.of(message, Outcome.UNSENT), told);
        assertSame(message, told.get(0));
    }

    @Test
    void aListenerThatThrowsIsReportedAndHarmsNothing() {
        RuntimeException thrown = new RuntimeException("listener");
        Message message = message(1);

        book.end(
                0,
                new Envelope(
                        message,
                        (ended, outcome) -> {
                            throw thrown;
                        },
                        0),
                Outcome.WRITTEN);

        assertEquals(List.of(thrown), failures);
        assertEquals(1, book.written());
    }

    @Test
    void returnsWhatDidNotGoOnceItReturnsMostUrgentLaneFirst() {
        Message before = message(1);
        Message low = message(2);
        Message high = message(3);
        Message gone = message(4);
        Message late = message(5);
        book.end(0, before, Outcome.EXPIRED);
        book.startReturning();

        book.end(1, low, Outcome.UNSENT);
        book.end(0, high, Outcome.DISCARDED);
        book.end(0, gone, Outcome.WRITTEN);
        book.end(1, late, Outcome.EXPIRED);

        assertEquals(
                List.of(
                        new ReturnedMessage(high, Outcome.DISCARDED, "urgent"),
                        new ReturnedMessage(low, Outcome.UNSENT, "other"),
                        new ReturnedMessage(late, Outcome.EXPIRED, "other")),
                book.returned());
    }

    @Test
    void keepsWhatWasWrittenLast() {
        OutcomeBook keeping =
                book(Limits.builder().keepWritten(Duration.ofSeconds(1)).build());
        Message old = message(1);
        Message first = message(2);
        Message second = message(3);

        keeping.end(0, old, Outcome.WRITTEN);
        loop.pass(Duration.ofMillis(600));
        keeping.end(1, first, Outcome.WRITTEN);
        keeping.end(0, message(4), Outcome.UNSENT);
        loop.pass(Duration.ofMillis(600));
        keeping.endOnTheWay(0, second, Outcome.WRITTEN, 0);

        assertEquals(
                List.of(
                        new ReturnedMessage(first, Outcome.WRITTEN, "other"),
                        new ReturnedMessage(second, Outcome.WRITTEN, "urgent")),
                keeping.lastWritten());
        assertSame(first, keeping.lastWritten().get(0).message());
        loop.pass(Duration.ofHours(1));
        assertEquals(List.of(), keeping.lastWritten());
    }

    @Test
    void keepsNoMoreOfWhatWasWrittenThanALaneHolds() {
        OutcomeBook keeping = book(Limits.builder()
                .keepWritten(Duration.ofSeconds(1))
                .outboxMessages(3)
                .outboxBytes(10)
                .build());
        List<Message> written = List.of(message(1), message(1), message(1), message(1), message(7), message(8));

        written.subList(0, 4).forEach(message -> keeping.end(0, message, Outcome.WRITTEN));
        assertEquals(written.subList(1, 4), messages(keeping));
        keeping.end(0, written.get(4), Outcome.WRITTEN);
        assertEquals(written.subList(2, 5), messages(keeping));
        keeping.end(0, written.get(5), Outcome.WRITTEN);
        assertEquals(written.subList(5, 6), messages(keeping));
    }

    @Test
    void keepsNothingThatWasWrittenUnlessTold() {
        book.end(0, message(1), Outcome.WRITTEN);

        assertEquals(List.of(), book.lastWritten());
    }

    private static List<Message> messages(OutcomeBook book) {
        return book.lastWritten().stream().map(ReturnedMessage::message).toList();
    }

    private OutcomeBook book(Limits limits) {
        return new OutcomeBook(List.of(urgent, other), new Callbacks(nobody(), events()), loop, limits);
    }

    private static void accept(LaneQueue lane, Message message) {
        assertEquals(SendResult.ACCEPTED, lane.offer(message, message.size(), Form.WHOLE, true));
    }

    private NetworkEvents events() {
        return new NetworkEvents() {
            @Override
            public void callbackFailed(Connection connection, String callback, Throwable failure) {
                failures.add(failure);
            }
        };
    }

    private static Message message(int size) {
        return Message.of(ProtocolId.CONSENSUS_DIRECT_SEND_BCS, 0, new byte[size]);
    }

    /** A connection that is only passed on. */
    private static Connection nobody() {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    throw new UnsupportedOperationException(method.toString());
                });
    }
}
