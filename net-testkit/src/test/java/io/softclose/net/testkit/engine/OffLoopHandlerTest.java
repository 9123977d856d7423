/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.PROTOCOL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.Connection.Reading;
import io.softclose.net.ConnectionState;
import io.softclose.net.DisconnectReason;
import io.softclose.net.ProtocolId;
import io.softclose.net.spi.Link;
import io.softclose.net.testkit.wire.WireBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Handlers on an executor: their order, their bounds, what holds them back, and what they or their executor throw. */
class OffLoopHandlerTest {
    /** Handled on the loop, to see how far the connection has got. */
    private static final ProtocolId MARKER = ProtocolId.CONSENSUS_DIRECT_SEND_BCS;

    private static final Duration AGAIN = Duration.ofMillis(100);

    @RegisterExtension
    final Node node = new Node();

    private final HandExecutor executor = new HandExecutor();
    private final List<String> markers = new ArrayList<>();
    private Consumer<String> inHandler = label -> {};

    @BeforeEach
    void handleOffTheLoop() {
        node.settings()
                .handle(MARKER, (connection, message) -> markers.add(Messages.labelOf(message)))
                .handle(
                        PROTOCOL,
                        (connection, message) -> {
                            node.handled.add(Messages.labelOf(message));
                            inHandler.accept(Messages.labelOf(message));
                        },
                        executor);
    }

    // Order.

    @Test
    void messagesAreHandledInTheirOrderByOneTaskAtATime() {
        Conversation talk = node.connect();

        talk.peerSends(frames("a", "b"));
        assertEquals(List.of(), node.handled);
        assertEquals(1, executor.waiting());

        executor.runAll();
        talk.peerSends(frames("c"));
        executor.runAll();
        assertEquals(List.of("a", "b", "c"), node.handled);
    }

    @Test
    void whatComesWhileAMessageIsHandledWaitsForThat() {
        Conversation talk = node.connect();
        inHandler = label -> {
            if (label.equals("a")) {
                talk.peerSends(frames("b", "c"));
                assertEquals(List.of("a"), node.handled);
                assertEquals(0, executor.waiting(), "a second task would handle at the same time");
            }
        };

        talk.peerSends(frames("a"));
        executor.runAll();

        assertEquals(List.of("a", "b", "c"), node.handled);
    }

    @Test
    void connectionsAndProtocolsDoNotWaitForEachOther() {
        node.settings().handle(MARKER, (connection, message) -> node.handled.add("marker"), executor);
        Conversation one = node.connect();
        Conversation other = node.connect();

        one.peerSends(frames("a"));
        one.peerSends(marker("m"));
        other.peerSends(frames("b"));

        assertEquals(3, executor.waiting());
        executor.runAll();
        assertEquals(List.of("a", "marker", "b"), node.handled);
    }

    @Test
    void handlersOnTheLoopDoNotWaitForThoseOffIt() {
        Conversation talk = node.connect();

        talk.peerSends(frames("a"));
        talk.peerSends(marker("m"));
        assertEquals(List.of("m"), markers);
        assertEquals(List.of(), node.handled);
        executor.runAll();
    }

    @Test
    void aConnectionGivesItsThreadToOthersAfterAWhile() {
        Conversation one = node.connect();
        Conversation other = node.connect();
        inHandler = label -> node.pass(Duration.ofMillis(20));
        one.peerSends(frames("a", "b", "c", "d", "e", "f"));
        other.peerSends(frames("x"));

        executor.runAll();

        assertTrue(node.handled.indexOf("x") < node.handled.indexOf("d"), node.handled::toString);
        node.handled.remove("x");
        assertEquals(List.of("a", "b", "c", "d", "e", "f"), node.handled);
    }

    @Test
    void anExecutorThatRunsItsTasksAtOnceIsAsGoodAsTheLoop() {
        node.settings()
                .handle(PROTOCOL, (connection, message) -> node.handled.add(Messages.labelOf(message)), Runnable::run);
        Conversation talk = node.connect();

        talk.peerSends(frames("a", "b"));

        assertEquals(List.of("a", "b"), node.handled);
    }

    // Bounds.

    @Test
    void aConnectionWhoseHandlersAreFullGoesOnBelowHalf() {
        node.limits(limits -> limits.handlerMessages(4));
        Conversation talk = node.connect();
        List<String> goneOnBefore = new ArrayList<>();
        inHandler = label -> {
            node.run();
            if (!markers.isEmpty() && goneOnBefore.isEmpty()) {
                goneOnBefore.add(label);
            }
        };

        talk.peerSends(bytes(frames("a", "b", "c", "d"), marker("m"), frames("e")));
        assertEquals(List.of(), markers, "handed on though handlers are full");
        executor.runAll();

        assertEquals(List.of("a", "b", "c", "d", "e"), node.handled);
        assertEquals(List.of("d"), goneOnBefore, "three of four handled leave less than half");
    }

    @Test
    void whatComesOnceThereIsRoomDoesNotOvertakeWhatIsHeld() {
        node.limits(limits -> limits.handlerMessages(2));
        Conversation talk = node.connect();
        talk.peerSends(frames("a", "b", "c"));

        executor.runAll();
        talk.link.read(Conversation.frameOf("d"));
        handleAll();

        assertEquals(List.of("a", "b", "c", "d"), node.handled);
    }

    @Test
    void theBoundInBytesHoldsAsWell() {
        node.limits(limits -> limits.handlerBytes(100));
        Conversation talk = node.connect();

        talk.peerSends(bytes(frames("a".repeat(99)), marker("m1"), frames("b".repeat(99)), marker("m2")));
        assertEquals(List.of("m1"), markers);

        executor.runAll();
        node.run();
        assertEquals(List.of("m1", "m2"), markers);
        assertEquals(2, node.handled.size());
    }

    @Test
    void aMessageLargerThanTheBoundIsHandled() {
        node.limits(limits -> limits.handlerBytes(1).handlerMessages(1));
        Conversation talk = node.connect();

        talk.peerSends(frames("x".repeat(1000), "b"));
        handleAll();

        assertEquals(List.of("x".repeat(1000), "b"), node.handled);
    }

    @Test
    void theLinkStopsReadingBehindHandlersThatAreFullAndGoesOnWithThem() {
        node.limits(limits -> limits.handlerMessages(2));
        Conversation talk = node.connect();
        int sent = 0;

        while (talk.link.reading() == Link.Reading.RESUMED) {
            talk.peerSends(frames("x".repeat(4096)));
            sent++;
            assertTrue(sent < 100, "the link reads on whatever comes");
        }
        handleAll();

        assertEquals(sent, node.handled.size());
        assertEquals(Link.Reading.RESUMED, talk.link.reading());
    }

    // Reasons to pause, together.

    @Test
    void aPauseHoldsForWhatWaitsForHandlersToo() {
        Conversation talk = node.connect();
        inHandler = label -> talk.connection.reading(Reading.PAUSED);
        talk.peerSends(frames("a", "b"));

        executor.runAll();
        assertEquals(List.of("a"), node.handled);

        talk.connection.reading(Reading.RESUMED);
        node.run();
        executor.runAll();
        assertEquals(List.of("a", "b"), node.handled);
    }

    @Test
    void theEndOfAPauseDoesNotFillHandlersThatAreFull() {
        node.limits(limits -> limits.handlerMessages(2));
        Conversation talk = node.connect();
        talk.peerSends(bytes(frames("a", "b"), marker("m")));
        talk.connection.reading(Reading.PAUSED);

        talk.connection.reading(Reading.RESUMED);
        node.run();
        assertEquals(List.of(), markers);

        handleAll();
        assertEquals(List.of("m"), markers);
    }

    @Test
    void roomWithHandlersDoesNotEndAPause() {
        node.limits(limits -> limits.handlerMessages(2));
        Conversation talk = node.connect();
        talk.peerSends(bytes(frames("a", "b"), marker("m")));
        inHandler = label -> {
            if (label.equals("b")) {
                talk.connection.reading(Reading.PAUSED);
            }
        };

        handleAll();
        assertEquals(List.of("a", "b"), node.handled);
        assertEquals(List.of(), markers);

        talk.connection.reading(Reading.RESUMED);
        node.run();
        assertEquals(List.of("m"), markers);
    }

    @Test
    void messagesThatWaitForHandlersDoNotMakeAPeerSilent() {
        node.limits(limits -> limits.handlerMessages(1).messageTimeout(Duration.ofSeconds(1)));
        Conversation talk = node.connect();
        byte[] half = Conversation.frameOf("b".repeat(100));
        talk.peerSends(bytes(frames("a"), Arrays.copyOf(half, 50)));

        node.pass(Duration.ofSeconds(10));
        handleAll();
        talk.peerSends(Arrays.copyOfRange(half, 50, half.length));
        handleAll();

        assertEquals(2, node.handled.size());
    }

    // The peer goes.

    @Test
    void thePeersEndIsNoticedAtOnceThoughHandlersAreAtWork() {
        Conversation talk = node.connect();
        talk.peerSends(frames("a"));

        talk.peerEnds();
        assertTrue(talk.connection.state().closing(), () -> "state " + talk.connection.state());

        handleAll();
        assertEquals(DisconnectReason.CONNECTION_CLOSED, talk.report().reason());
        assertEquals(0, talk.report().unhandled());
    }

    @Test
    void thePeersEndBehindHandlersThatStayFullIsNoticedAfterTheGraceTime() {
        node.limits(limits -> limits.handlerMessages(1).pausedGrace(Duration.ofSeconds(2)));
        Conversation talk = node.connect();
        talk.peerSends(frames("a", "b"));
        talk.peerEnds();

        node.pass(Duration.ofMillis(1999));
        assertEquals(ConnectionState.OPEN, talk.connection.state());
        node.pass(Duration.ofMillis(1));
        assertTrue(talk.connection.state().closing(), () -> "state " + talk.connection.state());

        handleAll();
        assertEquals(List.of("a", "b"), node.handled);
        assertEquals(DisconnectReason.CONNECTION_CLOSED, talk.report().reason());
    }

    @Test
    void aLinkThatFailsIsReportedAtOnceAndWhatHasArrivedIsHandledAllTheSame() {
        node.limits(limits -> limits.handlerMessages(1));
        Conversation talk = node.connect();
        talk.peerSends(frames("a", "b", "c"));

        talk.link.fail(new IOException("reset"));
        node.run();
        assertEquals(DisconnectReason.INPUT_OUTPUT_ERROR, talk.report().reason());
        assertEquals(3, talk.report().unhandled());

        handleAll();
        assertEquals(List.of("a", "b", "c"), node.handled);
    }

    // What throws.

    @Test
    void aHandlerThatThrowsIsToldOfOnTheLoopAndGetsTheNextMessage() {
        IllegalStateException thrown = new IllegalStateException("deliberate");
        Conversation talk = node.connect();
        inHandler = label -> {
            throw thrown;
        };

        talk.peerSends(frames("a", "b"));
        executor.runAll();
        assertEquals(List.of(), node.events.takeFailures(), "told on the handler's thread");
        node.run();

        assertEquals(List.of(thrown, thrown), node.events.takeFailures());
        assertEquals(List.of("a", "b"), node.handled);
    }

    @Test
    void anExecutorThatRefusesIsToldOfOnceAndLosesNothing() {
        Conversation talk = node.connect();
        executor.refuses(true);

        talk.peerSends(frames("a"));
        talk.peerSends(frames("b"));
        node.pass(AGAIN.multipliedBy(3));
        assertInstanceOf(
                RejectedExecutionException.class, node.events.takeFailures().get(0));
        assertTrue(executor.offered() >= 4, () -> executor.offered() + " tasks offered");
        assertEquals(List.of(), node.events.takeFailures());

        executor.refuses(false);
        node.pass(AGAIN);
        executor.runAll();
        assertEquals(List.of("a", "b"), node.handled);
    }

    @Test
    void anExecutorThatRefusesToGoOnHasTheTaskAtHandGoOn() {
        Conversation talk = node.connect();
        inHandler = label -> {
            executor.refuses(true);
            node.pass(Duration.ofMillis(20));
        };
        talk.peerSends(frames("a", "b", "c", "d", "e", "f"));

        executor.runAll();

        assertEquals(List.of("a", "b", "c", "d", "e", "f"), node.handled);
        assertTrue(executor.offered() > 1, "never asked to go on");
    }

    /** As thread pools do that find no memory for a thread once the task is in their queue. */
    @Test
    void aTaskThatAnExecutorTakesThoughItThrowsWorksBesideNoOther() {
        Conversation talk = node.connect();
        executor.throwsBehind(true);
        talk.peerSends(frames("a", "b"));
        assertInstanceOf(OutOfMemoryError.class, node.events.takeFailures().get(0));
        executor.throwsBehind(false);
        node.pass(AGAIN);
        assertTrue(executor.waiting() > 1, "it was given the line once more");
        inHandler = label -> {
            if (label.equals("a")) {
                executor.runAll();
                assertEquals(List.of("a"), node.handled);
            }
        };

        executor.runAll();

        assertEquals(List.of("a", "b"), node.handled);
    }

    @Test
    void aTaskThatIsToGoOnAndIsTakenThoughItsExecutorThrowsWorksBesideNoOther() {
        Conversation talk = node.connect();
        inHandler = label -> {
            int handled = node.handled.size();
            executor.runAll();
            assertEquals(handled, node.handled.size(), "handled while another is");
            executor.throwsBehind(true);
            node.pass(Duration.ofMillis(20));
        };
        talk.peerSends(frames("a", "b", "c", "d", "e", "f"));

        executor.runAll();

        assertEquals(List.of("a", "b", "c", "d", "e", "f"), node.handled);
    }

    @Test
    void handlersOfAnExecutorThatRefusesForEverAreFullAndTheConnectionReadsNoMore() {
        node.limits(limits -> limits.handlerMessages(2));
        executor.refuses(true);
        Conversation talk = node.connect();

        talk.peerSends(bytes(frames("a", "b"), marker("m")));
        node.pass(Duration.ofMinutes(1));

        assertEquals(List.of(), markers);
        assertEquals(1, node.events.takeFailures().size());
    }

    /** Runs executor and loop until neither has anything to do. */
    private void handleAll() {
        node.run();
        while (executor.waiting() > 0) {
            executor.runAll();
            node.run();
        }
    }

    private static byte[] marker(String label) {
        return WireBytes.directSend(MARKER.id(), 0, label.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] frames(String... labels) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String label : labels) {
            bytes.writeBytes(Conversation.frameOf(label));
        }
        return bytes.toByteArray();
    }

    private static byte[] bytes(byte[]... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            bytes.writeBytes(part);
        }
        return bytes.toByteArray();
    }
}
