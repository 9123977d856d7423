/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.priority;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.ProtocolId;
import io.softclose.net.SendResult;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.testkit.fake.FakeLink;
import io.softclose.net.testkit.fake.FakeTransport;
import io.softclose.net.testkit.wire.WireBytes;
import io.softclose.net.testkit.wire.WireFrame;
import io.softclose.net.testkit.wire.WireParser;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A connection over a link of limited bandwidth, in virtual time, and the peer that reads from its other end, and ends
 * its direction when it has seen our end. Closing it checks that nothing is left.
 */
final class PacedPeer implements AutoCloseable {
    private static final Duration TICK = Duration.ofMillis(1);
    private static final List<ProtocolId> PROTOCOLS =
            List.of(ProtocolId.CONSENSUS_DIRECT_SEND_BCS, ProtocolId.STATE_SYNC_DIRECT_SEND);

    private final FakeTransport transport = new FakeTransport();
    private final WireParser parser = new WireParser();
    private final Network network;
    private final Connection connection;
    private final FakeLink link;

    private long bytesPerMillisecond = FakeLink.UNLIMITED;
    private boolean ended;

    PacedPeer(ClosePolicy policy, Limits limits) {
        var builder = Network.builder()
                .plaintext()
                .transport(transport)
                .closePolicy(policy)
                .limits(limits);
        PROTOCOLS.forEach(builder::support);
        network = builder.build();
        connection = network.dial(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));
        link = transport.links().get(0);
        link.read(WireBytes.handshake(
                4, 0, PROTOCOLS.stream().mapToInt(ProtocolId::id).toArray()));
        transport.loop().runReady();
        assertTrue(done(connection.opened()), "the connection is open");
    }

    Connection connection() {
        return connection;
    }

    /** From now on the link takes no more than this in each millisecond; nothing before the next one begins. */
    void bandwidth(long bytes) {
        bytesPerMillisecond = bytes;
        link.room(0);
    }

    /** Sends messages and expects that they are accepted. */
    void accept(List<Message> messages) {
        messages.forEach(message -> assertEquals(SendResult.ACCEPTED, connection.send(message)));
        transport.loop().runReady();
    }

    /** Lets time pass. */
    void pass(Duration time) {
        for (long left = time.toMillis(); left > 0; left--) {
            link.room(bytesPerMillisecond);
            transport.loop().advance(TICK);
            if (link.peerSawEnd() && !ended) {
                ended = true;
                link.inputClosed();
            }
        }
    }

    /** Lets time pass until the connection has closed, at most this long. */
    CloseReport awaitClosed(Duration atMost) {
        for (long left = atMost.toMillis(); left > 0 && !done(connection.closed()); left--) {
            pass(TICK);
        }
        assertTrue(done(connection.closed()), () -> "not closed after " + atMost);
        CloseReport report = connection.closed().toCompletableFuture().join();
        assertTrue(report.account().balanced(), () -> "balanced: " + report.account());
        return report;
    }

    /** What the peer has received since this was last asked, in order. */
    List<WireFrame> received() {
        parser.feed(link.takeReceived());
        return parser.takeFrames();
    }

    /** The payloads of the whole messages that the peer has received since this was last asked, in order. */
    List<byte[]> receivedPayloads() {
        List<byte[]> payloads = new ArrayList<>();
        for (WireFrame frame : received()) {
            WireFrame.DirectSend message = (WireFrame.DirectSend) frame;
            byte[] payload = new byte[message.payload().remaining()];
            message.payload().get(0, payload);
            payloads.add(payload);
        }
        return payloads;
    }

    @Override
    public void close() {
        if (!done(connection.closed())) {
            connection.abort();
        }
        network.shutdown();
        transport.loop().runReady();
        transport.verifyNoLeaks();
    }

    private static boolean done(CompletionStage<?> stage) {
        CompletableFuture<?> future = stage.toCompletableFuture();
        return future.isDone() && !future.isCompletedExceptionally();
    }
}
