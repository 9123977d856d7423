/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.softclose.net.CloseEnding;
import io.softclose.net.ConnectionState;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Message;
import io.softclose.net.PeerId;
import io.softclose.net.SendResult;
import io.softclose.net.spi.IdentityExchange.Proof;
import io.softclose.net.spi.IdentityExchange.Session;
import io.softclose.net.spi.IdentityExchange.Step;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two connections to one proven peer: which stays, who decides, and what becomes of the loser's messages. */
class DuplicatesTest {
    private static final PeerId SMALL = PeerId.parse("11".repeat(PeerId.LENGTH));
    private static final PeerId MIDDLE = PeerId.parse("55".repeat(PeerId.LENGTH));
    private static final PeerId GREAT = PeerId.parse("99".repeat(PeerId.LENGTH));
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @RegisterExtension
    final Node node = new Node().addressesPeers();

    /** This node, whose peers prove whoever they say they are. */
    private void node() {
        node.settings().peerId(MIDDLE).identityExchange((link, direction, dialled) -> new Session() {
            @Override
            public Step receive(ByteBuffer received) {
                if (received.remaining() < PeerId.LENGTH) {
                    return new Step.Continue(ByteBuffer.allocate(0));
                }
                byte[] id = new byte[PeerId.LENGTH];
                received.get(id);
                return new Step.Identified(PeerId.of(id), Proof.GIVEN, ByteBuffer.allocate(0));
            }
        });
        node.network();
    }

    private static byte[] hello(PeerId peer) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(peer.toBytes());
        all.writeBytes(Conversation.HANDSHAKE);
        return all.toByteArray();
    }

    private Conversation dial(PeerId peer) {
        Conversation talk = node.dial(peer);
        node.run();
        return talk;
    }

    private static Conversation opens(Conversation talk, PeerId peer) {
        talk.peerSends(hello(peer));
        talk.receivedHandshake();
        return talk;
    }

    private Conversation accept(PeerId peer) {
        return node.welcome(hello(peer));
    }

    private static void stays(Conversation winner, Conversation loser) {
        assertEquals(ConnectionState.OPEN, winner.connection.state());
        loser.peerEnds();
        assertEquals(DisconnectReason.DUPLICATE_CONNECTION, loser.report().reason());
        assertEquals(CloseEnding.CLEAN, loser.report().ending());
    }

    @Test
    void ofTwoThatThisEndDialledTheLaterStays() {
        node();
        Conversation first = opens(dial(SMALL), SMALL);
        Conversation second = opens(dial(SMALL), SMALL);

        stays(second, first);
    }

    @Test
    void theLaterDialStaysThoughItOpensFirst() {
        node();
        Conversation first = dial(GREAT);
        Conversation second = opens(dial(GREAT), GREAT);
        opens(first, GREAT);

        stays(second, first);
    }

    @Test
    void ofTwoDialledAtOnceTheEndWithTheGreaterIdClosesItsOwn() {
        node();
        Conversation ours = dial(SMALL);
        Conversation theirs = accept(SMALL);
        opens(ours, SMALL);

        stays(theirs, ours);
    }

    @Test
    void whoeverDialsNeverthelessMeansTheNewOne() {
        node();
        Conversation theirs = accept(SMALL);
        Conversation ours = opens(dial(SMALL), SMALL);

        stays(ours, theirs);
    }

    @Test
    void theEndWithTheSmallerIdWaitsForTheDecision() {
        node();
        Conversation ours = dial(GREAT);
        Conversation theirs = accept(GREAT);
        opens(ours, GREAT);
        node.pass(PATIENCE.dividedBy(2));
        assertEquals(ConnectionState.OPEN, ours.connection.state());
        assertEquals(ConnectionState.OPEN, theirs.connection.state());

        theirs.peerEnds();

        assertEquals(DisconnectReason.DUPLICATE_CONNECTION, theirs.report().reason());
        node.pass(PATIENCE);
        assertEquals(ConnectionState.OPEN, ours.connection.state());
    }

    @Test
    void ifNoDecisionComesTheOlderGoes() {
        node();
        Conversation old = accept(SMALL);
        Conversation returned = accept(SMALL);
        node.pass(PATIENCE.minusMillis(1));
        assertEquals(ConnectionState.OPEN, old.connection.state());

        node.pass(Duration.ofMillis(1));

        stays(returned, old);
    }

    @Test
    void theLoserHandsOverAndTheWinnerHearsNothingBeforeTheLosersEnd() {
        node();
        Conversation old = opens(dial(SMALL), SMALL);
        old.link.room(0);
        Message message = Messages.message("ours");
        assertEquals(SendResult.ACCEPTED, node.network().peer(SMALL).send(message));
        node.run();
        Conversation next = opens(dial(SMALL), SMALL);
        next.peerSendsMessage("second");
        assertEquals(List.of(), node.handled);
        assertEquals(List.of(), next.received());

        old.peerSendsMessage("first");
        old.peerEnds();
        node.pass(ScriptedPolicy.DEADLINE);

        assertEquals(List.of("first", "second"), node.handled);
        assertEquals(List.of("ours"), next.received());
        assertSame(next.connection, node.network().peer(SMALL).connection().orElseThrow());
    }

    /** The executor that handles messages here. */
    private HandExecutor offTheLoop() {
        HandExecutor executor = new HandExecutor();
        node.settings()
                .handle(
                        Messages.PROTOCOL,
                        (connection, message) -> node.handled.add(Messages.labelOf(message)),
                        executor);
        node();
        return executor;
    }

    private void fails(Conversation talk) {
        talk.link.fail(new IOException("reset"));
        node.run();
        assertEquals(1, talk.report().unhandled());
    }

    @Test
    void theWinnerHearsNothingBeforeHandlersHaveWhatALoserBroughtWhoseLinkHasFailed() {
        HandExecutor executor = offTheLoop();
        Conversation old = opens(dial(SMALL), SMALL);
        old.peerSendsMessage("first");
        Conversation next = opens(dial(SMALL), SMALL);
        fails(old);
        next.peerSendsMessage("second");
        assertEquals(1, executor.waiting(), "the loser's handler, not the winner's");

        executor.runNext();
        node.run();
        executor.runNext();

        assertEquals(List.of("first", "second"), node.handled);
    }

    @Test
    void theEndThatDoesNotDecideKeepsThatOrderToo() {
        HandExecutor executor = offTheLoop();
        Conversation ours = dial(GREAT);
        Conversation theirs = accept(GREAT);
        opens(ours, GREAT);
        ours.peerSendsMessage("first");
        fails(ours);
        theirs.peerSendsMessage("second");
        assertEquals(1, executor.waiting(), "the loser's handler, not the winner's");

        executor.runNext();
        node.run();
        executor.runNext();

        assertEquals(List.of("first", "second"), node.handled);
    }

    @Test
    void aHandlerThatHangsHoldsTheWinnerUpForAShortTimeOnly() {
        HandExecutor executor = offTheLoop();
        Conversation old = opens(dial(SMALL), SMALL);
        old.peerSendsMessage("first");
        Conversation next = opens(dial(SMALL), SMALL);
        fails(old);
        next.peerSendsMessage("second");
        node.pass(PATIENCE.minusMillis(1));
        assertEquals(1, executor.waiting());

        node.pass(Duration.ofMillis(1));

        assertEquals(2, executor.waiting());
        executor.runAll();
    }

    @Test
    void whoProvesNothingHasNoDuplicates() {
        node.network();
        Conversation first = node.connect(SMALL);
        Conversation second = node.connect(SMALL);
        node.pass(PATIENCE.multipliedBy(2));

        assertEquals(ConnectionState.OPEN, first.connection.state());
        assertEquals(ConnectionState.OPEN, second.connection.state());
    }

    @Test
    void aNetworkMayHaveSeveralConnectionsToOnePeer() {
        node.settings().oneConnectionPerPeer(false);
        node();
        Conversation one = opens(dial(SMALL), SMALL);
        Conversation other = opens(dial(SMALL), SMALL);
        node.pass(PATIENCE.multipliedBy(2));

        assertEquals(ConnectionState.OPEN, one.connection.state());
        other.peerEnds();
        assertEquals(DisconnectReason.CONNECTION_CLOSED, other.report().reason());
    }

    @Test
    void differentPeersAreNoDuplicates() {
        node();
        Conversation one = opens(dial(SMALL), SMALL);
        Conversation other = opens(dial(GREAT), GREAT);
        node.pass(PATIENCE.multipliedBy(2));

        assertEquals(ConnectionState.OPEN, one.connection.state());
        assertEquals(ConnectionState.OPEN, other.connection.state());
    }
}
