/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.tls;

import static io.softclose.net.testkit.tls.TlsScene.ADDRESS;
import static io.softclose.net.testkit.tls.TlsScene.ALICE;
import static io.softclose.net.testkit.tls.TlsScene.BOB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.Connection;
import io.softclose.net.DisconnectReason;
import io.softclose.net.HandshakeException;
import io.softclose.net.HandshakeException.Failure;
import io.softclose.net.Limits;
import io.softclose.net.Network;
import io.softclose.net.NetworkEvents;
import io.softclose.net.ProtocolId;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.ClosePlan;
import io.softclose.net.spi.ClosePlan.Admission;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.CloseSnapshot;
import io.softclose.net.testkit.fake.FakeLink;
import io.softclose.net.testkit.wire.WireBytes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

/** A handshake of TLS that is under way counts as one of the network's, and not as a connection, until both are done. */
class TlsDoorTest {
    private static final int CHAIN_ID = 4;
    private static final int HANDSHAKES = 8;
    private static final ProtocolId PROTOCOL = ProtocolId.CONSENSUS_DIRECT_SEND_BCS;
    private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(5);

    private final TlsScene scene = new TlsScene();
    private final List<Failure> refused = new ArrayList<>();
    private final List<Connection> connected = new ArrayList<>();
    private final Network network;
    private int guests;

    TlsDoorTest() throws IOException {
        network = Network.builder()
                .chainId(CHAIN_ID)
                .peerId(ALICE.peerId())
                .transport(scene.transport)
                .closePolicy(new Leaves())
                .support(PROTOCOL)
                .limits(Limits.builder()
                        .maxInboundConnections(1)
                        .maxHandshakes(HANDSHAKES)
                        .build())
                .events(new NetworkEvents() {
                    @Override
                    public void connected(Connection connection) {
                        connected.add(connection);
                    }

                    @Override
                    public void inboundRefused(SocketAddress remote, HandshakeException cause) {
                        refused.add(cause.failure());
                    }
                })
                .build();
        var unused = network.listen(ADDRESS);
    }

    @Test
    void silentStrangersTakeNoConnectionsPlace() throws IOException {
        for (int i = 0; i < HANDSHAKES - 1; i++) {
            accept("192.0.2.1");
        }

        Guest bob = new Guest("192.0.2.2").shakesHands();

        assertEquals(
                List.of(BOB.peerId()), connected.stream().map(Connection::peer).toList());
        assertFalse(bob.link.isClosed());
        assertEquals(List.of(), refused);
    }

    @Test
    void halfOpenHandshakesOfOneHostKeepNoOtherHostOut() throws IOException {
        List<FakeLink> strangers = new ArrayList<>();
        for (int i = 0; i < HANDSHAKES; i++) {
            // They have said hello, and have had the answer.
            strangers.add(new Guest("192.0.2.1").says(1).link);
        }

        new Guest("192.0.2.2").shakesHands();

        assertEquals(1, connected.size());
        assertEquals(List.of(Failure.TIMEOUT), refused);
        assertTrue(strangers.get(0).peerSawReset(), "the oldest");
        assertEquals(1, strangers.stream().filter(FakeLink::isClosed).count());
    }

    @Test
    void aPeerThatIsKnownAndSaysNothingMoreIsAHandshakeToo() throws IOException {
        for (int i = 0; i < HANDSHAKES; i++) {
            new Guest("192.0.2.1").says(Integer.MAX_VALUE);
        }
        assertEquals(List.of(), connected);

        new Guest("192.0.2.2").shakesHands();

        assertEquals(1, connected.size());
        assertEquals(List.of(Failure.TIMEOUT), refused);
    }

    @Test
    void silentStrangersAreGoneAfterTheHandshakesTime() throws IOException {
        for (int i = 0; i < HANDSHAKES; i++) {
            accept("192.0.2.1");
        }

        scene.loop.advance(HANDSHAKE_TIMEOUT);

        assertEquals(HANDSHAKES, refused.size());
        assertTrue(scene.below.links().stream().allMatch(FakeLink::isClosed));
        new Guest("192.0.2.1").shakesHands();
        assertEquals(1, connected.size());
    }

    /** Nothing is sent here. */
    private static final class Leaves implements ClosePolicy {
        @Override
        public String name() {
            return "leaves";
        }

        @Override
        public ClosePlan plan(DisconnectReason reason) {
            return new ClosePlan(Admission.SEAL, HANDSHAKE_TIMEOUT, HANDSHAKE_TIMEOUT);
        }

        @Override
        public CloseDecision decide(CloseSnapshot snapshot) {
            return CloseDecision.finish();
        }
    }

    private FakeLink accept(String host) throws IOException {
        FakeLink link =
                scene.below.accept(ADDRESS, new InetSocketAddress(InetAddress.getByName(host), 49_152 + guests++));
        scene.loop.runReady();
        return link;
    }

    /** Somebody with Bob's key. */
    private final class Guest {
        final FakeLink link;
        final EnginePeer peer;

        Guest(String host) throws IOException {
            link = accept(host);
            peer = new EnginePeer(scene.bob.engines().dialling(Optional.of(ALICE.peerId())));
        }

        /** Says so much of the handshake of TLS, at most. */
        Guest says(int times) throws SSLException {
            peer.answer();
            for (byte[] said = peer.takeSaid(); said.length > 0 && times > 0; said = peer.takeSaid()) {
                times--;
                link.read(said);
                scene.loop.runReady();
                peer.receive(link.takeReceived());
            }
            return this;
        }

        /** Both handshakes. */
        Guest shakesHands() throws SSLException {
            says(Integer.MAX_VALUE);
            peer.say(WireBytes.handshake(CHAIN_ID, 0, PROTOCOL.id()));
            link.read(peer.takeSaid());
            scene.loop.runReady();
            return this;
        }
    }
}
