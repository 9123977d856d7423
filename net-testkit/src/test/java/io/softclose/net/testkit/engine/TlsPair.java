/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.ConnectionState;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.NetworkEvents;
import io.softclose.net.testkit.fake.FakeLink;
import io.softclose.net.testkit.fake.FakeTransport;
import io.softclose.net.testkit.fake.ManualEventLoop;
import io.softclose.net.tls.PeerTrust;
import io.softclose.net.tls.TlsIdentity;
import io.softclose.net.tls.TlsSettings;
import io.softclose.net.tls.TlsTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Alice and Bob, two networks over TLS on fake transports, with a connection that Alice has dialled. The test is the wire. */
final class TlsPair {
    private static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.getLoopbackAddress(), 6180);

    final ManualEventLoop loop = new ManualEventLoop();
    final End alice;
    final End bob;
    final FakeLink fromAlice;
    final FakeLink fromBob;

    TlsPair(ScriptedPolicy alices, ScriptedPolicy bobs, Limits limits) throws IOException {
        TlsIdentity bobsKey = TlsIdentity.fresh();
        alice = new End(TlsIdentity.fresh(), alices, limits);
        bob = new End(bobsKey, bobs, limits);
        bob.network.listen(ADDRESS);
        var unused = alice.network.dial(bobsKey.peerId(), ADDRESS);
        fromAlice = alice.below.links().get(0);
        fromBob = bob.below.accept(ADDRESS);
        carry();
        assertEquals(ConnectionState.OPEN, alice.connection().state());
        assertEquals(ConnectionState.OPEN, bob.connection().state());
    }

    /** Brings to each end what the other has said, until neither says anything more. */
    void carry() {
        loop.runReady();
        for (boolean more = true; more; loop.runReady()) {
            boolean toBob = carry(fromAlice, fromBob);
            more = carry(fromBob, fromAlice) || toBob;
        }
    }

    /** Brings to one end what the other has said by now; true if that was anything but an end. */
    static boolean carry(FakeLink from, FakeLink to) {
        boolean ends = from.peerSawEnd();
        byte[] bytes = from.takeReceived();
        if (bytes.length > 0) {
            to.read(bytes);
        } else if (ends && !to.isClosed()) {
            to.inputClosed();
        }
        return bytes.length > 0;
    }

    /** Everything is over. */
    void close() {
        fromAlice.room(FakeLink.UNLIMITED);
        CompletionStage<?> one = alice.network.shutdown(Duration.ZERO);
        CompletionStage<?> other = bob.network.shutdown(Duration.ZERO);
        loop.runReady();
        assertTrue(
                one.toCompletableFuture().isDone()
                        && other.toCompletableFuture().isDone(),
                "shutdowns");
        alice.below.verifyNoLeaks();
        bob.below.verifyNoLeaks();
    }

    /** One end, and what it is told. */
    final class End implements NetworkEvents {
        final FakeTransport below = new FakeTransport(loop);
        final List<Message> received = new ArrayList<>();
        final List<CloseReport> reports = new ArrayList<>();
        final List<Duration> stalls = new ArrayList<>();
        final List<String> violations = new ArrayList<>();
        private final List<Connection> connected = new ArrayList<>();
        private final Network network;

        private End(TlsIdentity identity, ScriptedPolicy policy, Limits limits) {
            TlsSettings settings = TlsSettings.builder(PeerTrust.anyone())
                    .identity(identity)
                    .executor(Runnable::run)
                    .build();
            network = Network.builder()
                    .peerId(identity.peerId())
                    .transport(TlsTransport.over(below, settings))
                    .closePolicy(policy)
                    .limits(limits)
                    .handle(Messages.PROTOCOL, (from, message) -> received.add(message))
                    .events(this)
                    .build();
        }

        Connection connection() {
            return connected.get(0);
        }

        /** Sends a message of so many bytes. */
        void send(int bytes) {
            assertTrue(connection()
                    .send(Message.of(Messages.PROTOCOL, 0, new byte[bytes]))
                    .accepted());
            loop.runReady();
        }

        @Override
        public void connected(Connection connection) {
            connected.add(connection);
        }

        @Override
        public void disconnected(Connection closed, CloseReport report) {
            reports.add(report);
        }

        @Override
        public void writeStalled(Connection connection, Duration takenNothingFor) {
            stalls.add(takenNothingFor);
        }

        @Override
        public void protocolViolation(Connection connection, String detail) {
            violations.add(detail);
        }
    }
}
