/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.softclose.bench.ExitCode;
import io.softclose.bench.JsonLines;
import io.softclose.bench.cli.Invocation;
import io.softclose.net.Limits;
import io.softclose.net.Network;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.ProtocolId;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class NodeAndRequestTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final Duration BUDGET = Duration.ofSeconds(30);
    private static final ProtocolId PROTOCOL = ProtocolId.CONSENSUS_RPC_BCS;

    private final JsonLines events = new JsonLines();
    private final List<Runnable> ends = new ArrayList<>();

    @AfterEach
    void shutDown() {
        ends.forEach(Runnable::run);
    }

    @Test
    void aNodeThatAnswersAnswersEveryRequestAndPrintsIt() throws Exception {
        String address = node(Set.of(Node.Reply.ANSWER));

        Invocation asked = request(address, "100", "300");

        JsonNode report = JsonLines.parse(asked.out());
        assertEquals(ExitCode.OK.code(), asked.exitCode(), asked::toString);
        assertEquals(100, report.get("made").intValue());
        assertEquals(100, report.get("answered").intValue());
        assertEquals("ACCEPTED", report.get("lastRequest").textValue());
        assertTrue(report.get("report").get("clean").booleanValue());
        for (int sequence = 0; sequence < 100; sequence++) {
            assertEquals(300, events.await("request").get("length").intValue());
        }
    }

    @Test
    void longRequestsWaitForRoom() throws Exception {
        String address = node(Set.of(Node.Reply.ANSWER));

        Invocation asked = request(address, "4", "45000000", "--timeout", "60s");

        assertEquals(ExitCode.OK.code(), asked.exitCode(), asked::toString);
        assertEquals(4, JsonLines.parse(asked.out()).get("answered").intValue());
    }

    @Test
    void aNodeThatDoesNotAnswerSupportsNoRequests() throws Exception {
        Invocation asked = request(node(Set.of(Node.Reply.ECHO)), "3", "8");

        assertFailures(3, "NOT_SUPPORTED", asked);
    }

    @Test
    void noAnswerInTimeIsTimedOut() throws Exception {
        String address =
                listening(settings().answerLater(PROTOCOL, (connection, request) -> new CompletableFuture<>()));

        Invocation asked = request(address, "3", "8", "--timeout", "2s");

        assertFailures(3, "TIMED_OUT", asked);
    }

    @Test
    void aPeerThatGoesLeavesTheRequestUnansweredAndNoMoreAreMade() throws Exception {
        String address = listening(settings().answerLater(PROTOCOL, (connection, request) -> {
            connection.abort();
            return new CompletableFuture<>();
        }));

        Invocation asked = request(address, "1000000", "8", "--in-flight", "1");

        JsonNode report = JsonLines.parse(asked.out());
        assertFailures(1, "REFUSED", asked);
        assertTrue(report.get("failures").get("UNANSWERED").intValue() > 0, asked::toString);
        assertTrue(report.get("made").intValue() < 1_000, asked::toString);
        assertNotEquals("ACCEPTED", report.get("lastRequest").textValue());
    }

    @Test
    void aPeerWithoutTheProtocolIsNoConnection() throws Exception {
        Invocation asked = request(node(Set.of(Node.Reply.ANSWER)), "3", "8", "--protocol", "64:chat");

        assertEquals(ExitCode.NOT_CONNECTED.code(), asked.exitCode(), asked::toString);
        assertTrue(asked.err().startsWith("not connected: "), asked.err());
        assertEquals(0, JsonLines.parse(asked.out()).get("made").intValue());
    }

    private String node(Set<Node.Reply> replies) throws Exception {
        EventLog log = new EventLog(events.writer(), InstantSource.system());
        Node node = new Node(settings(), List.of(PROTOCOL), replies, Optional.empty(), log);
        ends.add(() ->
                assertTrue(node.shutdown(BUDGET).toCompletableFuture().join().balanced()));
        return Endpoint.format(node.listen(ANY_PORT));
    }

    private String listening(NetworkBuilder settings) throws Exception {
        // Drop, for it is not to wait for the answers that it owes.
        Network network = settings.closePolicy("drop").build();
        ends.add(() -> network.shutdown(Duration.ZERO).toCompletableFuture().join());
        return Endpoint.format(network.listen(ANY_PORT).localAddress());
    }

    private static NetworkBuilder settings() {
        return Network.builder()
                .plaintext()
                .transport("nio")
                .closePolicy("graceful")
                .limits(Limits.defaults());
    }

    private static Invocation request(String address, String count, String size, String... more) {
        List<String> words = new ArrayList<>(List.of("request", "--to", address, "--count", count, "--size", size));
        words.addAll(List.of(more));
        return Invocation.of(words.toArray(String[]::new));
    }

    private static void assertFailures(int expected, String failure, Invocation asked) {
        JsonNode report = JsonLines.parse(asked.out());
        assertEquals(ExitCode.FELL_SHORT.code(), asked.exitCode(), asked::toString);
        assertEquals(0, report.get("answered").intValue());
        assertEquals(expected, report.get("failures").get(failure).intValue(), asked::toString);
    }
}
