/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.DisconnectReason;
import io.softclose.net.HandshakeException;
import io.softclose.net.HandshakeException.Failure;
import io.softclose.net.PeerId;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.node.fixture.Node;
import io.softclose.net.testkit.node.fixture.Nodes;
import io.softclose.net.testkit.node.fixture.TransportUnderTest;
import io.softclose.net.testkit.node.peer.HostileIdentity;
import io.softclose.net.testkit.node.peer.Peers;
import io.softclose.net.testkit.node.peer.TlsBystander;
import io.softclose.net.testkit.node.peer.TlsGuest;
import io.softclose.net.testkit.wire.WirePeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

/**
 * Peers that speak broken TLS, or good TLS with an identity that is not wanted, to a node over mutual TLS on any transport. Each
 * is refused with its reason, at both ends as far as the protocol has words for it; a connection of the same network stays
 * open all the while, and in the end a trusted peer gets in within the time that its own handshake may take. The author of a
 * transport over TCP implements this interface in a test class, as {@link NodeContract}.
 */
public interface HostileTlsPeerContract extends TransportUnderTest {
    /** The system property that says how many strangers begin handshakes and leave it at that; 200. */
    String STRANGERS_PROPERTY = "softclose.testkit.strangers";

    @Test
    default void whatIsNoTlsIsRefused(Nodes nodes) throws IOException {
        try (TlsBystander bystander = new TlsBystander(nodes)) {
            for (String garbage : List.of(
                    "GET / HTTP/1.1\r\n\r\n",
                    "\0\0\0\5hello",
                    "\26\3\1\0\5hello",
                    "\26\3\3\377\377junk",
                    "\200\56\1")) {
                HandshakeException refused = refusalOf(bystander, garbage.getBytes(StandardCharsets.ISO_8859_1));

                Set<Failure> known = EnumSet.of(Failure.MALFORMED, Failure.LINK_CLOSED, Failure.IDENTITY);
                assertTrue(known.contains(refused.failure()), refused::toString);
            }
        }
    }

    @Test
    default void aHandshakeThatIsCutOffIsRefused(Nodes nodes) throws IOException {
        try (TlsBystander bystander = new TlsBystander(nodes)) {
            byte[] hello = HostileIdentity.hello();
            for (int length : new int[] {0, 1, 5, 6, hello.length / 2, hello.length - 1, hello.length}) {
                HandshakeException refused = refusalOf(bystander, Arrays.copyOf(hello, length));

                assertEquals(Failure.LINK_CLOSED, refused.failure(), length + " of " + hello.length + " bytes");
            }
        }
    }

    private static HandshakeException refusalOf(TlsBystander bystander, byte[] said) throws IOException {
        InetSocketAddress address = bystander.address;
        try (Socket stranger = new Socket(address.getAddress(), address.getPort())) {
            stranger.getOutputStream().write(said);
            stranger.shutdownOutput();
            HandshakeException refused = bystander.nextRefusal();
            readToTheEnd(stranger);
            return refused;
        }
    }

    @Test
    default void aPeerInPlaintextIsRefused(Nodes nodes) throws IOException {
        try (TlsBystander bystander = new TlsBystander(nodes);
                WirePeer peer = WirePeer.dial(bystander.address)) {
            peer.send(Peers.handshake());

            assertEquals(Failure.MALFORMED, bystander.nextRefusal().failure());
            readToTheEnd(peer.socket());
        }
    }

    @Test
    default void aNodeInPlaintextAndOneOverTlsRefuseEachOtherWhoeverDials(Nodes nodes) throws IOException {
        try (TlsBystander bystander = new TlsBystander(nodes)) {
            Node plain = nodes.node();

            Waiting.failure(plain.network().dial(bystander.address).opened(), "plaintext to a port of TLS");
            assertEquals(Failure.MALFORMED, bystander.nextRefusal().failure());

            Waiting.failure(bystander.dial(TlsBystander.FRIEND.peerId(), plain.listen()), "TLS to a port of plaintext");
            Waiting.next(plain.refused, "the refusal of TLS");
        }
    }

    @Test
    default void aStrangerIsRefusedForItsKey(Nodes nodes) throws IOException {
        HostileIdentity stranger = HostileIdentity.fresh();
        assertRefused(nodes, stranger, "peer " + stranger.peerId() + " (expected: one who is trusted)");
    }

    @Test
    default void aCertificateOutOfItsDatesIsRefused(Nodes nodes) throws IOException {
        assertRefused(nodes, HostileIdentity.expired(), "NotAfter");
    }

    @Test
    default void anothersCertificateWithoutItsKeyIsRefused(Nodes nodes) throws IOException {
        assertRefused(nodes, HostileIdentity.thiefOf(TlsBystander.FRIEND), "signature");
    }

    /** At both ends, whoever dials. */
    private static void assertRefused(Nodes nodes, HostileIdentity stranger, String why) throws IOException {
        try (TlsBystander bystander = new TlsBystander(nodes)) {
            assertRefused(bystander, stranger.dial(bystander.address, "TLSv1.3"), why);
            assertRefusedWhereItListens(bystander, stranger, stranger.peerId(), why);
        }
    }

    /** TLS 1.3 lets whoever dials finish first: then the alert is what it reads. */
    private static void assertRefused(TlsBystander bystander, SSLSocket stranger, String why) throws IOException {
        try (stranger) {
            SSLException told = assertThrows(SSLException.class, () -> {
                stranger.startHandshake();
                int unused = stranger.getInputStream().read();
            });

            assertSays("fatal alert", told);
            HandshakeException refused = bystander.nextRefusal();
            assertEquals(Failure.IDENTITY, refused.failure());
            assertSays(why, refused);
        }
    }

    private static void assertRefusedWhereItListens(
            TlsBystander bystander, HostileIdentity stranger, PeerId expected, String why) throws IOException {
        try (SSLServerSocket server = stranger.listen()) {
            CompletableFuture<SSLException> told =
                    CompletableFuture.supplyAsync(() -> assertThrows(SSLException.class, () -> {
                        try (SSLSocket accepted = (SSLSocket) server.accept()) {
                            accepted.startHandshake();
                            int unused = accepted.getInputStream().read();
                        }
                    }));

            HandshakeException refused = bystander.refusalOfDialling(expected, server.getLocalSocketAddress());

            assertEquals(Failure.IDENTITY, refused.failure());
            assertSays(why, refused);
            assertSays("fatal alert", Waiting.await(told, "the alert"));
        }
    }

    @Test
    default void somebodyElseThanWasDialledIsRefused(Nodes nodes) throws IOException {
        try (TlsBystander bystander = new TlsBystander(nodes)) {
            PeerId expected = HostileIdentity.fresh().peerId();
            assertRefusedWhereItListens(
                    bystander, TlsBystander.FRIEND, expected, "(expected: " + expected + ", who was dialled)");
        }
    }

    @Test
    default void whoeverShowsNoCertificateIsRefused(Nodes nodes) throws IOException {
        try (TlsBystander bystander = new TlsBystander(nodes)) {
            assertRefused(bystander, HostileIdentity.dialNameless(bystander.address), "TLS handshake: ");
        }
    }

    @Test
    default void aPeerThatHasNoVersionInCommonIsRefused(Nodes nodes) throws IOException {
        try (TlsBystander bystander = new TlsBystander(nodes)) {
            assertRefused(bystander, TlsBystander.FRIEND.dial(bystander.address, "TLSv1.2"), "TLS handshake: ");
        }
    }

    @Test
    default void aTrustedPeerThatBreaksARecordLosesItsConnectionAloneAndIsToldWhy(Nodes nodes) throws IOException {
        try (TlsBystander bystander = new TlsBystander(nodes);
                Socket below = new Socket(bystander.address.getAddress(), bystander.address.getPort());
                SSLSocket friend = TlsBystander.FRIEND.over(below)) {
            shakeHands(friend);
            assertEquals(
                    TlsBystander.FRIEND.peerId(),
                    bystander.node.nextConnection().provenPeer().orElseThrow());

            below.getOutputStream()
                    .write("\27\3\3\0\40this.has.never.been.sealed.by.us".getBytes(StandardCharsets.ISO_8859_1));

            CloseReport report = bystander.node.nextReport();
            assertEquals(DisconnectReason.INPUT_OUTPUT_ERROR, report.reason());
            assertEquals(CloseEnding.ERROR, report.ending(), report::toString);
            assertSays(
                    "fatal alert",
                    assertThrows(
                            SSLException.class, () -> friend.getInputStream().readAllBytes()));
        }
    }

    @Test
    default void aTrustedPeersStreamThatIsCutOffWithinARecordIsNeverClean(Nodes nodes) throws IOException {
        try (TlsBystander bystander = new TlsBystander(nodes);
                Socket below = new Socket(bystander.address.getAddress(), bystander.address.getPort());
                SSLSocket friend = TlsBystander.FRIEND.over(below)) {
            shakeHands(friend);
            var unused = bystander.node.nextConnection();

            below.getOutputStream().write(new byte[] {23, 3, 3, 1, 0, 7});
            below.shutdownOutput();

            CloseReport report = bystander.node.nextReport();
            assertEquals(CloseEnding.CUT_OFF, report.ending(), report::toString);
        }
    }

    private static void shakeHands(SSLSocket friend) throws IOException {
        friend.startHandshake();
        WirePeer peer = new WirePeer(friend);
        peer.send(Peers.handshake());
        peer.readHandshake();
    }

    /** Everybody talks all the while, both ways. */
    @Test
    default void aPeerThatIsTrustedNoMoreIsClosedAsStaleWhileOthersGoOn(Nodes nodes) throws IOException {
        int messages = 500;
        try (TlsBystander bystander = new TlsBystander(nodes)) {
            TlsGuest guest = new TlsGuest(bystander);
            guest.connects(2);
            guest.talksBothWays();
            bystander.startsToConverse(messages);

            bystander.trustsTheGuestNoMore();

            for (CloseReport report : guest.reportsOfOurEnds()) {
                assertEquals(DisconnectReason.STALE_CONNECTION, report.reason());
                assertEquals(CloseEnding.CLEAN, report.ending(), report::toString);
            }
            guest.assertLostNothing();
            bystander.hasConversed(messages);
            guest.assertIsRefused();
            assertEquals(Failure.IDENTITY, bystander.nextRefusal().failure());
        }
    }

    /** They come from another address than the trusted peer: no host has more than its share of the handshakes. */
    @Test
    default void strangersThatLeaveItAtTheBeginningDoNotKeepATrustedPeerOut(Nodes nodes) throws IOException {
        int count = Integer.getInteger(STRANGERS_PROPERTY, 200);
        byte[] hello = HostileIdentity.hello();
        List<Socket> strangers = new ArrayList<>();
        try (TlsBystander bystander = new TlsBystander(nodes, Duration.ofSeconds(2))) {
            for (int i = 0; i < count; i++) {
                Socket stranger = dialFromElsewhere(bystander.address);
                strangers.add(stranger);
                sayIfLetIn(stranger, Arrays.copyOf(hello, hello.length * (i % 3) / 2));
            }

            bystander.letsATrustedPeerIn();

            Set<Failure> known = EnumSet.of(Failure.TIMEOUT, Failure.TOO_MANY_CONNECTIONS, Failure.LINK_CLOSED);
            for (int i = 0; i < count; i++) {
                HandshakeException refused = bystander.nextRefusal();
                assertTrue(known.contains(refused.failure()), refused::toString);
            }
            for (Socket stranger : strangers) {
                readToTheEnd(stranger);
            }
        } finally {
            for (Socket stranger : strangers) {
                stranger.close();
            }
        }
    }

    private static Socket dialFromElsewhere(InetSocketAddress node) throws IOException {
        Socket socket = new Socket();
        try {
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 2}), 0));
        } catch (SocketException none) {
            socket.close();
            return abort("this host has one loopback address only: " + none.getMessage());
        }
        socket.connect(node);
        return socket;
    }

    private static void sayIfLetIn(Socket stranger, byte[] bytes) {
        try {
            stranger.getOutputStream().write(bytes);
        } catch (IOException turnedAway) {
            // It has been told already.
        }
    }

    private static void readToTheEnd(Socket socket) throws IOException {
        socket.setSoTimeout((int) Waiting.SAFETY_NET.toMillis());
        try {
            byte[] unused = socket.getInputStream().readAllBytes();
        } catch (SocketException reset) {
            // As good an end as any.
        }
    }

    private static void assertSays(String part, Throwable thrown) {
        assertTrue(String.valueOf(thrown.getMessage()).contains(part), thrown::toString);
    }
}
