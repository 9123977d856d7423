/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.node;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.ExitCode;
import io.softclose.bench.JsonLines;
import io.softclose.bench.cli.Invocation;
import io.softclose.bench.cli.option.ProtocolConverter;
import io.softclose.net.Connection;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.ProtocolId;
import io.softclose.net.health.HealthChecker;
import io.softclose.net.health.HealthSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Health checks from the command line: those of peers are answered, and its own close the connections of the dead. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class NodeHealthTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final ProtocolId HEALTH = ProtocolId.HEALTH_CHECKER_RPC;

    private final JsonLines events = new JsonLines();
    private @Nullable Node node;
    private @Nullable Network peer;

    @AfterEach
    void shutDown() {
        if (peer != null) {
            peer.close();
        }
        if (node != null) {
            node.shutdown(Duration.ofSeconds(10)).toCompletableFuture().join();
        }
    }

    @Test
    void aPeersCheckHasItsPongThoughOtherRequestsAreAnsweredWithThemselves() throws Exception {
        Connection connection = dial(listening(Optional.empty()), network().support(HEALTH));

        Message pong = connection
                .request(Message.of(HEALTH, 0, new byte[] {0, 1, 2, 3, 4}), Duration.ofSeconds(20))
                .toCompletableFuture()
                .join();

        assertArrayEquals(new byte[] {1, 1, 2, 3, 4}, bytesOf(pong));
    }

    @Test
    void aPeerThatDoesNotAnswerIsClosedAndTheEventSaysWhy() throws Exception {
        HealthSettings quick = HealthSettings.builder()
                .interval(Duration.ofMillis(50))
                .timeout(Duration.ofMillis(100))
                .build();

        dial(
                listening(Optional.of(new HealthChecker(quick))),
                network().answerLater(HEALTH, (connection, request) -> new CompletableFuture<>()));

        assertEquals(
                "NETWORK_HEALTH_CHECK_FAILURE",
                events.await("disconnected").get("report").get("reason").textValue());
    }

    @Test
    void anIntervalOfNoTimeIsRefused() {
        Invocation invocation = Invocation.of("node", "--listen", "127.0.0.1:0", "--health-interval", "0s");

        assertEquals(ExitCode.USAGE.code(), invocation.exitCode());
        assertTrue(invocation.err().startsWith("health-interval: 0s (expected: > 0)"), invocation.err());
    }

    private SocketAddress listening(Optional<HealthChecker> checker) throws Exception {
        EventLog log = new EventLog(events.writer(), InstantSource.system());
        Node made = new Node(network(), ProtocolConverter.USABLE, Set.of(Node.Reply.ANSWER), checker, log);
        node = made;
        return made.listen(ANY_PORT);
    }

    private Connection dial(SocketAddress address, NetworkBuilder settings) {
        Network made = settings.build();
        peer = made;
        Connection connection = made.dial(address);
        connection.opened().toCompletableFuture().join();
        return connection;
    }

    private static NetworkBuilder network() {
        return Network.builder().plaintext().transport("nio").closePolicy("drop");
    }

    private static byte[] bytesOf(Message message) {
        byte[] bytes = new byte[message.size()];
        message.payload().get(bytes);
        return bytes;
    }
}
