/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.softclose.bench.ExitCode;
import io.softclose.bench.JsonLines;
import io.softclose.bench.Payloads;
import io.softclose.bench.cli.Invocation;
import io.softclose.bench.cli.option.ProtocolConverter;
import io.softclose.net.Connection;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.ProtocolId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class NodeAndSendTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private static final Duration BUDGET = Duration.ofSeconds(30);

    private final JsonLines events = new JsonLines();
    private Node node = node(Set.of(), Limits.defaults());

    @AfterEach
    void shutDown() {
        assertTrue(node.shutdown(BUDGET).toCompletableFuture().join().balanced());
    }

    @Test
    void everyMessageArrivesAndBothEndsSaySo() throws Exception {
        String address = Endpoint.format(node.listen(ANY_PORT));

        Invocation sent = Invocation.of(
                "send",
                "--to",
                address,
                "--count",
                "100",
                "--size",
                "300",
                "--priority",
                "9",
                "--protocol",
                "netbenchrpc");

        assertEquals(ExitCode.OK.code(), sent.exitCode(), sent.err());
        JsonNode report = report(sent);
        assertEquals(100, report.get("accepted").intValue());
        assertTrue(report.get("report").get("clean").booleanValue());
        assertEquals(
                100,
                report.get("report").get("total").get("outcomes").get("WRITTEN").intValue());

        assertEquals(address, events.await("listening").get("address").textValue());
        JsonNode connected = events.await("connected");
        assertEquals("[\"NetbenchRpc\"]", connected.get("protocols").toString());
        for (int sequence = 0; sequence < 100; sequence++) {
            JsonNode message = events.await("message");
            assertEquals("NetbenchRpc", message.get("protocol").textValue());
            assertEquals(9, message.get("priority").intValue());
            assertEquals(300, message.get("length").intValue());
            assertEquals(crc(Payloads.of(sequence, 300)), message.get("crc32").textValue());
        }
        JsonNode disconnected = events.await("disconnected");
        assertEquals(connected.get("connection"), disconnected.get("connection"));
        assertEquals(
                "CONNECTION_CLOSED", disconnected.get("report").get("reason").textValue());
    }

    @Test
    void whatTakesLongerThanASecondTellsHowFarItIs() throws Exception {
        String address = Endpoint.format(node.listen(ANY_PORT));

        Invocation sent =
                Invocation.of("send", "--to", address, "--count", "7", "--size", "300", "--close-after", "2500ms");

        assertEquals(ExitCode.OK.code(), sent.exitCode(), sent.err());
        assertEquals(
                "7 of 7 accepted, 7 written", sent.err().lines().findFirst().orElse(""));
        assertEquals(1, sent.out().lines().count(), sent.out());
    }

    @Test
    void echoSendsEveryMessageBackInOrderThroughATinyOutbox() throws Exception {
        node.shutdown(BUDGET).toCompletableFuture().join();
        node = node(Set.of(Node.Reply.ECHO), Limits.builder().outboxMessages(2).build());
        int count = 5_000;
        List<Integer> echoed = new ArrayList<>();
        CountDownLatch all = new CountDownLatch(count);
        Network client = Network.builder()
                .plaintext()
                .transport("nio")
                .closePolicy("graceful")
                .handle(ProtocolId.MEMPOOL_DIRECT_SEND, (connection, message) -> {
                    echoed.add(Payloads.sequence(message));
                    all.countDown();
                })
                .build();
        try {
            Connection connection = client.dial(node.listen(ANY_PORT));
            connection.opened().toCompletableFuture().get(30, TimeUnit.SECONDS);
            for (int sequence = 0; sequence < count; sequence++) {
                Message message = Message.of(ProtocolId.MEMPOOL_DIRECT_SEND, 0, Payloads.of(sequence, 64));
                assertTrue(
                        connection.sendBlocking(message, Duration.ofSeconds(30)).accepted());
            }
            assertTrue(all.await(30, TimeUnit.SECONDS), () -> all.getCount() + " did not come back");
        } finally {
            client.shutdown().toCompletableFuture().join();
        }
        assertEquals(IntStream.range(0, count).boxed().toList(), echoed);
    }

    @Test
    void whatThePeerStillSendsIsReceivedDuringTheClose() throws Exception {
        node.shutdown(BUDGET).toCompletableFuture().join();
        node = node(Set.of(Node.Reply.ECHO), Limits.defaults());
        String address = Endpoint.format(node.listen(ANY_PORT));

        Invocation sent = Invocation.of("send", "--to", address, "--count", "1000", "--size", "8");

        assertEquals(ExitCode.OK.code(), sent.exitCode(), sent.err());
        assertEquals(1000, report(sent).get("received").intValue());
    }

    @Test
    void aUnixSocketServesAsWell(@TempDir Path directory) throws Exception {
        Path path = directory.resolve("node.sock");
        node.listen(UnixDomainSocketAddress.of(path));

        Invocation sent = Invocation.of("send", "--to", "unix:" + path, "--count", "3", "--size", "0");

        assertEquals(ExitCode.OK.code(), sent.exitCode(), sent.err());
        assertEquals("unix:" + path, events.await("listening").get("address").textValue());
        assertEquals(crc(new byte[0]), events.await("message").get("crc32").textValue());
    }

    @Test
    void aPeerOfAnotherChainIsRefusedAndToldWhy() throws Exception {
        String address = Endpoint.format(node.listen(ANY_PORT));

        Invocation sent = Invocation.of("send", "--to", address, "--count", "1", "--size", "8", "--chain-id", "5");

        assertEquals(ExitCode.NOT_CONNECTED.code(), sent.exitCode());
        assertTrue(sent.err().startsWith("not connected: "), sent.err());
        assertEquals(0, report(sent).get("accepted").intValue());
        assertEquals(
                "HANDSHAKE_FAILED", report(sent).get("report").get("reason").textValue());
        assertEquals("INVALID_CHAIN_ID", events.await("refused").get("failure").textValue());
    }

    @Test
    void nobodyListeningIsNoConnection() throws Exception {
        SocketAddress nobody;
        try (ServerSocket closed = new ServerSocket()) {
            closed.bind(ANY_PORT);
            nobody = closed.getLocalSocketAddress();
        }

        Invocation sent = Invocation.of("send", "--to", Endpoint.format(nobody), "--count", "1", "--size", "8");

        assertEquals(ExitCode.NOT_CONNECTED.code(), sent.exitCode());
        assertEquals("DIAL_FAILED", report(sent).get("report").get("reason").textValue());
    }

    @Test
    void aPeerThatKeepsSilentIsNoConnection() throws Exception {
        try (ServerSocket silent = new ServerSocket()) {
            silent.bind(ANY_PORT);
            String address = Endpoint.format(silent.getLocalSocketAddress());

            Invocation sent =
                    Invocation.of("send", "--to", address, "--count", "1", "--size", "8", "--timeout", "100ms");

            assertEquals(ExitCode.NOT_CONNECTED.code(), sent.exitCode());
            assertEquals(
                    "HANDSHAKE_FAILED", report(sent).get("report").get("reason").textValue());
        }
    }

    @Test
    void closingBeforeEverythingIsSentFallsShort() throws Exception {
        String address = Endpoint.format(node.listen(ANY_PORT));

        Invocation sent = Invocation.of("send", "--to", address, "--count", "10", "--size", "8", "--close-after", "0s");

        assertEquals(ExitCode.FELL_SHORT.code(), sent.exitCode());
        assertEquals(0, report(sent).get("accepted").intValue());
        assertTrue(report(sent).get("report").get("balanced").booleanValue());
    }

    @Test
    void whatDidNotGoIsListedMessageByMessage() throws Exception {
        String address = Endpoint.format(node.listen(ANY_PORT));

        Invocation sent = Invocation.of(
                "send", "--to", address, "--count", "3", "--size", "60000000", "--policy", "drop", "--timeout", "1s");

        JsonNode report = report(sent).get("report");
        assertEquals(ExitCode.FELL_SHORT.code(), sent.exitCode(), sent.out());
        assertTrue(report.get("balanced").booleanValue());
        assertFalse(report.get("returned").isEmpty());
        for (JsonNode returned : report.get("returned")) {
            assertEquals("SAFE", returned.get("resend").textValue());
            assertEquals(60_000_000, returned.get("length").intValue());
        }
    }

    private Node node(Set<Node.Reply> replies, Limits limits) {
        NetworkBuilder settings = Network.builder()
                .plaintext()
                .transport("nio")
                .closePolicy("graceful")
                .limits(limits);
        return new Node(
                settings,
                ProtocolConverter.USABLE,
                replies,
                Optional.empty(),
                new EventLog(events.writer(), InstantSource.system()));
    }

    private static JsonNode report(Invocation sent) throws IOException {
        return new ObjectMapper().readTree(sent.out());
    }

    private static String crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return "%08x".formatted(crc.getValue());
    }
}
