/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.node;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.softclose.net.CloseReport;
import io.softclose.net.Limits;
import io.softclose.net.Network;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.ShutdownReport;
import io.softclose.net.netty.IoKind;
import io.softclose.net.netty.LentBuffersOf;
import io.softclose.net.netty.NettyTransport;
import io.softclose.net.testkit.LeakChecks;
import io.softclose.policy.drain.GracefulPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The nodes of one test, on one kind of I/O. Afterwards it shuts them down and checks that every account balances, that
 * no callback threw, and that neither a thread nor a byte of a buffer is left.
 */
final class Nodes implements BeforeEachCallback, AfterEachCallback {
    private final IoKind io;
    private final UnpooledByteBufAllocator buffers = new UnpooledByteBufAllocator(true);
    private final List<NettyTransport> transports = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private LeakChecks threads = LeakChecks.begin();

    Nodes(IoKind io) {
        this.io = io;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        threads = LeakChecks.begin();
    }

    /** A node whose outbox holds this many messages, and that closes gracefully. */
    Node node(int outbox) {
        return node(outbox, settings -> settings);
    }

    Node node(int outbox, UnaryOperator<NettyTransport.Builder> settings) {
        NettyTransport transport = settings.apply(LentBuffersOf.allocating(
                        buffers, NettyTransport.builder().io(io)))
                .build();
        transports.add(transport);
        NetworkBuilder builder = Network.builder()
                .transport(transport)
                .limits(Limits.builder().outboxMessages(outbox).build())
                .closePolicy(patient());
        Node node = new Node(builder);
        nodes.add(node);
        return node;
    }

    /** Graceful, with so much time that only a close that hangs runs out of it. */
    private static GracefulPolicy patient() {
        return GracefulPolicy.builder()
                .drainTimeout(Duration.ofMinutes(5))
                .finishTimeout(Duration.ofMinutes(5))
                .stallTimeout(Duration.ofMinutes(5))
                .build();
    }

    /** Shuts everything down, as is done after each test. */
    void shutdown() {
        List<ShutdownReport> shutdowns = nodes.stream()
                .map(node -> Await.of(node.network().shutdown(Duration.ofSeconds(1)), "the shutdown"))
                .toList();
        transports.forEach(NettyTransport::close);
        assertAll(
                () -> shutdowns.forEach(report -> assertTrue(report.balanced(), report::toString)),
                () -> nodes.forEach(Nodes::check),
                () -> transports.forEach(one -> assertEquals(0, LentBuffersOf.transport(one), "buffers on loan")),
                () -> assertEquals(0, buffers.metric().usedDirectMemory(), "bytes of buffers"),
                threads::assertNoThreadLeft);
        nodes.clear();
        transports.clear();
    }

    private static void check(Node node) {
        assertEquals(List.of(), List.copyOf(node.failures), "what callbacks threw");
        for (CloseReport report : node.disconnected) {
            assertTrue(report.account().balanced(), report::toString);
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        shutdown();
    }
}
