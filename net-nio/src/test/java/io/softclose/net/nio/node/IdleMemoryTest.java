/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.Connection;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.Outcome;
import io.softclose.net.SendResult;
import io.softclose.net.nio.NioUnderTest;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.node.fixture.Node;
import io.softclose.net.testkit.node.fixture.Nodes;
import io.softclose.net.testkit.node.fixture.Numbered;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What an open connection holds while nothing happens on it: the growth of HotSpot's class histogram, taken after a full
 * collection, over 500 connections between two nodes of this JVM, divided by their 1 000 ends. It counts everything
 * reachable on the heap, the JDK's objects for socket and selection included, and no buffer outside it: of those there
 * must not be one for each connection.
 */
class IdleMemoryTest implements NioUnderTest {
    private static final int CONNECTIONS = 500;
    private static final int ENDS = 2 * CONNECTIONS;
    private static final long MOST_BYTES = 8 * 1024;

    private final List<Connection> ends = new ArrayList<>();
    private Node dialling;
    private Node listening;
    private InetSocketAddress address;

    @BeforeEach
    void warmUp(Nodes nodes) throws IOException {
        // With its first line the JDK's log loads the names of all time zones, 600 bytes for each of these ends.
        log("what {0} ends of connections hold", ENDS);
        UnaryOperator<NetworkBuilder> many = builder -> builder.limits(Limits.builder()
                .maxFrameSize(16 * 1024)
                .maxInboundConnections(2 * CONNECTIONS)
                .build());
        dialling = nodes.node(many);
        listening = nodes.node(many);
        address = listening.listen();
        for (int i = 0; i < 20; i++) {
            connect();
        }
        burst();
        for (Connection end : ends) {
            Waiting.await(end.close(), "a close");
        }
        ends.clear();
        dialling.takeReports();
        listening.takeReports();
    }

    @Test
    void anIdleConnectionHoldsAFewKibibytes() {
        LiveObjects before = LiveObjects.now();
        long buffersBefore = LiveObjects.directBuffers();

        for (int i = 0; i < CONNECTIONS; i++) {
            connect();
        }

        assertFewBytesSince(before, "never used");
        assertNoBufferForEach(buffersBefore);

        burst();

        assertFewBytesSince(before, "after a burst");
        assertNoBufferForEach(buffersBefore);
    }

    private void connect() {
        ends.add(dialling.connect(address));
        ends.add(listening.nextConnection());
        dialling.nextConnection();
    }

    /** Each end sends more whole messages than fit into one segment of a queue, and a streamed one. */
    private void burst() {
        int messages = 600;
        CountDownLatch written = new CountDownLatch(ends.size() * (messages + 1));
        CountDownLatch received = new CountDownLatch(ends.size() * (messages + 1));
        dialling.onMessage((connection, message) -> received.countDown());
        listening.onMessage((connection, message) -> received.countDown());
        Message small = Numbered.message(1, 100);
        Message large = Numbered.message(2, 100_000);
        for (Connection end : ends) {
            for (int i = 0; i <= messages; i++) {
                SendResult result = end.send(i == 0 ? large : small, (message, outcome) -> {
                    assertEquals(Outcome.WRITTEN, outcome);
                    written.countDown();
                });
                assertEquals(SendResult.ACCEPTED, result);
            }
        }
        Waiting.await(written, "written messages");
        Waiting.await(received, "received messages");
    }

    private static void assertFewBytesSince(LiveObjects before, String when) {
        LiveObjects more = LiveObjects.now().since(before);
        long each = more.bytes() / ENDS;
        log("an end of a connection, {0}: {1}", when, more.perUnit(ENDS));
        assertTrue(each <= MOST_BYTES, () -> when + ": " + more.perUnit(ENDS));
        assertTrue(each > 100, () -> "nothing was measured: " + more.perUnit(ENDS));
    }

    private static void log(String format, Object... parameters) {
        System.getLogger(IdleMemoryTest.class.getName()).log(System.Logger.Level.INFO, format, parameters);
    }

    private static void assertNoBufferForEach(long before) {
        long more = LiveObjects.directBuffers() - before;
        assertTrue(more < CONNECTIONS / 10, () -> more + " direct buffers more, for " + CONNECTIONS + " connections");
    }
}
