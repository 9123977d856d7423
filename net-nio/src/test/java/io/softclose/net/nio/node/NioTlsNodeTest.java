/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.DisconnectReason;
import io.softclose.net.HandshakeException;
import io.softclose.net.HandshakeException.Failure;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.NetworkEvents;
import io.softclose.net.Outcome;
import io.softclose.net.ProtocolId;
import io.softclose.net.SendResult;
import io.softclose.net.nio.NioTransport;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.wire.TrustsAnyone;
import io.softclose.net.tls.PeerTrust;
import io.softclose.net.tls.TlsIdentity;
import io.softclose.net.tls.TlsSettings;
import io.softclose.net.tls.TlsTransport;
import io.softclose.net.tls.TrustedPeers;
import io.softclose.policy.drain.GracefulPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole nodes over mutual TLS on real sockets: who is let in, who is not, and how connections close. */
class NioTlsNodeTest {
    private static final ProtocolId PROTOCOL = ProtocolId.CONSENSUS_DIRECT_SEND_BCS;

    private static final NetworkEvents QUIET = new NetworkEvents() {};

    private final TlsIdentity alice = TlsIdentity.fresh();
    private final TlsIdentity bob = TlsIdentity.fresh();
    private final TrustedPeers trusted = TrustedPeers.of(alice.peerId(), bob.peerId());
    private final List<Network> networks = new ArrayList<>();
    private final BlockingQueue<HandshakeException> refused = new LinkedBlockingQueue<>();
    private final BlockingQueue<Connection> connected = new LinkedBlockingQueue<>();
    private final BlockingQueue<CloseReport> reports = new LinkedBlockingQueue<>();
    private final BlockingQueue<byte[]> received = new LinkedBlockingQueue<>();

    private final NetworkEvents events = new NetworkEvents() {
        @Override
        public void connected(Connection connection) {
            connected.add(connection);
        }

        @Override
        public void disconnected(Connection connection, CloseReport report) {
            reports.add(report);
        }

        @Override
        public void inboundRefused(SocketAddress remote, HandshakeException cause) {
            refused.add(cause);
        }
    };

    @AfterEach
    void shutDown() {
        networks.forEach(Network::close);
    }

    @Test
    void peersAreWhoTheirKeysProve() throws Exception {
        InetSocketAddress address = listening(trusted);

        Connection dialled = open(node(alice, trusted, QUIET).dial(bob.peerId(), address));

        assertEquals(bob.peerId(), dialled.peer());
        assertEquals(alice.peerId(), Waiting.next(connected, "a connection").peer());
    }

    @Test
    void aCloseIsCleanAndEverythingArrives() throws Exception {
        InetSocketAddress address = listening(trusted);
        Connection dialled = open(node(alice, trusted, QUIET).dial(bob.peerId(), address));
        byte[] large = new byte[200_000];

        for (int i = 0; i < 20; i++) {
            assertEquals(SendResult.ACCEPTED, dialled.send(Message.of(PROTOCOL, 0, large)));
        }
        CloseReport report = Waiting.await(dialled.close(), "the close");

        assertEquals(CloseEnding.CLEAN, report.ending(), report::toString);
        assertEquals(20, report.account().count(Outcome.WRITTEN));
        for (int i = 0; i < 20; i++) {
            assertEquals(large.length, Waiting.next(received, "a message").length);
        }
        assertEquals(CloseEnding.CLEAN, Waiting.next(reports, "a report").ending());
    }

    /** TLS 1.3 ends one direction at a time: what we have said does not end what the peer has to say. */
    @Test
    void whatThePeerSendsAfterOurEndStillComes() throws Exception {
        InetSocketAddress address = listening(trusted);
        BlockingQueue<byte[]> back = new LinkedBlockingQueue<>();
        Network dialling = builder(alice, trusted, QUIET)
                .handle(PROTOCOL, (connection, message) -> back.add(bytes(message)))
                .build();
        networks.add(dialling);
        Connection dialled = open(dialling.dial(bob.peerId(), address));
        Connection accepted = Waiting.next(connected, "a connection");
        byte[] large = new byte[1 << 20];

        for (int i = 0; i < 8; i++) {
            assertEquals(SendResult.ACCEPTED, accepted.send(Message.of(PROTOCOL, 0, large)));
        }
        CloseReport report = Waiting.await(dialled.close(), "the close");

        for (int i = 0; i < 8; i++) {
            assertEquals(large.length, Waiting.next(back, "a message").length);
        }
        assertEquals(CloseEnding.CLEAN, report.ending(), report::toString);
    }

    @Test
    void whoeverIsNotTrustedIsRefusedAtBothEnds() throws Exception {
        InetSocketAddress address = listening(TrustedPeers.of(bob.peerId()));

        HandshakeException told = refusalOf(node(alice, trusted, QUIET).dial(bob.peerId(), address));

        assertEquals(Failure.IDENTITY, told.failure());
        HandshakeException seen = Waiting.next(refused, "a refusal");
        assertEquals(Failure.IDENTITY, seen.failure());
        assertSays(alice.peerId().toString(), seen);
    }

    @Test
    void somebodyElseThanWasDialledIsRefusedAtBothEnds() throws Exception {
        InetSocketAddress address = listening(trusted);

        HandshakeException told = refusalOf(node(alice, trusted, QUIET).dial(alice.peerId(), address));

        assertEquals(Failure.IDENTITY, told.failure());
        assertSays("who was dialled", told);
        assertEquals(Failure.IDENTITY, Waiting.next(refused, "a refusal").failure());
    }

    @Test
    void aCertificateOutsideItsDatesIsRefused() throws Exception {
        Instant now = Instant.now();
        TlsIdentity expired = TlsIdentity.fresh(now.minusSeconds(1000), now.minusSeconds(10));
        InetSocketAddress address = listening(PeerTrust.anyone());

        HandshakeException told =
                refusalOf(node(expired, PeerTrust.anyone(), QUIET).dial(bob.peerId(), address));

        assertEquals(Failure.IDENTITY, told.failure());
        assertSays("NotAfter", Waiting.next(refused, "a refusal"));
    }

    @Test
    void whoeverShowsNoCertificateIsRefused() throws Exception {
        InetSocketAddress address = listening(trusted);
        SSLContext withoutKey = SSLContext.getInstance("TLS");
        withoutKey.init(null, new TrustManager[] {new TrustsAnyone()}, null);
        TlsSettings settings =
                TlsSettings.builder(PeerTrust.anyone()).context(withoutKey).build();

        Network nameless = builder(alice, settings, QUIET).support(PROTOCOL).build();
        networks.add(nameless);

        HandshakeException told = refusalOf(nameless.dial(bob.peerId(), address));

        assertEquals(Failure.IDENTITY, told.failure());
        assertEquals(Failure.IDENTITY, Waiting.next(refused, "a refusal").failure());
    }

    /** A certificate is anybody's to show; only its owner can sign with the key. */
    @Test
    void anotherPeersCertificateWithoutItsKeyIsRefused() throws Exception {
        InetSocketAddress address = listening(trusted);
        TlsIdentity thief = TlsIdentity.of(anotherKey(), alice.certificate());

        HandshakeException told = refusalOf(node(thief, trusted, QUIET).dial(bob.peerId(), address));

        assertEquals(Failure.IDENTITY, told.failure());
        assertEquals(Failure.IDENTITY, Waiting.next(refused, "a refusal").failure());
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\n\r\n", "\0\0\0\5hello", "\26\3\1\0\5hello", "\26\3\3\100\377junkjunk"})
    void whatIsNoTlsIsRefused(String garbage) throws Exception {
        InetSocketAddress address = listening(trusted);

        try (Socket stranger = new Socket(address.getAddress(), address.getPort())) {
            stranger.getOutputStream().write(garbage.getBytes(StandardCharsets.ISO_8859_1));
            stranger.shutdownOutput();
            stranger.setSoTimeout(20_000);
            drain(stranger);
        }

        Failure failure = Waiting.next(refused, "a refusal").failure();
        assertTrue(failure == Failure.MALFORMED || failure == Failure.LINK_CLOSED || failure == Failure.IDENTITY);
        // Nobody else is harmed.
        open(node(alice, trusted, QUIET).dial(bob.peerId(), address));
    }

    @Test
    void plaintextMeetsTlsAndBothAreTold() throws Exception {
        InetSocketAddress address = listening(trusted);
        Network plain = Network.builder()
                .plaintext()
                .transport(() -> NioTransport.builder().build())
                .closePolicy(GracefulPolicy.builder().build())
                .support(PROTOCOL)
                .build();
        networks.add(plain);

        assertInstanceOf(
                ExecutionException.class,
                assertThrows(
                        Exception.class,
                        () -> plain.dial(address).opened().toCompletableFuture().get(20, TimeUnit.SECONDS)));
        assertEquals(Failure.MALFORMED, Waiting.next(refused, "a refusal").failure());
    }

    @Test
    void aStrangerThatSaysNothingIsRefusedInTime() throws Exception {
        TlsSettings hasty = TlsSettings.builder(trusted)
                .identity(bob)
                .handshakeTimeout(Duration.ofMillis(200))
                .build();
        Network listening = builder(bob, hasty, events).support(PROTOCOL).build();
        networks.add(listening);
        InetSocketAddress address = boundAddress(listening);

        try (Socket silent = new Socket(address.getAddress(), address.getPort())) {
            silent.setSoTimeout(20_000);
            assertEquals(Failure.TIMEOUT, Waiting.next(refused, "a refusal").failure());
        }
    }

    @Test
    void connectionsOfAPeerThatIsRemovedCloseAsStale() throws Exception {
        TrustedPeers changing = TrustedPeers.of(alice.peerId());
        InetSocketAddress address = listening(changing);
        Connection dialled = open(node(alice, trusted, QUIET).dial(bob.peerId(), address));
        Connection accepted = Waiting.next(connected, "a connection");

        changing.remove(alice.peerId());

        CloseReport report = Waiting.await(accepted.closed(), "the close");
        assertEquals(DisconnectReason.STALE_CONNECTION, report.reason());
        assertEquals(CloseEnding.CLEAN, report.ending(), report::toString);
        Waiting.await(dialled.closed(), "the other end");
        assertEquals(
                Failure.IDENTITY,
                refusalOf(node(alice, trusted, QUIET).dial(bob.peerId(), address))
                        .failure());
    }

    @Test
    void aNetworkThatNeedsProofRefusesPlaintext() throws Exception {
        Network plain = Network.builder()
                .transport(() -> NioTransport.builder().build())
                .closePolicy(GracefulPolicy.builder().build())
                .support(PROTOCOL)
                .events(events)
                .build();
        networks.add(plain);
        InetSocketAddress address = boundAddress(plain);

        try (Socket stranger = new Socket(address.getAddress(), address.getPort())) {
            stranger.setSoTimeout(20_000);
            assertEquals(Failure.IDENTITY, Waiting.next(refused, "a refusal").failure());
        }
    }

    private InetSocketAddress listening(PeerTrust trust) throws IOException {
        NetworkEvents observed = trust instanceof TrustedPeers peers ? peers.closingRemoved(events) : events;
        Network listening = builder(bob, trust, observed)
                .handle(PROTOCOL, (connection, message) -> received.add(bytes(message)))
                .build();
        networks.add(listening);
        return boundAddress(listening);
    }

    private static InetSocketAddress boundAddress(Network network) throws IOException {
        return (InetSocketAddress) network.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .localAddress();
    }

    private Network node(TlsIdentity identity, PeerTrust trust, NetworkEvents observer) {
        Network made = builder(identity, trust, observer).support(PROTOCOL).build();
        networks.add(made);
        return made;
    }

    private static NetworkBuilder builder(TlsIdentity identity, PeerTrust trust, NetworkEvents observer) {
        return builder(identity, TlsSettings.of(identity, trust), observer);
    }

    private static NetworkBuilder builder(TlsIdentity identity, TlsSettings settings, NetworkEvents observer) {
        return Network.builder()
                .peerId(identity.peerId())
                .transport(() -> TlsTransport.over(NioTransport.builder().build(), settings))
                .closePolicy(GracefulPolicy.builder().build())
                .events(observer);
    }

    private static Connection open(Connection dialled) {
        return Waiting.await(dialled.opened(), "the connection");
    }

    private static HandshakeException refusalOf(Connection dialled) {
        ExecutionException thrown = assertThrows(
                ExecutionException.class,
                () -> dialled.opened().toCompletableFuture().get(20, TimeUnit.SECONDS));
        return assertInstanceOf(HandshakeException.class, thrown.getCause());
    }

    private static void assertSays(String part, Throwable thrown) {
        assertTrue(String.valueOf(thrown.getMessage()).contains(part), thrown::toString);
    }

    private static byte[] bytes(Message message) {
        ByteBuffer payload = message.payload();
        byte[] bytes = new byte[payload.remaining()];
        payload.duplicate().get(bytes);
        return bytes;
    }

    private static void drain(Socket socket) {
        try (InputStream in = socket.getInputStream()) {
            in.readAllBytes();
        } catch (IOException reset) {
            // As good an end as any.
        }
    }

    private static PrivateKey anotherKey() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        return generator.generateKeyPair().getPrivate();
    }
}
