/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.PROTOCOL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.Connection.Reading;
import io.softclose.net.DisconnectReason;
import io.softclose.net.spi.Link;
import io.softclose.net.testkit.fake.FakeLink.EndCall;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A read brings more messages than handlers can take at once: others on the loop have their turn in between. */
class SlowHandlerTest {
    private static final int MESSAGES = 1_000;
    /** A slice of 10 ms, and twice that where the clock is not looked at after each message. */
    private static final Duration LONGEST_TURN = Duration.ofMillis(20);

    @RegisterExtension
    final Node node = new Node();

    /** When each message was handled, on the loop's clock. */
    private final List<Long> handledAt = new ArrayList<>();

    @Test
    void aTimerIsNotLateByMoreThanASlice() {
        handlersTake(Duration.ofMillis(1));
        Conversation talk = node.connect();
        List<Duration> late = new ArrayList<>();
        node.loop.runNow(() -> watch(node.loop.nanoTime(), late));

        talk.peerSends(frames(MESSAGES));

        assertEquals(labels(MESSAGES), node.handled);
        assertTrue(late.size() > MESSAGES / LONGEST_TURN.toMillis(), () -> "looks: " + late.size());
        assertTrue(late.stream().allMatch(each -> each.compareTo(LONGEST_TURN) <= 0), () -> "late: " + late);
    }

    @Test
    void aHandlerSlowerThanASliceHasOneMessageATurnOrTwo() {
        handlersTake(Duration.ofMillis(50));
        Conversation talk = node.connect();
        List<Duration> late = new ArrayList<>();
        node.loop.runNow(() -> watch(node.loop.nanoTime(), late));

        talk.peerSends(frames(20));

        assertEquals(labels(20), node.handled);
        assertTrue(late.stream().allMatch(each -> each.compareTo(Duration.ofMillis(150)) <= 0), () -> "late: " + late);
    }

    @ParameterizedTest
    @ValueSource(ints = {450, 458, 466, 474})
    void aHandlerThatTurnsSlowIsNoticedAfter32Messages(int quick) {
        node.settings().handle(PROTOCOL, (connection, message) -> {
            node.handled.add(Messages.labelOf(message));
            handledAt.add(node.loop.nanoTime());
            if (node.handled.size() > quick) {
                node.loop.spend(Duration.ofMillis(1));
            }
        });
        Conversation talk = node.connect();
        List<Duration> late = new ArrayList<>();
        node.loop.runNow(() -> watch(node.loop.nanoTime(), late));

        talk.peerSends(frames(MESSAGES));

        assertEquals(labels(MESSAGES), node.handled);
        List<Duration> late32 =
                late.stream().filter(each -> each.toMillis() > 11).toList();
        assertTrue(late32.size() <= 1, () -> "late: " + late);
        assertTrue(late32.stream().allMatch(each -> each.toMillis() <= 32 + 1), () -> "late: " + late);
    }

    @Test
    void quickHandlersTakeAReadWhole() {
        node.settings().handle(PROTOCOL, (connection, message) -> {
            node.handled.add(Messages.labelOf(message));
            assertEquals(Link.Reading.RESUMED, node.transport.links().get(0).reading());
        });
        Conversation talk = node.connect();

        talk.peerSends(frames(MESSAGES));

        assertEquals(labels(MESSAGES), node.handled);
    }

    @Test
    void theLinkDoesNotReadWhileSomethingIsLeft() {
        List<Link.Reading> reading = new ArrayList<>();
        node.settings().handle(PROTOCOL, (connection, message) -> {
            reading.add(node.transport.links().get(0).reading());
            node.loop.spend(Duration.ofMillis(11));
        });
        Conversation talk = node.connect();

        talk.peerSends(frames(6));

        assertEquals(Link.Reading.RESUMED, reading.get(0));
        assertEquals(Link.Reading.PAUSED, reading.get(5));
        assertEquals(Link.Reading.RESUMED, talk.link.reading());
    }

    @Test
    void whatThePeerSaidBeforeItsEndIsHandledBeforeIt() {
        handlersTake(Duration.ofMillis(1));
        Conversation talk = node.connect();

        talk.link.read(frames(100));
        talk.peerEnds();

        assertEquals(labels(100), node.handled);
        assertEquals(DisconnectReason.CONNECTION_CLOSED, talk.report().reason());
    }

    @Test
    void ourEndWaitsForHandlers() {
        List<List<EndCall>> endsBefore = new ArrayList<>();
        node.settings().handle(PROTOCOL, (connection, message) -> {
            node.loop.spend(Duration.ofMillis(1));
            endsBefore.add(node.transport.links().get(0).endCalls());
        });
        Conversation talk = node.connect();
        talk.link.read(frames(100));
        talk.connection.close();
        node.run();
        talk.peerEnds();

        assertEquals(100, endsBefore.size());
        assertTrue(endsBefore.stream().allMatch(List::isEmpty), endsBefore::toString);
        assertTrue(talk.report().clean());
    }

    @Test
    void aCloseIsOverAtItsDeadlineHoweverMuchIsLeft() {
        handlersTake(Duration.ofMillis(1));
        Conversation talk = node.connect();
        long started = node.loop.nanoTime();
        talk.link.read(frames(MESSAGES));
        talk.connection.close(DisconnectReason.REQUESTED_BY_PEER_MANAGER, Duration.ofMillis(100));
        node.run();

        assertEquals(CloseEnding.DEADLINE, talk.report().ending());
        Duration took = Duration.ofNanos(node.loop.nanoTime() - started);
        assertTrue(took.compareTo(Duration.ofMillis(100).plus(LONGEST_TURN)) <= 0, () -> "took " + took);
        assertEquals(List.of(EndCall.LINGER), talk.link.endCalls());
        assertFalse(talk.link.peerSawEnd(), "no end over what was not handled");
    }

    @Test
    void aLinkThatFailsHandsOnTheRestSliceBySlice() {
        handlersTake(Duration.ofMillis(1));
        Conversation talk = node.connect();
        List<Duration> late = new ArrayList<>();
        node.loop.runNow(() -> watch(node.loop.nanoTime(), late));
        talk.connection.reading(Reading.PAUSED);
        talk.peerSends(frames(MESSAGES));

        talk.link.fail(new IOException("reset"));
        node.run();

        assertEquals(labels(MESSAGES), node.handled);
        assertTrue(late.stream().allMatch(each -> each.compareTo(LONGEST_TURN) <= 0), () -> "late: " + late);
        assertEquals(DisconnectReason.INPUT_OUTPUT_ERROR, talk.report().reason());
    }

    @Test
    void aCloseAfterTheLinkHasFailedIsOverAtItsDeadline() {
        handlersTake(Duration.ofMillis(1));
        Conversation talk = node.connect();
        talk.connection.reading(Reading.PAUSED);
        talk.peerSends(frames(MESSAGES));
        long started = node.loop.nanoTime();

        talk.link.fail(new IOException("reset"));
        node.loop.runNow(() -> node.loop.schedule(
                Duration.ofMillis(50).toNanos(),
                () -> talk.connection.close(DisconnectReason.REQUESTED_BY_PEER_MANAGER, Duration.ofMillis(100))));
        node.run();

        assertEquals(DisconnectReason.INPUT_OUTPUT_ERROR, talk.report().reason());
        Duration took = Duration.ofNanos(node.loop.nanoTime() - started);
        assertTrue(
                took.compareTo(Duration.ofMillis(150).plus(LONGEST_TURN.multipliedBy(2))) <= 0, () -> "took " + took);
        assertTrue(node.handled.size() < MESSAGES);
    }

    private void handlersTake(Duration time) {
        node.settings().handle(PROTOCOL, (connection, message) -> {
            node.loop.spend(time);
            node.handled.add(Messages.labelOf(message));
            handledAt.add(node.loop.nanoTime());
        });
    }

    /** Writes down, once each millisecond, how late the loop comes to its timers, for as long as messages are handled. */
    private void watch(long due, List<Duration> late) {
        late.add(Duration.ofNanos(node.loop.nanoTime() - due));
        if (handledAt.size() < 20 || node.loop.readyTasks() > 0) {
            long next = node.loop.nanoTime() + Duration.ofMillis(1).toNanos();
            node.loop.schedule(Duration.ofMillis(1).toNanos(), () -> watch(next, late));
        }
    }

    private static byte[] frames(int messages) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        labels(messages).forEach(label -> bytes.writeBytes(Conversation.frameOf(label)));
        return bytes.toByteArray();
    }

    private static List<String> labels(int messages) {
        return IntStream.range(0, messages).mapToObj(i -> "m" + i).toList();
    }
}
