/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.Connection.Direction;
import io.softclose.net.ConnectionState;
import io.softclose.net.DisconnectReason;
import io.softclose.net.HandshakeException;
import io.softclose.net.HandshakeException.Failure;
import io.softclose.net.PeerId;
import io.softclose.net.spi.IdentityExchange;
import io.softclose.net.spi.IdentityExchange.IdentityException;
import io.softclose.net.spi.IdentityExchange.Proof;
import io.softclose.net.spi.IdentityExchange.Step;
import io.softclose.net.spi.Link;
import io.softclose.net.testkit.fake.FakeLink;
import io.softclose.net.testkit.wire.WireBytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An identity exchange with bytes of its own: a greeting, the peer's 32 bytes, an acknowledgement. */
class IdentityExchangeTest {
    private static final PeerId PEER = PeerId.parse("ab".repeat(PeerId.LENGTH));

    @RegisterExtension
    final Node node = new Node();

    private final List<String> begun = new ArrayList<>();

    @Test
    void theExchangeComesBeforeTheHandshakeInAnyPieces() {
        node.settings().identityExchange(this::exchange);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(PEER.toBytes());
        all.writeBytes(WireBytes.handshake(Node.CHAIN_ID, Node.VALIDATOR, Messages.PROTOCOL.id()));
        all.writeBytes(Conversation.frameOf("first"));
        byte[] bytes = all.toByteArray();

        for (int split = 1; split < bytes.length; split++) {
            Conversation talk = node.dial();
            node.run();
            assertEquals("hello", new String(talk.link.takeReceived(), US_ASCII));

            talk.peerSends(Arrays.copyOf(bytes, split));
            talk.peerSends(Arrays.copyOfRange(bytes, split, bytes.length));

            assertEquals(PEER, talk.connection.peer(), "split at " + split);
            assertEquals(Optional.of(PEER), talk.connection.provenPeer(), "split at " + split);
            assertEquals(List.of("first"), node.handled, "split at " + split);
            assertTrue(new String(talk.link.takeReceived(), US_ASCII).startsWith("ok"), "split at " + split);
            node.handled.clear();
            // Or the next one would be its duplicate.
            var unused = talk.connection.abort();
            node.run();
        }
    }

    @Test
    void anErrorOfTheExchangeRefusesThePeer() {
        StackOverflowError thrown = new StackOverflowError("deliberate");
        node.settings().identityExchange((link, direction, dialled) -> {
            throw thrown;
        });

        Conversation talk = node.dial();
        node.run();

        assertEquals(DisconnectReason.HANDSHAKE_FAILED, talk.report().reason());
        HandshakeException refused = (HandshakeException) talk.report().error().orElseThrow();
        assertEquals(Failure.IDENTITY, refused.failure());
        assertEquals(thrown, refused.getCause());
    }

    @Test
    void everyByteMayComeAndGoAlone() {
        node.settings().identityExchange(this::exchange);
        Conversation talk = node.dial();
        talk.link.takes(1);
        node.run();

        for (byte one : PEER.toBytes()) {
            talk.peerSends(one);
        }
        for (byte one : WireBytes.handshake(Node.CHAIN_ID, Node.VALIDATOR, Messages.PROTOCOL.id())) {
            talk.peerSends(one);
        }

        assertEquals(ConnectionState.OPEN, talk.connection.state());
        byte[] received = talk.link.takeReceived();
        assertEquals("hellook", new String(received, 0, 7, US_ASCII));
    }

    @Test
    void theExchangeIsToldWhoDialledWhom() {
        node.settings().identityExchange(this::exchange);
        node.network().dial(PEER, Node.REMOTE);
        node.network().dial(Node.REMOTE);
        node.run();
        FakeLink accepted = node.accept();

        assertEquals(
                List.of("OUTBOUND " + Optional.of(PEER), "OUTBOUND " + Optional.empty(), "INBOUND " + Optional.empty()),
                begun);
        accepted.inputClosed();
        node.run();
        assertEquals(1, node.events.takeRefused().size());
    }

    @Test
    void aPeerThatProvesNothingIsRefusedByDefault() {
        node.settings().identityExchange(IdentityExchange.proven());

        HandshakeException why = assertRefused(Failure.IDENTITY, node.dial());

        assertTrue(String.valueOf(why.getMessage()).contains("NetworkBuilder.plaintext()"), why::toString);
    }

    @Test
    void aPeerThatCameByPlaintextIsNoProvenOneAndEveryLineSaysSo() {
        node.settings().plaintext();

        Conversation talk = node.connect();

        assertEquals(Optional.empty(), talk.connection.provenPeer());
        assertTrue(talk.connection.toString().contains(", unverified, "), talk.connection::toString);
    }

    @Test
    void aPeerThatHasProvedWhoItIsIsNotCalledUnverified() {
        node.settings().identityExchange(this::exchange);
        Conversation talk = node.dial();
        node.run();
        assertEquals(Optional.empty(), talk.connection.provenPeer());

        talk.peerSends(PEER.toBytes());
        talk.peerSends(WireBytes.handshake(Node.CHAIN_ID, Node.VALIDATOR, Messages.PROTOCOL.id()));

        assertEquals(Optional.of(PEER), talk.connection.provenPeer());
        assertFalse(talk.connection.toString().contains("unverified"), talk.connection::toString);
    }

    @Test
    void aGreetingMayBeLong() {
        byte[] greeting = new byte[300_000];
        Arrays.fill(greeting, (byte) 'g');
        node.settings().identityExchange((link, direction, dialled) -> new IdentityExchange.Session() {
            @Override
            public ByteBuffer greeting() {
                return ByteBuffer.wrap(greeting);
            }

            @Override
            public Step receive(ByteBuffer received) {
                return new Step.Identified(PEER, Proof.NONE, ByteBuffer.allocate(0));
            }
        });

        Conversation talk = node.dial();
        node.run();
        talk.peerShakesHands();

        assertEquals(ConnectionState.OPEN, talk.connection.state());
        byte[] received = talk.link.takeReceived();
        assertEquals(greeting.length, Arrays.mismatch(greeting, received));
        assertTrue(received.length > greeting.length, "the handshake follows");
    }

    @Test
    void anExchangeWhoseRepliesThePeerDoesNotTakeIsGivenUp() {
        node.settings().identityExchange((link, direction, dialled) -> received -> {
            received.position(received.limit());
            return new Step.Continue(ByteBuffer.allocate(1));
        });
        Conversation talk = node.dial();
        talk.link.takes(0);
        node.run();

        for (int i = 0; i < 1000; i++) {
            talk.link.read((byte) i);
        }

        assertRefused(Failure.IDENTITY, talk);
    }

    @Test
    void aPeerMayBeRefusedAtTheBeginning() {
        node.settings().identityExchange((link, direction, dialled) -> {
            throw new IdentityException("nobody is let in");
        });

        assertRefused(Failure.IDENTITY, node.dial());
    }

    @Test
    void aPeerMayBeRefusedForWhatItSays() {
        node.settings().identityExchange((link, direction, dialled) -> received -> {
            if (received.hasRemaining()) {
                throw new IdentityException("expected: somebody else");
            }
            return new Step.Continue(ByteBuffer.allocate(0));
        });
        Conversation talk = node.dial();
        node.run();

        talk.link.read((byte) 1);

        HandshakeException why = assertRefused(Failure.IDENTITY, talk);
        assertTrue(String.valueOf(why.getMessage()).contains("somebody else"), why::toString);
    }

    @Test
    void anExchangeThatBreaksItsContractRefusesThePeer() {
        node.settings().identityExchange((link, direction, dialled) -> received -> {
            throw new IllegalStateException("deliberate");
        });

        assertRefused(Failure.IDENTITY, node.dial());
    }

    @Test
    void anExchangeThatCannotBeginRefusesThePeer() {
        node.settings().identityExchange((link, direction, dialled) -> {
            throw new IllegalStateException("deliberate");
        });
        FakeLink link = node.accept();

        assertTrue(link.isClosed());
        assertEquals(
                List.of(Failure.IDENTITY),
                node.events.takeRefused().stream()
                        .map(HandshakeException::failure)
                        .toList());
    }

    @Test
    void anExchangeThatDoesNotEndIsGivenUp() {
        node.limits(limits -> limits.handshakeTimeout(Duration.ofSeconds(3)));
        node.settings().identityExchange(this::exchange);
        Conversation talk = node.dial();
        node.run();
        talk.peerSends(Arrays.copyOf(PEER.toBytes(), 31));

        node.pass(Duration.ofSeconds(3));

        assertRefused(Failure.TIMEOUT, talk);
    }

    @Test
    void anExchangeThatTakesNothingIsGivenUpBeforeItFillsTheMemory() {
        node.settings()
                .identityExchange((link, direction, dialled) -> received -> new Step.Continue(ByteBuffer.allocate(0)));
        Conversation talk = node.dial();
        node.run();
        talk.peerSends(new byte[64 * 1024]);
        assertEquals(ConnectionState.HANDSHAKING, talk.connection.state());

        talk.link.read((byte) 1);

        assertRefused(Failure.IDENTITY, talk);
    }

    private HandshakeException assertRefused(Failure failure, Conversation talk) {
        node.run();
        assertEquals(DisconnectReason.HANDSHAKE_FAILED, talk.report().reason());
        HandshakeException why = (HandshakeException) talk.report().error().orElseThrow();
        assertEquals(failure, why.failure(), why::toString);
        return why;
    }

    private IdentityExchange.Session exchange(Link link, Direction direction, Optional<PeerId> dialled) {
        begun.add(direction + " " + dialled);
        return new IdentityExchange.Session() {
            @Override
            public ByteBuffer greeting() {
                return US_ASCII.encode("hello");
            }

            @Override
            public Step receive(ByteBuffer received) {
                if (received.remaining() < PeerId.LENGTH) {
                    return new Step.Continue(ByteBuffer.allocate(0));
                }
                byte[] id = new byte[PeerId.LENGTH];
                received.get(id);
                return new Step.Identified(PeerId.of(id), Proof.GIVEN, US_ASCII.encode("ok"));
            }
        };
    }
}
