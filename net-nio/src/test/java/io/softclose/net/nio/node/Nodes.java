/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.node;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Limits;
import io.softclose.net.ShutdownReport;
import io.softclose.net.nio.LentBuffers;
import io.softclose.net.nio.NioTransport;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.testkit.LeakChecks;
import io.softclose.policy.drain.GracefulPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The nodes of one test. Afterwards it shuts them down and checks that every account balances, that no callback threw,
 * and that neither a thread nor a buffer is left.
 */
final class Nodes implements BeforeEachCallback, AfterEachCallback {
    private final List<NioTransport> transports = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private LeakChecks threads = LeakChecks.begin();

    @Override
    public void beforeEach(ExtensionContext context) {
        threads = LeakChecks.begin();
    }

    /** A transport with these settings, closed after the test. */
    NioTransport transport(UnaryOperator<NioTransport.Builder> settings) {
        NioTransport transport = settings.apply(NioTransport.builder()).build();
        transports.add(transport);
        return transport;
    }

    /** A node on a transport of its own that closes gracefully, unless the settings say otherwise. */
    Node node(Node.Settings settings) {
        return nodeOn(builder -> settings.on(builder.transport(transport(UnaryOperator.identity()))));
    }

    Node node(ClosePolicy policy) {
        return node(builder -> builder.closePolicy(policy));
    }

    Node node() {
        return node(builder -> builder);
    }

    /** A node for which the settings choose the transport. */
    Node nodeOn(Node.Settings settings) {
        Node node = new Node(builder -> settings.on(builder.closePolicy(patient())));
        nodes.add(node);
        return node;
    }

    /** Graceful, with so much time that only a close that hangs runs out of it. */
    static GracefulPolicy patient() {
        return GracefulPolicy.builder()
                .drainTimeout(Duration.ofMinutes(5))
                .finishTimeout(Duration.ofMinutes(5))
                .stallTimeout(Duration.ofMinutes(5))
                .build();
    }

    /** Limits whose outbox holds this many messages. */
    static Limits outboxOf(int messages) {
        return Limits.builder().outboxMessages(messages).build();
    }

    /** Connects two nodes and waits for both ends. */
    static Pair connect(Node dialling, Node listening) throws IOException {
        Connection dialled = dialling.connect(listening.listen());
        return new Pair(dialled, listening.nextConnection());
    }

    /** Two ends of one connection. */
    record Pair(Connection dialled, Connection accepted) {}

    @Override
    public void afterEach(ExtensionContext context) {
        List<ShutdownReport> shutdowns = nodes.stream()
                .map(node -> node.network().shutdown(Duration.ofSeconds(1)))
                .map(shutdown -> Await.of(shutdown, "the shutdown"))
                .toList();
        transports.forEach(NioTransport::close);
        assertAll(
                () -> shutdowns.forEach(report -> assertTrue(report.balanced(), report::toString)),
                () -> nodes.forEach(Nodes::check),
                () -> transports.forEach(transport -> assertEquals(0, LentBuffers.of(transport), "buffers on loan")),
                threads::assertNoThreadLeft);
    }

    private static void check(Node node) {
        assertEquals(List.of(), List.copyOf(node.failures), "what callbacks threw");
        for (CloseReport report : node.disconnected) {
            assertTrue(report.account().balanced(), report::toString);
        }
    }
}
