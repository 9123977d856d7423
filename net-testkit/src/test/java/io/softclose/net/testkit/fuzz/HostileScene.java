/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.fuzz;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Connection.Reading;
import io.softclose.net.ConnectionState;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.spi.Link;
import io.softclose.net.testkit.sim.SimConditions;
import io.softclose.net.testkit.sim.SimLink;
import io.softclose.net.testkit.sim.SimNetwork;
import io.softclose.net.testkit.sim.SimSockets;
import io.softclose.net.testkit.sim.SimTransport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A node with two peers on a simulated network: a good one, with which it exchanges a message after each thing that
 * happens, and a hostile one. Watches, event by event, that the node comes to no harm.
 */
final class HostileScene {
    private static final int PORT = 6180;
    private static final int SEND_BUFFER = 2048;
    private static final int RECEIVE_BUFFER = 1024;
    private static final Duration MOMENT = Duration.ofMillis(1);
    private static final Duration SETTLING = Duration.ofMillis(200);

    /** What the hostile peer may send, in segments and bytes, so that an input is done in a few milliseconds. */
    private static final int MOST_SEGMENTS = 2048;

    private static final int MOST_BYTES = 64 * 1024;
    /** Events that are more than these segments, these bytes and the other peer can cause: something goes in circles. */
    private static final int MOST_EVENTS = 400_000;
    /** What one event may allocate on the heap: less than the longest frame that may be claimed. */
    private static final int BYTES_PER_EVENT = 1 << 20;

    /** An answer's frame. */
    private static final int ANSWER_BYTES = 9;
    /** Answers that may wait: 64 in the queue (docs/architecture.md), and once more as many in the batch. */
    private static final int ANSWERS_WAITING = 2 * 64;

    private final SimNetwork sim;
    private final SimTransport hostileHost;
    private final SimTransport nodeHost;
    private final FuzzedNode node;
    private final FuzzedNode friend;
    private final Connection good;
    private final @Nullable Connection dialled;
    private final Allocation allocation = new Allocation();

    private @Nullable HostilePeer peer;
    private @Nullable SimLink peerLink;
    private byte[] sentLast = {};
    private int segmentBytes = 64 * 1024;
    private int bytesSent;
    private int segmentsSent;
    private int exchanges;
    private int events;
    private int accepted;
    private int outcomes;

    /** Opens both connections: to the node, or, if it dials, from it to the hostile peer. */
    HostileScene(long chance, boolean nodeDials, SimSockets sockets, Limits limits) throws IOException {
        sim = new SimNetwork(chance);
        nodeHost = sim.host("node", 1, sockets.withBuffers(SEND_BUFFER, 64 * 1024));
        SimTransport friendHost = sim.host("friend", 1, sockets);
        hostileHost = sim.host("hostile", 1, SimSockets.linux().withBuffers(64 * 1024, RECEIVE_BUFFER));
        node = new FuzzedNode(nodeHost, 1, true, limits);
        friend = new FuzzedNode(friendHost, 2, false, limits);
        node.network().listen(nodeHost.address(PORT));
        good = friend.network().dial(nodeHost.address(PORT));
        runFor(MOMENT);
        if (nodeDials) {
            hostileHost.listen(hostileHost.address(PORT), this::accept);
            dialled = node.network().dial(hostileHost.address(PORT));
        } else {
            dialled = null;
            hostileHost.dial(nodeHost.address(PORT), Duration.ofSeconds(1), this::accept);
        }
        runFor(MOMENT);
        assertEquals(ConnectionState.OPEN, good.state());
    }

    private HostilePeer accept(Link link) {
        peerLink = (SimLink) link;
        peer = new HostilePeer(link);
        return peer;
    }

    // What happens.

    /** Whether the hostile peer has sent as much as it may. */
    boolean exhausted() {
        return bytesSent > MOST_BYTES || segmentsSent > MOST_SEGMENTS;
    }

    void send(byte[] bytes) {
        if (!exhausted()) {
            bytesSent += bytes.length;
            segmentsSent += bytes.length / segmentBytes;
            sentLast = bytes;
            peer(hostile -> hostile.send(bytes));
        }
    }

    void sendAgain(int times) {
        for (int i = 0; i < times; i++) {
            send(sentLast);
        }
    }

    void segments(int bytes) {
        segmentBytes = bytes;
        sim.conditions(hostileHost, nodeHost, SimConditions.loopback().withSegmentBytes(bytes));
    }

    void peer(Consumer<HostilePeer> action) {
        if (peer != null) {
            action.accept(peer);
        }
    }

    void vanish() {
        if (peerLink != null) {
            peerLink.vanish();
        }
    }

    void cut() {
        if (peerLink != null) {
            peerLink.cut();
        }
    }

    /** Does something with the node's end of the connection to the hostile peer, if it has one. */
    void node(Consumer<Connection> action) {
        Connection connection = hostileConnection();
        if (connection != null) {
            action.accept(connection);
        }
    }

    void nodeSends(int count, int size) {
        for (int i = 0; i < count; i++) {
            node(connection -> {
                Message message = Message.of(FuzzedNode.PROTOCOL, 0, new byte[size]);
                boolean taken =
                        connection.send(message, (ended, outcome) -> outcomes++).accepted();
                accepted += taken ? 1 : 0;
            });
        }
    }

    void nodeCloses(Duration deadline) {
        node(connection -> connection.close(DisconnectReason.STALE_CONNECTION, deadline));
    }

    /** The other peer goes on as if nothing were. */
    void exchange() {
        byte[] payload = {(byte) exchanges, (byte) (exchanges >> Byte.SIZE)};
        assertTrue(good.send(Message.of(FuzzedNode.PROTOCOL, 0, payload)).accepted(), "the good peer may send");
        exchanges++;
        runFor(MOMENT);
    }

    /** Lets virtual time pass, with every event looked at. */
    void runFor(Duration time) {
        boolean[] over = new boolean[1];
        sim.after(time, () -> over[0] = true);
        while (!over[0]) {
            step();
        }
    }

    private boolean step() {
        boolean[] more = new boolean[1];
        allocation.of(() -> more[0] = sim.step());
        if (++events > MOST_EVENTS) {
            throw new AssertionError("events: " + MOST_EVENTS + " (expected: the node comes to rest)");
        }
        return more[0];
    }

    // What must be.

    /** Ends everything, and looks at what was left of it. */
    void verify() {
        node(connection -> connection.reading(Reading.RESUMED));
        runFor(FuzzedNode.HANDSHAKE_TIMEOUT.plus(FuzzedNode.CLOSE_DEADLINE).plus(SETTLING));
        sim.verify();
        verifyAnswers();
        verifyHostileConnection();
        verifyGoodConnection();
        node.network().shutdown();
        friend.network().shutdown();
        hostileHost.close();
        while (step()) {}
        sim.verifyNoLeaks();
        allocation.requireEachAtMost(BYTES_PER_EVENT);
        assertEquals(List.of(), node.failures());
        assertEquals(List.of(), friend.failures());
    }

    private void verifyAnswers() {
        HostilePeer hostile = peer;
        if (hostile == null) {
            return;
        }
        boolean paused = hostile.paused();
        int before = hostile.answersWhenPaused();
        hostile.resume();
        runFor(SETTLING);
        int after = hostile.answers();
        assertTrue(after <= hostile.framesSent(), after + " answers to " + hostile.framesSent() + " frames");
        if (paused) {
            int most = (SEND_BUFFER + RECEIVE_BUFFER) / ANSWER_BYTES + ANSWERS_WAITING;
            assertTrue(after - before <= most, after - before + " answers waited (expected: at most " + most + ")");
        }
    }

    /** It has ended by the time limits of its states, or ends by its deadline now. */
    private void verifyHostileConnection() {
        Connection connection = hostileConnection();
        if (connection == null) {
            assertEquals(1, node.network().connections().size(), "only the good peer is left");
            return;
        }
        CompletableFuture<CloseReport> closed = connection.closed().toCompletableFuture();
        if (node.connected().contains(connection)) {
            boolean wasOpen = connection.state() == ConnectionState.OPEN;
            assertTrue(wasOpen || closed.isDone(), "open or closed by its deadline: " + connection.state());
            connection.close(DisconnectReason.STALE_CONNECTION, FuzzedNode.CLOSE_DEADLINE);
            runFor(FuzzedNode.CLOSE_DEADLINE.plus(MOMENT));
        }
        assertTrue(closed.isDone(), "closed by its deadline: " + connection.state());
        CloseReport report = closed.join();
        assertTrue(report.account().balanced(), "balanced: " + report.account());
        assertTrue(
                report.duration().compareTo(FuzzedNode.CLOSE_DEADLINE.plus(MOMENT)) <= 0, "took " + report.duration());
        assertEquals(accepted, outcomes, "outcomes told");
        assertEquals(report, node.reports().get(connection));
        assertEquals(1, node.network().connections().size(), "only the good peer is left");
    }

    private void verifyGoodConnection() {
        exchange();
        runFor(SETTLING);
        assertEquals(exchanges, friend.handled().size(), "exchanges with the good peer");
        for (int i = 0; i < exchanges; i++) {
            assertArrayEquals(
                    new byte[] {(byte) i, (byte) (i >> Byte.SIZE)},
                    friend.handled().get(i));
        }
        CompletableFuture<CloseReport> closed = good.close().toCompletableFuture();
        runFor(FuzzedNode.CLOSE_DEADLINE);
        assertTrue(closed.isDone(), "the good connection closes");
        assertEquals(CloseEnding.CLEAN, closed.join().ending());
        assertTrue(closed.join().account().balanced(), "balanced");
    }

    private @Nullable Connection hostileConnection() {
        if (dialled != null) {
            return dialled;
        }
        return node.connected().stream().filter(this::hostile).findFirst().orElse(null);
    }

    private boolean hostile(Connection connection) {
        InetSocketAddress remote = (InetSocketAddress) connection.remoteAddress();
        return remote.getAddress().equals(hostileHost.address(0).getAddress());
    }
}
