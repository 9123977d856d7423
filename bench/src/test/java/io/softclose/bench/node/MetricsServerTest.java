/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.Tags;
import io.softclose.bench.ExitCode;
import io.softclose.bench.JsonLines;
import io.softclose.bench.cli.Invocation;
import io.softclose.net.Connection;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.ProtocolId;
import io.softclose.net.SendResult;
import io.softclose.net.metrics.NetworkMetrics;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What Prometheus reads of a node. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class MetricsServerTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final ProtocolId PROTOCOL = ProtocolId.MEMPOOL_DIRECT_SEND;
    /** A series and its value, as Prometheus' text format has them. */
    private static final Pattern SAMPLE =
            Pattern.compile("^([a-z_]+(?:\\{[^}]*})?) ([0-9.E+-]+|NaN)$", Pattern.MULTILINE);

    private final JsonLines events = new JsonLines();
    private final EventLog log = new EventLog(events.writer(), InstantSource.system());
    private final HttpClient client = HttpClient.newHttpClient();
    private MetricsServer server;

    @BeforeEach
    void serve() throws IOException {
        server = MetricsServer.listen(ANY_PORT);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void aScrapeHasWhatTheNodesConnectionsDid() throws Exception {
        NetworkMetrics metrics = server.meters(Tags.of("node", "one"));
        Node node = new Node(
                network().addEvents(metrics), List.of(PROTOCOL), Set.of(Node.Reply.ECHO), Optional.empty(), log);
        node.watchedBy(metrics);
        Connection connection;
        try (Network peer = network().handle(PROTOCOL, (from, echo) -> {}).build()) {
            connection = peer.dial(node.listen(ANY_PORT));
            connection.opened().toCompletableFuture().join();
            for (int i = 0; i < 3; i++) {
                assertEquals(SendResult.ACCEPTED, connection.send(Message.of(PROTOCOL, 0, new byte[10])));
            }
            events.await("message");
            events.await("message");
            events.await("message");
        }
        events.await("disconnected");
        node.shutdown(Duration.ofSeconds(10)).toCompletableFuture().join();

        Map<String, Double> scraped = scrape();

        assertEquals(
                3.0,
                scraped.get("softclose_messages_accepted_total{lane=\"default\",node=\"one\"}"),
                scraped::toString);
        assertEquals(
                3.0,
                scraped.entrySet().stream()
                        .filter(sample -> sample.getKey().startsWith("softclose_messages_ended_total{"))
                        .mapToDouble(Map.Entry::getValue)
                        .sum(),
                scraped::toString);
        assertEquals(
                (double) connection.stats().sent().bytes(),
                scraped.get("softclose_network_io_bytes_total{network_io_direction=\"receive\",node=\"one\"}"));
        assertEquals(3.0, scraped.get("softclose_network_frames_total{network_io_direction=\"receive\",node=\"one\"}"));
        assertEquals(1.0, scraped.get("softclose_connections_opened_total{direction=\"inbound\",node=\"one\"}"));
        assertEquals(0.0, scraped.get("softclose_connections{direction=\"inbound\",node=\"one\",state=\"open\"}"));
        assertEquals(1.0, scraped.get("softclose_shutdowns_total{node=\"one\"}"));
    }

    @Test
    void severalNetworksHaveOneServer() throws Exception {
        server.meters(Tags.of("node", "one"));
        server.meters(Tags.of("node", "other")).shuttingDown(Duration.ZERO);

        Map<String, Double> scraped = scrape();

        assertEquals(0.0, scraped.get("softclose_shutdowns_total{node=\"one\"}"));
        assertEquals(1.0, scraped.get("softclose_shutdowns_total{node=\"other\"}"));
    }

    @Test
    void nothingElseIsThere() throws Exception {
        assertEquals(404, answer("/", "GET").statusCode());
        HttpResponse<String> refused = answer("/metrics", "POST");
        assertEquals(405, refused.statusCode());
        assertEquals("GET, HEAD", refused.headers().firstValue("Allow").orElseThrow());
        HttpResponse<String> head = answer("/metrics", "HEAD");
        assertEquals(200, head.statusCode());
        assertEquals("", head.body());
    }

    @Test
    void nobodyIsAnsweredOnceItIsClosed() {
        server.close();

        assertThrows(ConnectException.class, () -> answer("/metrics", "GET"));
    }

    @Test
    void aPortThatIsTakenIsToldWithItsAddress() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Invocation invocation =
                    Invocation.of("node", "--listen", "127.0.0.1:0", "--metrics", String.valueOf(taken.getLocalPort()));

            assertEquals(ExitCode.FAILED.code(), invocation.exitCode());
            String told = "metrics: cannot listen on 127.0.0.1:" + taken.getLocalPort();
            assertTrue(invocation.err().contains(told), invocation.err());
            assertFalse(invocation.out().contains("listening"), invocation.out());
        }
    }

    @Test
    void optionsThatMakeNoSenseAreRefused() {
        Invocation far = Invocation.of("node", "--listen", "127.0.0.1:0", "--metrics", "65536");
        Invocation alone = Invocation.of("node", "--listen", "127.0.0.1:0", "--metrics-host", "0.0.0.0");

        assertEquals(ExitCode.USAGE.code(), far.exitCode());
        assertTrue(far.err().startsWith("metrics: 65536 (expected: 0 to 65535)"), far.err());
        assertEquals(ExitCode.USAGE.code(), alone.exitCode());
        assertTrue(alone.err().startsWith("metrics-host: 0.0.0.0 (expected: with --metrics PORT)"), alone.err());
    }

    private Map<String, Double> scrape() throws Exception {
        HttpResponse<String> answer = answer("/metrics", "GET");
        assertEquals(200, answer.statusCode());
        assertEquals(
                "text/plain; version=0.0.4; charset=utf-8",
                answer.headers().firstValue("Content-Type").orElseThrow());
        Map<String, Double> samples = new HashMap<>();
        long lines = 0;
        for (Matcher sample = SAMPLE.matcher(answer.body()); sample.find(); ) {
            assertNull(samples.put(sample.group(1), Double.valueOf(sample.group(2))), sample.group(1));
            lines++;
        }
        assertEquals(answer.body().lines().filter(line -> !line.startsWith("#")).count(), lines, answer::body);
        return samples;
    }

    private HttpResponse<String> answer(String path, String method) throws IOException, InterruptedException {
        URI uri = URI.create("http://" + Endpoint.format(server.address()) + path);
        return client.send(
                HttpRequest.newBuilder(uri)
                        .method(method, BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }

    private static NetworkBuilder network() {
        return Network.builder().plaintext().transport("nio").closePolicy("graceful");
    }
}
