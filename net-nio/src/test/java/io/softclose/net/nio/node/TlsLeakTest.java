/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.HandshakeException;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.NetworkEvents;
import io.softclose.net.PeerId;
import io.softclose.net.ProtocolId;
import io.softclose.net.nio.NioTransport;
import io.softclose.net.spi.IdentityExchange;
import io.softclose.net.testkit.LeakChecks;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.tls.TlsEngines;
import io.softclose.net.tls.TlsIdentity;
import io.softclose.net.tls.TlsSettings;
import io.softclose.net.tls.TlsTransport;
import io.softclose.net.tls.TrustedPeers;
import io.softclose.policy.drain.GracefulPolicy;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;

/**
 * Connections over TLS that end in every way leave nothing with networks that go on: no engine and no connection can be
 * reached, by a timer or anybody else, and there are no more direct buffers than before. Their number is the property
 * {@code softclose.tls.leaks}.
 */
class TlsLeakTest {
    private static final int CONNECTIONS = Integer.getInteger("softclose.tls.leaks", 160);
    private static final int WARM_UP = 24;
    private static final ProtocolId PROTOCOL = ProtocolId.CONSENSUS_DIRECT_SEND_BCS;
    private static final byte[] HALF_A_HELLO = {22, 3, 1, 2, 0, 1, 0};

    /** How a connection ends, or never comes to be. */
    private enum Way {
        CLOSED_BY_THE_DIALLER,
        CLOSED_BY_THE_LISTENER,
        CLOSED_BY_BOTH,
        ABORTED,
        UNTRUSTED,
        UNEXPECTED,
        CUT_IN_THE_HANDSHAKE,
        RESET_IN_THE_HANDSHAKE
    }

    private final TlsIdentity alice = TlsIdentity.fresh();
    private final TlsIdentity bob = TlsIdentity.fresh();
    private final TlsIdentity mallory = TlsIdentity.fresh();
    private final TrustedPeers trusted = TrustedPeers.of(alice.peerId(), bob.peerId());

    private final Queue<WeakReference<Object>> made = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<Connection> accepted = new LinkedBlockingQueue<>();
    private final BlockingQueue<Boolean> ended = new LinkedBlockingQueue<>();
    private final NetworkEvents events = new NetworkEvents() {
        @Override
        public void connected(Connection connection) {
            made.add(new WeakReference<>(connection));
            accepted.add(connection);
        }

        @Override
        public void disconnected(Connection connection, CloseReport report) {
            ended.add(true);
        }

        @Override
        public void inboundRefused(SocketAddress remote, HandshakeException cause) {
            ended.add(true);
        }
    };

    @Test
    void whateverWayConnectionsEndNothingIsLeftOfThem() throws IOException {
        LeakChecks threads = LeakChecks.begin();
        try (Network listening = network(bob, trusted.closingRemoved(events));
                Network dialling = network(alice, new NetworkEvents() {});
                Network stranger = network(mallory, new NetworkEvents() {})) {
            InetSocketAddress address = (InetSocketAddress) listening
                    .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .localAddress();
            endAll(WARM_UP, dialling, stranger, address);
            awaitNothingLeft();
            long buffers = LiveObjects.directBuffers();

            endAll(CONNECTIONS, dialling, stranger, address);

            awaitNothingLeft();
            long more = LiveObjects.directBuffers() - buffers;
            assertTrue(more <= 8, () -> "direct buffers: " + more + " more (expected: what pools keep)");
        }
        threads.assertNoThreadLeft();
    }

    private void endAll(int connections, Network dialling, Network stranger, InetSocketAddress address)
            throws IOException {
        for (int i = 0; i < connections; i++) {
            Way way = Way.values()[i % Way.values().length];
            end(way, dialling, stranger, address);
            Waiting.next(ended, "the end at the listener's, " + way);
        }
    }

    private void end(Way way, Network dialling, Network stranger, InetSocketAddress address) throws IOException {
        switch (way) {
            case CLOSED_BY_THE_DIALLER, CLOSED_BY_THE_LISTENER, CLOSED_BY_BOTH, ABORTED ->
                endOpen(way, opened(dialling.dial(bob.peerId(), address)));
            case UNTRUSTED -> refused(stranger.dial(bob.peerId(), address));
            case UNEXPECTED -> refused(dialling.dial(alice.peerId(), address));
            case CUT_IN_THE_HANDSHAKE, RESET_IN_THE_HANDSHAKE -> {
                try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
                    socket.getOutputStream().write(HALF_A_HELLO);
                    if (way == Way.RESET_IN_THE_HANDSHAKE) {
                        socket.setSoLinger(true, 0);
                    }
                }
            }
        }
    }

    private void endOpen(Way way, Connection dialled) {
        Connection other = Waiting.next(accepted, "a connection");
        assertTrue(dialled.send(Message.of(PROTOCOL, 0, new byte[1_000])).accepted());
        if (way == Way.ABORTED) {
            dialled.abort();
        }
        if (way == Way.CLOSED_BY_THE_DIALLER || way == Way.CLOSED_BY_BOTH) {
            var unused = dialled.close();
        }
        if (way == Way.CLOSED_BY_THE_LISTENER || way == Way.CLOSED_BY_BOTH) {
            var unused = other.close();
        }
        Waiting.await(dialled.closed(), "the dialler's close, " + way);
        Waiting.await(other.closed(), "the listener's close, " + way);
    }

    private Connection opened(Connection dialled) {
        made.add(new WeakReference<>(dialled));
        return Waiting.await(dialled.opened(), "a connection");
    }

    private void refused(Connection dialled) {
        made.add(new WeakReference<>(dialled));
        Throwable refusal = Waiting.await(
                dialled.opened().handle((opened, failure) -> failure == null ? new AssertionError("opened") : failure),
                "a refusal");
        assertTrue(
                refusal instanceof HandshakeException || refusal.getCause() instanceof HandshakeException,
                refusal::toString);
        Waiting.await(dialled.closed(), "the close of a refused dial");
    }

    /** Garbage is collected until nobody holds anything, at most some time. */
    private void awaitNothingLeft() {
        assertTrue(made.size() >= WARM_UP, "engines and connections are counted");
        assertEquals(0, accepted.size());
        long start = System.nanoTime();
        while (!made.isEmpty() && System.nanoTime() - start < Waiting.SAFETY_NET.toNanos()) {
            System.gc();
            made.removeIf(reference -> reference.get() == null);
        }
        assertEquals(0, made.size(), () -> "left, for example " + made.peek().get());
    }

    private Network network(TlsIdentity identity, NetworkEvents observer) {
        TlsEngines engines = TlsSettings.of(identity, trusted).engines();
        // A timer that outlives its link must keep the link longer than the test waits.
        TlsSettings settings = TlsSettings.builder(trusted)
                .handshakeTimeout(Duration.ofMinutes(10))
                .engines(new TlsEngines() {
                    @Override
                    public SSLEngine dialling(Optional<PeerId> expected) {
                        return counted(engines.dialling(expected));
                    }

                    @Override
                    public SSLEngine accepting() {
                        return counted(engines.accepting());
                    }
                })
                .build();
        return Network.builder()
                .peerId(identity.peerId())
                .transport(() -> TlsTransport.over(NioTransport.builder().build(), settings))
                .closePolicy(GracefulPolicy.builder().build())
                .identityExchange(IdentityExchange.proven())
                .handle(PROTOCOL, (connection, message) -> {})
                .events(observer)
                .build();
    }

    private SSLEngine counted(SSLEngine engine) {
        made.add(new WeakReference<>(engine));
        return engine;
    }
}
