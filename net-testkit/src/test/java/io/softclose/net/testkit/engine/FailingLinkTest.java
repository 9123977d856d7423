/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.message;
import static io.softclose.net.testkit.engine.Messages.sized;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.ConnectionState;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Message;
import io.softclose.net.NetworkException;
import io.softclose.net.Outcome;
import io.softclose.net.testkit.fake.FakeLink.EndCall;
import io.softclose.net.testkit.wire.WireBytes;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever comes out of a connection's engine ends that connection, with its report, and nothing else. */
class FailingLinkTest {
    private static final long ALL = Long.MAX_VALUE;

    @RegisterExtension
    final Node node = new Node();

    private final IllegalStateException deliberate = new IllegalStateException("deliberate");

    @ParameterizedTest
    @ValueSource(strings = {"write", "flushedBytes", "lend"})
    void aMethodThatThrowsWhileTheConnectionIsOpenEndsIt(String method) {
        Conversation other = node.connect();
        Conversation talk = node.connect();
        talk.link.breaks(method, () -> deliberate);

        talk.sendAll(message("a"), message("b"));
        node.run();
        talk.link.mended();

        assertEquals(CloseEnding.ERROR, talk.report().ending());
        assertEquals(DisconnectReason.INPUT_OUTPUT_ERROR, talk.report().reason());
        assertSame(deliberate, talk.report().error().orElseThrow());
        assertEquals(List.of(EndCall.ABORT), talk.link.endCalls());
        assertEquals(2, talk.report().returned().size());
        other.sendAll(message("c"));
        node.run();
        assertEquals(List.of("c"), other.received());
    }

    static Stream<Arguments> methodsAndErrors() {
        return Stream.of("write", "flushedBytes", "shutdownOutput", "close", "linger")
                .flatMap(method -> Stream.of(
                                new IllegalStateException("deliberate"),
                                new StackOverflowError("deliberate"),
                                new OutOfMemoryError("deliberate"))
                        .map(thrown -> Arguments.of(method, thrown)));
    }

    @ParameterizedTest
    @MethodSource("methodsAndErrors")
    void aMethodThatThrowsDuringTheCloseNeverKeepsItFromItsEnd(String method, Throwable thrown) {
        Conversation talk = node.connect();
        talk.peerTakes(3);
        talk.sendAll(message("half"), message("queued"));
        node.run();
        talk.link.breaks(method, () -> thrown);

        talk.connection.close();
        node.pass(ScriptedPolicy.DEADLINE.multipliedBy(2));
        talk.link.mended();
        node.run();

        assertEquals(ConnectionState.CLOSED, talk.connection.state());
        assertTrue(talk.report().account().balanced());
        assertEquals(2, talk.report().returned().size());
    }

    @Test
    void aLinkThatCannotEvenBeAbortedIsLeft() {
        Conversation talk = node.connect();
        talk.link.breaks("write", () -> deliberate);
        talk.link.breaks("abort", () -> new IllegalStateException("deliberate, too"));

        talk.sendAll(message("a"));
        node.run();

        assertEquals(CloseEnding.ERROR, talk.report().ending());
        assertEquals(1, talk.report().account().count(Outcome.UNSENT));
        talk.link.mended();
        talk.link.fail(new IllegalStateException("the test's own"));
        node.run();
    }

    @Test
    void anAnswerThatCannotBeWrittenEndsTheConnection() {
        Conversation talk = node.connect();
        talk.link.breaks("write", () -> deliberate);

        talk.peerSends(WireBytes.frame((byte) 9, (byte) 5));
        talk.link.mended();

        assertSame(deliberate, talk.report().error().orElseThrow());
        assertEquals(1, node.events.takeViolations().size());
    }

    @Test
    void aHandshakeThatCannotBeWrittenEndsTheConnection() {
        Conversation talk = node.dial();
        talk.link.breaks("write", () -> deliberate);
        node.run();
        talk.link.mended();
        node.run();

        assertEquals(DisconnectReason.HANDSHAKE_FAILED, talk.report().reason());
        assertSame(deliberate, talk.report().error().orElseThrow());
        assertTrue(talk.connection.opened().toCompletableFuture().isCompletedExceptionally());
    }

    @Test
    void theTimersOfACloseThatFailedDoNotFire() {
        Conversation talk = node.connect();
        talk.peerTakes(1);
        talk.sendAll(message("a"));
        talk.connection.close();
        node.run();
        talk.link.breaks("write", () -> deliberate);
        talk.link.writable();
        node.run();

        assertSame(deliberate, talk.report().error().orElseThrow());
        assertEquals(DisconnectReason.REQUESTED_BY_PEER_MANAGER, talk.report().reason());
        assertEquals(0, node.loop.pendingTimers());
    }

    @Test
    void ordersToAConnectionThatIsFailingChangeNothing() {
        Conversation talk = node.connect();
        talk.link.breaks("write", () -> deliberate);
        talk.sendAll(message("a"));
        talk.connection.close();
        talk.connection.close();
        node.run();

        assertSame(deliberate, talk.report().error().orElseThrow());
        assertEquals(0, node.loop.pendingTimers());
    }

    @Test
    void halfAFrameThatCannotBeCompletedEndsTheConnection() {
        Message large = Unreadable.from(200_000, sized("bad", 300_000));
        Conversation talk = node.connect();
        talk.peerTakes(1000);

        talk.sendAll(large, message("b"));
        node.run();
        talk.peerTakes(ALL);

        assertEquals(CloseEnding.ERROR, talk.report().ending());
        assertEquals(DisconnectReason.INPUT_OUTPUT_ERROR, talk.report().reason());
        NetworkException error =
                assertInstanceOf(NetworkException.class, talk.report().error().orElseThrow());
        assertInstanceOf(InternalError.class, error.getCause());
        assertEquals(error.getMessage(), talk.report().detail());
        assertEquals(List.of("bad UNSENT", "b UNSENT"), talk.returned());
        assertEquals(List.of(EndCall.ABORT), talk.link.endCalls());
        assertEquals(List.of(), talk.received());
    }
}
