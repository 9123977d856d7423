/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.PROTOCOL;
import static io.softclose.net.testkit.engine.Node.CHAIN_ID;
import static io.softclose.net.testkit.engine.Node.VALIDATOR;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.Connection.Direction;
import io.softclose.net.ConnectionState;
import io.softclose.net.DisconnectReason;
import io.softclose.net.HandshakeException;
import io.softclose.net.HandshakeException.Failure;
import io.softclose.net.NetworkException;
import io.softclose.net.NetworkId;
import io.softclose.net.PeerId;
import io.softclose.net.ProtocolId;
import io.softclose.net.testkit.fake.FakeLink;
import io.softclose.net.testkit.wire.WireBytes;
import io.softclose.net.testkit.wire.WireParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** From a link that is up to an open connection, or to the reason why there is none. */
class HandshakeTest {
    @RegisterExtension
    final Node node = new Node();

    @Test
    void bothEndsIntroduceThemselvesAsSoonAsTheLinkIsUp() {
        WireParser.Handshake expected = new WireParser.Handshake(Set.of(PROTOCOL.id()), CHAIN_ID, VALIDATOR, "");
        Conversation dialled = node.dial();
        node.run();
        FakeLink accepted = node.accept();

        assertEquals(expected, dialled.receivedHandshake());
        WireParser parser = new WireParser();
        parser.feed(accepted.takeReceived());
        assertEquals(expected, parser.handshake().orElseThrow());
        accepted.fail(new IOException("deliberate"));
        node.run();
        assertEquals(1, node.events.takeRefused().size());
    }

    @Test
    void aDialledConnectionOpens() {
        Conversation talk = node.dial();
        node.run();
        assertEquals(ConnectionState.HANDSHAKING, talk.connection.state());
        assertEquals(Set.of(), talk.connection.protocols());

        talk.peerShakesHands();

        assertEquals(ConnectionState.OPEN, talk.connection.state());
        assertEquals(Direction.OUTBOUND, talk.connection.direction());
        assertEquals(Node.REMOTE, talk.connection.remoteAddress());
        assertEquals(PeerId.ofAddress(Node.REMOTE), talk.connection.peer());
        assertSame(
                talk.connection, talk.connection.opened().toCompletableFuture().join());
        assertEquals(List.of(talk.connection), node.events.connected);
    }

    @Test
    void anAcceptedConnectionOpens() {
        Conversation talk = node.welcome();

        assertEquals(ConnectionState.OPEN, talk.connection.state());
        assertEquals(Direction.INBOUND, talk.connection.direction());
        assertEquals(talk.link.remoteAddress(), talk.connection.remoteAddress());
        assertEquals(PeerId.ofAddress(talk.link.remoteAddress()), talk.connection.peer());
        assertEquals(List.of(talk.connection), node.events.connected);
    }

    @Test
    void aDialledPeerIsBelievedToBeWhoWasDialled() {
        PeerId peer = PeerId.random();

        assertEquals(peer, node.network().dial(peer, Node.REMOTE).peer());
    }

    @Test
    void protocolsAreThoseThatBothEndsSupport() {
        node.settings().support(ProtocolId.CONSENSUS_DIRECT_SEND_BCS).support(ProtocolId.CONSENSUS_OBSERVER);
        Conversation talk = node.dial();
        node.run();

        talk.peerSends(WireBytes.handshake(
                CHAIN_ID,
                VALIDATOR,
                ProtocolId.CONSENSUS_OBSERVER.id(),
                PROTOCOL.id(),
                ProtocolId.DKG_RPC_BCS.id(),
                200));

        assertEquals(Set.of(ProtocolId.CONSENSUS_OBSERVER, PROTOCOL), talk.connection.protocols());
    }

    @Test
    void aHandshakeMayComeInAnyPiecesTogetherWithTheFirstMessages() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(WireBytes.handshake(CHAIN_ID, VALIDATOR, PROTOCOL.id()));
        all.writeBytes(Conversation.frameOf("first"));
        all.writeBytes(Conversation.frameOf("second"));
        byte[] bytes = all.toByteArray();

        for (int split = 0; split <= bytes.length; split++) {
            Conversation talk = node.dial();
            node.run();
            for (byte[] piece : List.of(Arrays.copyOf(bytes, split), Arrays.copyOfRange(bytes, split, bytes.length))) {
                if (piece.length > 0) {
                    talk.peerSends(piece);
                }
            }
            assertEquals(List.of("first", "second"), node.handled, "split at " + split);
            node.handled.clear();
        }
    }

    @Test
    void aHandshakeMayLeaveByteByByte() {
        Conversation talk = node.dial();
        talk.link.takes(1);

        node.run();

        assertEquals(CHAIN_ID, talk.receivedHandshake().chainId());
    }

    static Stream<Arguments> refusals() {
        int protocol = PROTOCOL.id();
        return Stream.of(
                Arguments.of(Failure.INVALID_CHAIN_ID, WireBytes.handshake(CHAIN_ID + 1, VALIDATOR, protocol)),
                Arguments.of(Failure.INVALID_NETWORK_ID, WireBytes.handshake(CHAIN_ID, 1, protocol)),
                Arguments.of(Failure.INVALID_NETWORK_ID, WireBytes.privateHandshake(CHAIN_ID, "lab", protocol)),
                Arguments.of(Failure.NO_COMMON_PROTOCOLS, WireBytes.handshake(CHAIN_ID, VALIDATOR, protocol + 1)),
                Arguments.of(Failure.NO_COMMON_PROTOCOLS, WireBytes.handshake(CHAIN_ID, VALIDATOR)),
                Arguments.of(Failure.NO_COMMON_VERSION, new byte[] {0, 3, 0, CHAIN_ID, VALIDATOR}),
                Arguments.of(Failure.MALFORMED, new byte[] {0, 0}),
                Arguments.of(Failure.MALFORMED, new byte[] {0, 4, 0, CHAIN_ID, VALIDATOR, 0}),
                Arguments.of(Failure.MALFORMED, new byte[] {0, 2, 0, CHAIN_ID}),
                Arguments.of(Failure.MALFORMED, WireBytes.handshake(CHAIN_ID, 5, protocol)));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void aDialledPeerThatDoesNotFitIsRefused(Failure failure, byte[] handshake) {
        Conversation talk = node.dial();
        node.run();

        talk.peerSends(handshake);

        assertRefused(failure, talk);
        assertEquals(List.of(), node.events.connected);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void aPeerThatDialsAndDoesNotFitIsRefused(Failure failure, byte[] handshake) {
        FakeLink link = node.accept();

        link.read(handshake);
        node.run();

        assertEquals(
                List.of(failure),
                node.events.takeRefused().stream()
                        .map(HandshakeException::failure)
                        .toList());
        assertTrue(link.isClosed());
        assertEquals(List.of(), node.network().connections());
        assertEquals(List.of(), node.events.connected);
        assertEquals(List.of(), node.events.disconnected);
    }

    @Test
    void aRefusalSaysWhatCameAndWhatWasExpected() {
        Conversation talk = node.dial();
        node.run();

        talk.peerSends(WireBytes.handshake(77, VALIDATOR, PROTOCOL.id()));

        String message =
                String.valueOf(assertRefused(Failure.INVALID_CHAIN_ID, talk).getMessage());
        assertTrue(message.contains("77") && message.contains("expected: " + CHAIN_ID), message);
    }

    @Test
    void aPrivateNetworkAdmitsItsOwn() {
        node.settings().networkId(NetworkId.privateNetwork("lab"));
        Conversation own = node.dial();
        Conversation other = node.dial();
        node.run();

        own.peerSends(WireBytes.privateHandshake(CHAIN_ID, "lab", PROTOCOL.id()));
        other.peerSends(WireBytes.privateHandshake(CHAIN_ID, "lib", PROTOCOL.id()));

        assertEquals(ConnectionState.OPEN, own.connection.state());
        assertRefused(Failure.INVALID_NETWORK_ID, other);
    }

    @Test
    void aPeerThatKeepsSilentIsGivenUp() {
        node.limits(limits -> limits.handshakeTimeout(Duration.ofSeconds(3)));
        Conversation talk = node.dial();
        node.run();
        talk.peerSends((byte) 0);

        node.pass(Duration.ofSeconds(3).minusNanos(1));
        assertFalse(talk.isClosed());
        node.pass(Duration.ofNanos(1));

        assertRefused(Failure.TIMEOUT, talk);
    }

    @Test
    void aPeerThatEndsInTheMiddleIsRefused() {
        Conversation talk = node.dial();
        node.run();
        talk.peerSends((byte) 0);

        talk.peerEnds();

        assertRefused(Failure.LINK_CLOSED, talk);
    }

    @Test
    void aLinkThatBreaksDuringTheHandshakeOfAPeerThatDialledIsRefused() {
        FakeLink link = node.accept();

        link.fail(new IOException("deliberate"));
        node.run();

        List<HandshakeException> refused = node.events.takeRefused();
        assertEquals(1, refused.size());
        assertEquals(Failure.LINK_CLOSED, refused.get(0).failure());
    }

    @Test
    void aDialThatFailsTellsWhy() {
        ConnectException cause = new ConnectException("deliberate");
        node.transport.dialsFail(cause);

        Conversation talk = node.dial();
        node.run();

        NetworkException why = assertNotOpened(talk);
        assertSame(cause, why.getCause());
        assertEquals(DisconnectReason.DIAL_FAILED, talk.report().reason());
        assertSame(cause, talk.report().error().orElseThrow());
    }

    @Test
    void aDialThatHangsEndsAtItsTimeout() {
        node.limits(limits -> limits.dialTimeout(Duration.ofSeconds(3)));
        node.transport.dialsHang();
        Conversation talk = node.dial();

        node.pass(Duration.ofSeconds(3));

        assertTrue(assertNotOpened(talk).getCause() instanceof SocketTimeoutException);
        assertEquals(DisconnectReason.DIAL_FAILED, talk.report().reason());
    }

    @Test
    void aDialThatTheTransportDoesNotTakeLeavesNoConnection() {
        UnixDomainSocketAddress unix = UnixDomainSocketAddress.of("socket");

        assertThrows(IllegalArgumentException.class, () -> node.network().dial(unix));

        assertEquals(List.of(), node.network().connections());
    }

    private static HandshakeException assertRefused(Failure failure, Conversation talk) {
        assertEquals(DisconnectReason.HANDSHAKE_FAILED, talk.report().reason());
        HandshakeException why = (HandshakeException) assertNotOpened(talk);
        assertEquals(failure, why.failure());
        assertSame(why, talk.report().error().orElseThrow());
        return why;
    }

    private static NetworkException assertNotOpened(Conversation talk) {
        Throwable thrown = assertThrows(
                CompletionException.class,
                () -> talk.connection.opened().toCompletableFuture().join());
        return assertInstanceOf(NetworkException.class, thrown.getCause());
    }
}
