/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Connection.Reading;
import io.softclose.net.ConnectionState;
import io.softclose.net.DisconnectReason;
import io.softclose.net.NetworkException;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.fake.FakeLink;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Dials of hosts by their names, which are looked up on another thread while everything else stands still. */
class NamedDialTest {
    private static final InetSocketAddress NAME = InetSocketAddress.createUnresolved("node.example", 6180);

    @RegisterExtension
    final Node node = new Node();

    private final CompletableFuture<List<InetAddress>> answer = new CompletableFuture<>();
    private final AtomicReference<String> asked = new AtomicReference<>("");
    private final CountDownLatch asking = new CountDownLatch(1);

    @BeforeEach
    void lookNamesUpHere() {
        node.settings().nameResolver(host -> {
            asked.set(host);
            asking.countDown();
            try {
                return answer.join();
            } catch (CompletionException failed) {
                if (failed.getCause() instanceof UnknownHostException unknown) {
                    throw unknown;
                }
                throw failed;
            }
        });
        node.transport.dialsHang();
    }

    @AfterEach
    void answerInTheEnd() {
        answer.complete(List.of());
    }

    @Test
    void aNameIsLookedUpAndItsAddressDialled() throws Exception {
        Connection connection = node.network().dial(NAME);
        assertEquals(ConnectionState.DIALING, connection.state());
        assertEquals(List.of(connection), node.network().connections());

        FakeLink link = answered(1, "192.0.2.1");

        assertEquals("node.example", asked.get());
        assertEquals(new InetSocketAddress("192.0.2.1", 6180), link.remoteAddress());
        assertEquals(NAME, connection.remoteAddress());
        open(connection, link);
    }

    @Test
    void theAddressesAreDialledInTurnUntilOneAnswers() throws Exception {
        Connection connection = node.network().dial(NAME);
        FakeLink first = answered(1, "192.0.2.1", "192.0.2.2", "192.0.2.3");

        fail(first, "refused");
        FakeLink second = dialled(2);
        assertEquals(new InetSocketAddress("192.0.2.2", 6180), second.remoteAddress());
        open(connection, second);

        assertEquals(2, node.transport.links().size());
    }

    @Test
    void anAddressThatDoesNotAnswerHasItsShareOfTheTime() throws Exception {
        node.network().dial(NAME);
        answered(1, "192.0.2.1", "192.0.2.2", "192.0.2.3");

        node.pass(Duration.ofSeconds(10).minusNanos(1));
        assertEquals(1, node.transport.links().size());
        node.pass(Duration.ofNanos(1));
        assertEquals(2, node.transport.links().size());

        fail(dialled(2), "refused");
        assertEquals(3, node.transport.links().size());
    }

    @Test
    void ifNoneAnswersTheExceptionSaysWhatBecameOfEach() throws Exception {
        Connection connection = node.network().dial(NAME);
        fail(answered(1, "192.0.2.1", "192.0.2.2"), "no route");
        fail(dialled(2), "refused");

        Throwable cause = causeOfFailure(connection);

        assertInstanceOf(ConnectException.class, cause);
        assertEquals("dial node.example:6180: no address answered (no route; refused)", cause.getMessage());
        assertEquals(
                List.of("no route", "refused"),
                Stream.of(cause.getSuppressed()).map(Throwable::getMessage).toList());
        assertEquals(DisconnectReason.DIAL_FAILED, node.events.reports.get(0).reason());
    }

    @Test
    void allAddressesTogetherHaveTheTimeOfOneDial() throws Exception {
        Connection connection = node.network().dial(NAME);
        answered(1, "192.0.2.1", "192.0.2.2");

        node.pass(Duration.ofSeconds(30));

        assertInstanceOf(SocketTimeoutException.class, causeOfFailure(connection));
    }

    @Test
    void aNameWithVeryManyAddressesIsNotDialledForEver() throws Exception {
        Connection connection = node.network().dial(NAME);
        answer.complete(Collections.nCopies(1_000, InetAddress.getByName("192.0.2.1")));
        for (int i = 1; i <= 16; i++) {
            fail(dialled(i), "refused");
        }

        assertInstanceOf(ConnectException.class, causeOfFailure(connection));
        assertEquals(16, node.transport.links().size());
    }

    @Test
    void anUnknownNameIsNamed() {
        Connection connection = node.network().dial(NAME);
        answer.completeExceptionally(new UnknownHostException("node.example: no such host"));
        awaitEnd(connection);

        Throwable cause = causeOfFailure(connection);

        assertInstanceOf(UnknownHostException.class, cause);
        assertEquals("dial node.example:6180: unknown host (node.example: no such host)", cause.getMessage());
    }

    @Test
    void aNameWithoutAnAddressIsUnknown() {
        Connection connection = node.network().dial(NAME);
        answer.complete(List.of());
        awaitEnd(connection);

        assertInstanceOf(UnknownHostException.class, causeOfFailure(connection));
    }

    @Test
    void whatAResolverThrowsFailsTheDial() {
        IllegalStateException onPurpose = new IllegalStateException("on purpose");
        Connection connection = node.network().dial(NAME);
        answer.completeExceptionally(onPurpose);
        awaitEnd(connection);

        Throwable cause = causeOfFailure(connection);

        assertEquals("dial node.example:6180: the name could not be looked up: " + onPurpose, cause.getMessage());
    }

    @Test
    void aLookUpThatHangsEndsWithTheTimeOfTheDial() {
        Connection connection = node.network().dial(NAME);
        node.run();

        node.pass(Duration.ofSeconds(30));

        Throwable cause = causeOfFailure(connection);
        assertInstanceOf(SocketTimeoutException.class, cause);
        assertEquals("dial node.example:6180: no answer within PT30S", cause.getMessage());
    }

    static Stream<BiConsumer<Node, Connection>> ends() {
        return Stream.of(
                (node, connection) -> connection.close(),
                (node, connection) -> connection.abort(),
                (node, connection) -> node.network().shutdown(Duration.ofSeconds(1)));
    }

    @ParameterizedTest
    @MethodSource("ends")
    void aDialWhoseNameIsBeingLookedUpEndsAtOnce(BiConsumer<Node, Connection> end) {
        Connection connection = node.network().dial(NAME);
        node.run();
        Waiting.await(asking, "the look-up");

        end.accept(node, connection);
        node.run();

        assertEquals(ConnectionState.CLOSED, connection.state());
        assertEquals(0, node.loop.pendingTimers());
    }

    @ParameterizedTest
    @MethodSource("ends")
    void aDialOfANameEndsAtOnceWhileAnAddressIsDialled(BiConsumer<Node, Connection> end) throws Exception {
        Connection connection = node.network().dial(NAME);
        answered(1, "192.0.2.1", "192.0.2.2");

        end.accept(node, connection);
        node.run();

        assertEquals(ConnectionState.CLOSED, connection.state());
        assertEquals(1, node.transport.links().size());
    }

    @Test
    void aTransportThatIsClosedMeanwhileEndsTheDial() {
        Connection connection = node.network().dial(NAME);
        node.run();
        Waiting.await(asking, "the look-up");
        node.transport.close();

        answer.complete(List.of(InetAddress.getLoopbackAddress()));
        awaitEnd(connection);

        assertEquals(ConnectionState.CLOSED, connection.state());
    }

    @Test
    void aLoopThatHasEndedMeanwhileEndsTheDial() {
        Connection connection = node.network().dial(NAME);
        node.run();
        Waiting.await(asking, "the look-up");
        node.loop.stop();

        answer.complete(List.of(InetAddress.getLoopbackAddress()));

        CloseReport report = Waiting.await(connection.closed(), "the end of the connection");
        assertEquals(DisconnectReason.DIAL_FAILED, report.reason());
        Waiting.await(node.network().shutdown(), "the shutdown");
        // Its timer would have ended it, had the loop gone on.
        node.pass(Duration.ofSeconds(30));
    }

    @Test
    void aClosedTransportRefusesTheDial() {
        node.transport.close();

        NetworkException refused =
                assertThrows(NetworkException.class, () -> node.network().dial(NAME));

        assertTrue(String.valueOf(refused.getMessage()).contains("node.example"), refused::toString);
        assertEquals(List.of(), node.network().connections());
    }

    @Test
    void aConnectionThatIsPausedBeforeItsNameIsLookedUpStaysPaused() throws Exception {
        Connection connection = node.network().dial(NAME);
        connection.reading(Reading.PAUSED);
        FakeLink link = answered(1, "192.0.2.1");
        open(connection, link);

        link.read(Conversation.frameOf("early"));
        node.run();
        assertEquals(List.of(), node.handled);
        connection.reading(Reading.RESUMED);
        node.run();

        assertEquals(List.of("early"), node.handled);
    }

    /** The link of a dial by number, from 1, once the resolver has answered. */
    private FakeLink answered(int dial, String... addresses) throws UnknownHostException {
        List<InetAddress> found = new ArrayList<>();
        for (String address : addresses) {
            found.add(InetAddress.getByName(address));
        }
        answer.complete(found);
        return dialled(dial);
    }

    private FakeLink dialled(int number) {
        node.loop.runUntil(() -> node.transport.links().size() >= number);
        node.run();
        return node.transport.links().get(number - 1);
    }

    private void fail(FakeLink link, String message) {
        link.fail(new ConnectException(message));
        node.run();
    }

    private void awaitEnd(Connection connection) {
        node.loop.runUntil(() -> connection.closed().toCompletableFuture().isDone());
    }

    private void open(Connection connection, FakeLink link) {
        link.connect();
        link.read(Conversation.HANDSHAKE);
        node.run();
        assertEquals(ConnectionState.OPEN, connection.state());
    }

    /** Why the link of a connection that never opened failed. */
    private static Throwable causeOfFailure(Connection connection) {
        Throwable failure = Waiting.failure(connection.opened(), "the dial");
        assertInstanceOf(NetworkException.class, failure);
        assertTrue(String.valueOf(failure.getMessage()).contains("node.example"), failure::toString);
        Throwable cause = failure.getCause();
        if (cause == null) {
            throw new AssertionError("no cause", failure);
        }
        return cause;
    }
}
