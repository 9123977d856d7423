/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.node;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Limits;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.Outcome;
import io.softclose.net.ShutdownReport;
import io.softclose.net.spi.Transport;
import io.softclose.net.testkit.Layer;
import io.softclose.net.testkit.LeakChecks;
import io.softclose.net.testkit.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/**
 * The nodes of one test. Afterwards they are shut down, and it is checked that every account balances, that no callback
 * threw, and that neither a thread nor a buffer is left. Confined to the test's thread.
 */
public final class Nodes {
    private static final int LOOPS = 2;
    /** So small that the kernels hold little of what is sent. */
    private static final int SMALL_BUFFER = 4 * 1024;

    private final TransportUnderTest test;
    private final LeakChecks threads = LeakChecks.begin();
    private final List<Transport> transports = new ArrayList<>();
    /** The same, each without its layer. */
    private final List<Transport> bare = new ArrayList<>();

    private final List<Node> nodes = new ArrayList<>();

    Nodes(TransportUnderTest test) {
        this.test = test;
    }

    /** A node on a transport of its own that closes gracefully. */
    public Node node() {
        return node(builder -> builder);
    }

    /** A node on a transport of its own that closes gracefully, unless the settings say otherwise. */
    public Node node(UnaryOperator<NetworkBuilder> settings) {
        return node(transport(), settings);
    }

    /** A node on this transport that closes gracefully, unless the settings say otherwise. */
    public Node node(Transport transport, UnaryOperator<NetworkBuilder> settings) {
        return assembled(builder -> settings.apply(builder.transport(transport).closePolicy(test.closePolicy())));
    }

    /** A node for which the settings choose the transport and the policy. */
    public Node assembled(UnaryOperator<NetworkBuilder> settings) {
        Node node = new Node(settings, test.layer());
        nodes.add(node);
        return node;
    }

    /** A transport, closed after the test. */
    public Transport transport() {
        return transport(LOOPS, OptionalInt.empty());
    }

    /** A transport with one loop, closed after the test. */
    public Transport transportOfOneLoop() {
        return transport(1, OptionalInt.empty());
    }

    /** A transport whose sockets hold little of what is sent, closed after the test. */
    public Transport transportOfSmallBuffers() {
        return transportWithSendBuffers(SMALL_BUFFER);
    }

    /** A transport whose sockets are asked to hold so many bytes of what is sent, closed after the test. */
    public Transport transportWithSendBuffers(int bytes) {
        return transport(LOOPS, OptionalInt.of(bytes));
    }

    private Transport transport(int loops, OptionalInt sendBufferBytes) {
        Transport created = test.createTransport(loops, sendBufferBytes);
        Transport layered = test.layer().over(created);
        bare.add(created);
        transports.add(layered);
        return layered;
    }

    /** What the transports have over them, see {@link TransportUnderTest#layer}. */
    Layer layer() {
        return test.layer();
    }

    /** A socket on the loopback interface for nodes to dial. */
    RawListener listener() throws IOException {
        return new RawListener(layer());
    }

    /** See {@link TransportUnderTest#resetsUnreadInput}. */
    boolean resetsUnreadInput() {
        return test.resetsUnreadInput();
    }

    /** Limits whose outbox holds this many messages. */
    public static Limits outboxOf(int messages) {
        return Limits.builder().outboxMessages(messages).build();
    }

    /** Connects two nodes and waits for both ends. */
    public static Pair connect(Node dialling, Node listening) throws IOException {
        Connection dialled = dialling.connect(listening.listen());
        return new Pair(dialled, listening.nextConnection());
    }

    /**
     * Two ends of one connection.
     *
     * @param dialled of the node that dialled
     * @param accepted of the node that listened
     */
    public record Pair(Connection dialled, Connection accepted) {}

    /**
     * Checks the outcomes of this many numbered messages, in the order in which they were sent: the first are WRITTEN,
     * those behind them UNCERTAIN, no more than the link takes ahead, and the rest UNSENT.
     */
    void assertLeftInOrder(CloseReport report, int accepted) {
        int written = (int) report.account().count(Outcome.WRITTEN);
        List<Integer> left = new ArrayList<>(Reports.numbers(report, Outcome.UNCERTAIN));
        left.addAll(Reports.numbers(report, Outcome.UNSENT));
        assertEquals(Numbered.upTo(accepted).subList(written, accepted), left);
        int uncertain = report.returned().stream()
                .filter(returned -> returned.outcome() == Outcome.UNCERTAIN)
                .mapToInt(returned -> returned.message().size())
                .sum();
        int most = test.mostUnflushedBytes() + layer().mostUnflushedBytes();
        assertTrue(uncertain <= most, () -> uncertain + " bytes are UNCERTAIN");
    }

    void closeAndCheck() {
        List<ShutdownReport> shutdowns = nodes.stream()
                .map(node -> Waiting.await(node.network().shutdown(Duration.ofSeconds(1)), "the shutdown"))
                .toList();
        transports.forEach(Transport::close);
        assertAll(
                () -> shutdowns.forEach(report -> assertTrue(report.balanced(), report::toString)),
                () -> nodes.forEach(Nodes::check),
                () -> bare.forEach(each -> assertEquals(0, test.lentBuffers(each), "buffers on loan")),
                threads::assertNoThreadLeft);
    }

    private static void check(Node node) {
        assertEquals(List.of(), List.copyOf(node.failures), "what callbacks threw");
        for (CloseReport report : node.disconnected) {
            assertTrue(report.account().balanced(), report::toString);
        }
    }
}
