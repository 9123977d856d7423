/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.ReferenceCounted;
import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.HandshakeException;
import io.softclose.net.HandshakeException.Failure;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.NetworkEvents;
import io.softclose.net.Outcome;
import io.softclose.net.PeerId;
import io.softclose.net.ProtocolId;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.tls.TlsEngines;
import io.softclose.net.tls.TlsIdentity;
import io.softclose.net.tls.TlsSettings;
import io.softclose.net.tls.TlsTransport;
import io.softclose.net.tls.TrustedPeers;
import io.softclose.policy.drain.GracefulPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Engines of OpenSSL, by way of Netty's {@code netty-tcnative}, in place of the JDK's: counted ones, which nobody frees unless
 * they are released. On the class path, for the library is found nowhere else.
 */
@Tag("openssl")
class OpenSslEnginesTest {
    private static final ProtocolId PROTOCOL = ProtocolId.CONSENSUS_DIRECT_SEND_BCS;
    private static final int MESSAGES = 20;
    private static final int SIZE = 200_000;

    private final KeyPair bobsKey = key();
    private final TlsIdentity alice = TlsIdentity.fresh();
    private final TlsIdentity bob = TlsIdentity.selfSigned(
            bobsKey, Instant.now().minusSeconds(60), Instant.now().plusSeconds(3_600));
    private final TrustedPeers trusted = TrustedPeers.of(alice.peerId(), bob.peerId());
    private final OpenSslEngines engines = new OpenSslEngines(bobsKey, bob);

    OpenSslEnginesTest() throws Exception {}

    @BeforeAll
    static void requireOpenSsl() {
        OpenSsl.ensureAvailability();
    }

    @Test
    void anEndWithOpenSslTalksToOneWithTheJdkAndBothCloseCleanly() throws Exception {
        try (End openSsl = new End(bob, openSsl());
                End jdk = new End(alice, TlsSettings.of(alice, trusted))) {
            talk(jdk, openSsl);
            talk(openSsl, jdk);
        }

        engines.assertAllReleased(2);
    }

    @Test
    void bothEndsMayBeOpenSsl() throws Exception {
        try (End one = new End(bob, openSsl());
                End other = new End(bob, openSsl())) {
            talk(one, other);
        }

        engines.assertAllReleased(2);
    }

    @Test
    void anEngineOfARefusedPeerIsReleasedToo() throws Exception {
        trusted.remove(alice.peerId());
        try (End openSsl = new End(bob, openSsl());
                End jdk = new End(alice, TlsSettings.of(alice, trusted))) {
            Connection dialled = jdk.network.dial(bob.peerId(), openSsl.address);

            ExecutionException refusal = assertThrows(
                    ExecutionException.class,
                    () -> dialled.opened().toCompletableFuture().get(20, TimeUnit.SECONDS));

            assertInstanceOf(HandshakeException.class, refusal.getCause());
            assertEquals(
                    Failure.IDENTITY, Waiting.next(openSsl.refused, "a refusal").failure());
        }

        engines.assertAllReleased(1);
    }

    /** Messages both ways, and a close by the one who dialled. */
    private static void talk(End from, End to) throws Exception {
        Connection dialled = Waiting.await(
                from.network.dial(to.identity.peerId(), to.address).opened(), "a connection");
        Connection accepted = Waiting.next(to.connected, "the other end");
        assertEquals(dialled, Waiting.next(from.connected, "this end"));
        assertEquals(to.identity.peerId(), dialled.peer());
        assertEquals(from.identity.peerId(), accepted.peer());
        for (int i = 0; i < MESSAGES; i++) {
            assertTrue(dialled.send(Message.of(PROTOCOL, 0, new byte[SIZE])).accepted());
            assertTrue(accepted.send(Message.of(PROTOCOL, 0, new byte[SIZE])).accepted());
        }
        CloseReport report = Waiting.await(dialled.close(), "the close");
        CloseReport other = Waiting.await(accepted.closed(), "the other close");

        assertEquals(CloseEnding.CLEAN, report.ending(), report::toString);
        assertEquals(MESSAGES, report.account().count(Outcome.WRITTEN));
        assertEquals(MESSAGES, other.account().count(Outcome.WRITTEN), other::toString);
        for (int i = 0; i < MESSAGES; i++) {
            assertEquals(SIZE, Waiting.next(to.received, "a message").payload().remaining());
            assertEquals(
                    SIZE, Waiting.next(from.received, "a message").payload().remaining());
        }
    }

    private TlsSettings openSsl() {
        return TlsSettings.builder(trusted).engines(engines).build();
    }

    private static KeyPair key() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        return generator.generateKeyPair();
    }

    /** A network over Netty that listens. */
    private static final class End implements NetworkEvents, AutoCloseable {
        final TlsIdentity identity;
        final Network network;
        final InetSocketAddress address;
        final BlockingQueue<Connection> connected = new LinkedBlockingQueue<>();
        final BlockingQueue<Message> received = new LinkedBlockingQueue<>();
        final BlockingQueue<HandshakeException> refused = new LinkedBlockingQueue<>();

        End(TlsIdentity identity, TlsSettings settings) throws IOException {
            this.identity = identity;
            network = Network.builder()
                    .peerId(identity.peerId())
                    .transport(() -> TlsTransport.over(NettyTransport.builder().build(), settings))
                    .closePolicy(GracefulPolicy.builder().build())
                    .handle(PROTOCOL, (from, message) -> received.add(message))
                    .events(this)
                    .build();
            address = (InetSocketAddress) network.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .localAddress();
        }

        @Override
        public void connected(Connection connection) {
            connected.add(connection);
        }

        @Override
        public void inboundRefused(java.net.SocketAddress remote, HandshakeException cause) {
            refused.add(cause);
        }

        @Override
        public void close() {
            var unused = network.shutdown(Duration.ofSeconds(5));
            network.close();
        }
    }

    /** As a user would write it: whom the peer proves to be is checked by the link, once the handshake is complete. */
    private static final class OpenSslEngines implements TlsEngines {
        private final SslContext dialling;
        private final SslContext accepting;
        private final Queue<SSLEngine> made = new ConcurrentLinkedQueue<>();

        OpenSslEngines(KeyPair key, TlsIdentity identity) throws SSLException {
            dialling = SslContextBuilder.forClient()
                    .sslProvider(SslProvider.OPENSSL_REFCNT)
                    .keyManager(key.getPrivate(), identity.certificate())
                    .trustManager(InsecureTrustManagerFactory.INSTANCE)
                    .endpointIdentificationAlgorithm("")
                    .protocols("TLSv1.3")
                    .build();
            accepting = SslContextBuilder.forServer(key.getPrivate(), identity.certificate())
                    .sslProvider(SslProvider.OPENSSL_REFCNT)
                    .clientAuth(ClientAuth.REQUIRE)
                    .trustManager(InsecureTrustManagerFactory.INSTANCE)
                    .protocols("TLSv1.3")
                    .build();
        }

        @Override
        public SSLEngine dialling(Optional<PeerId> expected) {
            return counted(dialling.newEngine(ByteBufAllocator.DEFAULT));
        }

        @Override
        public SSLEngine accepting() {
            return counted(accepting.newEngine(ByteBufAllocator.DEFAULT));
        }

        private SSLEngine counted(SSLEngine engine) {
            made.add(engine);
            return engine;
        }

        @Override
        public void release(SSLEngine engine) {
            ReferenceCountUtil.release(engine);
        }

        void assertAllReleased(int least) {
            assertTrue(made.size() >= least, () -> "engines: " + made.size());
            for (SSLEngine engine : made) {
                assertEquals(0, ((ReferenceCounted) engine).refCnt());
            }
        }
    }
}
