/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.softclose.bench.ExitCode;
import io.softclose.bench.JsonLines;
import io.softclose.bench.cli.Invocation;
import io.softclose.bench.lab.WanConditions;
import io.softclose.bench.lab.WanPath;
import io.softclose.bench.lab.WanRelay;
import io.softclose.net.Network;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.ProtocolId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code send} and {@code request} with {@code --reconnect}, whose connections come late and end early. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class NodeAndPeerTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final ProtocolId MESSAGES = ProtocolId.CONSENSUS_DIRECT_SEND_BCS;
    private static final ProtocolId REQUESTS = ProtocolId.CONSENSUS_RPC_BCS;

    private final List<Network> nodes = new ArrayList<>();
    private final AtomicInteger came = new AtomicInteger();
    private WanRelay relay;
    private WanPath path;

    @BeforeEach
    void nobodyIsThereYet() throws IOException {
        relay = WanRelay.open();
        path = relay.path(closedPort(), new WanConditions(Duration.ZERO, Duration.ZERO, 100_000_000), new Random(0));
    }

    @AfterEach
    void shutDown() {
        nodes.forEach(node -> node.shutdown(Duration.ZERO).toCompletableFuture().join());
        relay.close();
    }

    @Test
    void messagesWaitUntilThePeerIsThere() throws Exception {
        CompletableFuture<Invocation> sending =
                CompletableFuture.supplyAsync(() -> run("send", "100", "--reconnect", "--timeout", "60s"));

        path.target(listening(settings().handle(MESSAGES, (connection, message) -> came.incrementAndGet())));

        Invocation sent = sending.get();
        assertEquals(ExitCode.OK.code(), sent.exitCode(), sent::toString);
        JsonNode report = JsonLines.parse(sent.out());
        assertEquals(100, report.get("accepted").intValue(), sent::toString);
        assertEquals(100, written(report), sent::toString);
        assertEquals(0, report.get("cameBack").intValue(), sent::toString);
        assertEquals(1, report.get("reports").size(), sent::toString);
        assertEquals(100, came.get());
    }

    @Test
    void whatAConnectionDidNotDeliverGoesToTheNext() throws Exception {
        AtomicBoolean once = new AtomicBoolean();
        path.target(listening(settings().handle(MESSAGES, (connection, message) -> {
            if (came.incrementAndGet() == 1 && once.compareAndSet(false, true)) {
                path.reset();
            }
        })));

        // More than sockets and the relay hold, so that some are still with the connection when it breaks.
        Invocation sent = run("send", "300", "--reconnect", "--timeout", "60s", "--size", "100000");

        JsonNode report = JsonLines.parse(sent.out());
        JsonNode account = report.get("account");
        assertTrue(account.get("balanced").booleanValue(), sent::toString);
        assertEquals(300, account.get("total").get("accepted").intValue(), sent::toString);
        assertTrue(account.get("handedOver").intValue() > 0, sent::toString);
        assertTrue(report.get("connections").intValue() >= 2, sent::toString);
        assertEquals("ERROR", report.get("reports").get(0).get("ending").textValue(), sent::toString);
        // A connection broke after it had written some: whether those came, nobody was told.
        assertEquals(ExitCode.FELL_SHORT.code(), sent.exitCode(), sent::toString);
        assertTrue(came.get() >= 300 - written(report.get("reports").get(0)) - 1, sent::toString);
    }

    @Test
    void aPeerThatNeverCameIsNotConnectedAndEverythingComesBack() {
        Invocation sent = run("send", "5", "--reconnect", "--timeout", "1s");

        assertEquals(ExitCode.NOT_CONNECTED.code(), sent.exitCode(), sent::toString);
        assertTrue(sent.err().contains("not connected: "), sent::toString);
        JsonNode report = JsonLines.parse(sent.out());
        assertEquals(5, report.get("cameBack").intValue(), sent::toString);
        assertEquals(5, report.get("returned").size(), sent::toString);
        assertEquals("UNSENT", report.get("returned").get(0).get("outcome").textValue(), sent::toString);
        assertEquals(0, report.get("connections").intValue(), sent::toString);
    }

    @Test
    void requestsWaitUntilThePeerIsThere() throws Exception {
        CompletableFuture<Invocation> asking =
                CompletableFuture.supplyAsync(() -> run("request", "100", "--reconnect", "--timeout", "60s"));

        path.target(listening(settings().answer(REQUESTS, (connection, request) -> request)));

        Invocation asked = asking.get();
        assertEquals(ExitCode.OK.code(), asked.exitCode(), asked::toString);
        assertEquals(100, JsonLines.parse(asked.out()).get("answered").intValue(), asked::toString);
    }

    @Test
    void requestsGoOnOverTheNextConnection() throws Exception {
        path.target(listening(settings().answer(REQUESTS, (connection, request) -> {
            if (came.incrementAndGet() == 10) {
                path.reset();
            }
            return request;
        })));

        Invocation asked = run("request", "200", "--reconnect", "--timeout", "60s", "--in-flight", "4");

        JsonNode report = JsonLines.parse(asked.out());
        assertEquals(200, report.get("made").intValue(), asked::toString);
        int unanswered = report.get("failures").get("UNANSWERED").intValue();
        assertTrue(unanswered <= 4, asked::toString);
        assertEquals(200 - unanswered, report.get("answered").intValue(), asked::toString);
        assertEquals(2, report.get("connections").intValue(), asked::toString);
        assertEquals(
                unanswered == 0 ? ExitCode.OK.code() : ExitCode.FELL_SHORT.code(), asked.exitCode(), asked::toString);
    }

    @Test
    void nobodyIsAskedAgainOnceNoConnectionCameInTime() {
        Invocation asked = run("request", "1000000", "--reconnect", "--timeout", "500ms", "--in-flight", "3");

        assertEquals(ExitCode.NOT_CONNECTED.code(), asked.exitCode(), asked::toString);
        JsonNode report = JsonLines.parse(asked.out());
        assertEquals(3, report.get("made").intValue(), asked::toString);
        assertEquals(3, report.get("failures").get("TIMED_OUT").intValue(), asked::toString);
        assertEquals("NOT_CONNECTED", report.get("lastRequest").textValue(), asked::toString);
    }

    private static long written(JsonNode of) {
        JsonNode account = of.has("account") ? of.get("account") : of;
        return account.get("total").get("outcomes").get("WRITTEN").longValue();
    }

    private InetSocketAddress listening(NetworkBuilder settings) throws IOException {
        Network node = settings.build();
        nodes.add(node);
        return (InetSocketAddress) node.listen(ANY_PORT).localAddress();
    }

    private static NetworkBuilder settings() {
        return Network.builder().plaintext().transport("nio").closePolicy("graceful");
    }

    private Invocation run(String command, String count, String... more) {
        List<String> words =
                new ArrayList<>(List.of(command, "--to", Endpoint.format(path.address()), "--count", count));
        words.addAll(List.of(more));
        if (!words.contains("--size")) {
            words.addAll(List.of("--size", "300"));
        }
        return Invocation.of(words.toArray(String[]::new));
    }

    /** Of which nobody answers, but for somebody else who happens to take it. */
    private static InetSocketAddress closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return (InetSocketAddress) socket.getLocalSocketAddress();
        }
    }
}
