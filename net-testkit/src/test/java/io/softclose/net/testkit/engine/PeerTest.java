/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseReport;
import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.Peer;
import io.softclose.net.PeerAccount;
import io.softclose.net.PeerId;
import io.softclose.net.PeerReport;
import io.softclose.net.SendResult;
import io.softclose.net.ShutdownReport;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.Lane;
import io.softclose.net.testkit.fake.FakeLink.Flushing;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Messages addressed to a peer: with a connection, without one, and from one connection to the next. */
class PeerTest {
    private static final PeerId PEER = PeerId.parse("ab".repeat(PeerId.LENGTH));
    private static final Duration WAIT = Duration.ofSeconds(10);

    @RegisterExtension
    final Node node = new Node().addressesPeers();

    /** The outcomes that listeners heard of, in order. */
    private final List<String> heard = new ArrayList<>();

    private Peer peer() {
        return node.network().peer(PEER);
    }

    private void send(String... labels) {
        for (String label : labels) {
            send(Messages.message(label));
        }
    }

    private void send(Message message) {
        assertEquals(SendResult.ACCEPTED, peer().send(message, this::hear), () -> Messages.labelOf(message));
    }

    private void hear(Message message, Outcome outcome) {
        heard.add(Messages.labelOf(message) + " " + outcome);
    }

    private long ended(Outcome outcome) {
        return peer().account().messages().count(outcome);
    }

    @Test
    void anOpenConnectionTakesWhatIsAddressedToItsPeer() {
        Conversation talk = node.connect(PEER);

        send("a", "b");
        node.run();

        assertEquals(List.of("a", "b"), talk.received());
        assertEquals(List.of("a WRITTEN", "b WRITTEN"), heard);
        assertEquals(2, talk.connection.account().count(Outcome.WRITTEN));
        assertEquals(2, ended(Outcome.WRITTEN));
        assertSame(talk.connection, peer().connection().orElseThrow());
    }

    @Test
    void whatIsSentWithoutAConnectionGoesFirstOnTheNextOne() {
        send("a", "b");
        node.run();
        assertEquals(2, peer().account().waiting());

        Conversation talk = node.dial(PEER);
        node.run();
        node.settings();
        talk.connection.opened().thenAccept(open -> talk.sendAll(Messages.message("c")));
        talk.peerShakesHands();

        talk.receivedHandshake();
        assertEquals(List.of("a", "b", "c"), talk.received());
        assertEquals(List.of("a WRITTEN", "b WRITTEN"), heard);
        assertEquals(0, peer().account().waiting());
        assertTrue(peer().account().balanced());
    }

    @Test
    void whatAConnectionLeavesUnsentGoesToTheNextInOrderBeforeNewerOnes() {
        Conversation first = node.connect(PEER);
        first.link.room(0);
        send("a", "b");
        node.run();
        send("c");
        first.link.fail(new IOException("cut"));
        send("d");
        node.run();
        send("e");

        CloseReport report = first.report();
        // "d" was sent while the connection did not know yet.
        assertEquals(4, report.account().count(Outcome.HANDED_OVER), report::toString);
        assertEquals(List.of(), report.returned());
        assertTrue(report.account().balanced());
        assertEquals(List.of(), heard);

        Conversation second = node.connect(PEER);

        assertEquals(List.of("a", "b", "c", "d", "e"), second.received());
        assertEquals(5, ended(Outcome.WRITTEN));
        assertEquals(List.of("a WRITTEN", "b WRITTEN", "c WRITTEN", "d WRITTEN", "e WRITTEN"), heard);
    }

    @Test
    void whatHasLeftStaysWhereItEnded() {
        Conversation first = node.connect(PEER);
        send("a");
        node.run();
        first.link.fail(new IOException("cut"));
        node.run();

        Conversation second = node.connect(PEER);

        assertEquals(List.of(), second.received());
        assertEquals(List.of("a WRITTEN"), heard);
        assertEquals(0, first.report().account().count(Outcome.HANDED_OVER));
    }

    @Test
    void whatMayHaveArrivedStaysWhereItEnded() {
        Conversation first = node.connect(PEER);
        first.link.flushing(Flushing.ON_DEMAND);
        send("a");
        node.run();
        first.link.fail(new IOException("cut"));
        node.run();

        Conversation second = node.connect(PEER);

        assertEquals(List.of(), second.received());
        assertEquals(List.of("a UNCERTAIN"), heard);
    }

    @Test
    void aMessageOfTheConnectionComesBackWithItsReport() {
        Conversation first = node.connect(PEER);
        first.link.room(0);
        first.sendAll(Messages.message("mine"));
        send("yours");
        first.link.fail(new IOException("cut"));
        node.run();

        assertEquals(List.of("mine UNSENT"), first.returned());
        assertEquals(1, first.report().account().count(Outcome.HANDED_OVER));
        send("later");
        assertEquals(List.of("yours", "later"), node.connect(PEER).received());
    }

    @Test
    void whatAPolicyDiscardsStaysDiscarded() {
        Conversation first = node.connect(PEER);
        first.link.room(0);
        send("first");
        node.run();
        send("a");
        node.policy.decides(snapshot ->
                snapshot.drained() ? CloseDecision.finish() : new CloseDecision.Discard(java.util.Set.of(0)));
        var unused = first.connection.close();
        node.run();
        first.link.fail(new IOException("cut"));
        node.run();

        assertTrue(heard.contains("a DISCARDED"), heard::toString);
        assertEquals(List.of(), node.connect(PEER).received());
    }

    @Test
    void theNextConnectionWaitsForTheEndOfTheOneBefore() {
        Conversation first = node.connect(PEER);
        first.link.room(0);
        send("a");
        node.run();
        var unused = first.connection.close();
        node.run();
        send("b");

        Conversation second = node.connect(PEER);
        assertEquals(List.of(), second.received());

        first.link.fail(new IOException("cut"));
        node.run();
        assertEquals(List.of("a", "b"), second.received());
    }

    @Test
    void whatWaitsLongerThanItMayComesBack() {
        send("a");
        node.pass(Duration.ofSeconds(4));
        send("b");
        assertEquals(SendResult.ACCEPTED, peer().send(Messages.message("c"), this::hear, Duration.ofSeconds(1)));

        node.pass(Duration.ofSeconds(1));
        assertEquals(List.of("c UNSENT"), heard);
        node.pass(Duration.ofSeconds(5));
        assertEquals(List.of("c UNSENT", "a UNSENT"), heard);
        node.pass(Duration.ofSeconds(4));

        assertEquals(List.of("c UNSENT", "a UNSENT", "b UNSENT"), heard);
        assertTrue(peer().account().balanced());
        assertEquals(List.of(), node.connect(PEER).received());
    }

    @Test
    void theEventTellsOfWhatComesBackWithoutAListener() {
        Message message = Messages.message("a");
        assertEquals(SendResult.ACCEPTED, peer().send(message, Duration.ofSeconds(1)));
        node.pass(Duration.ofSeconds(1));

        var returned = node.events.takeReturned();
        assertEquals(1, returned.size());
        assertSame(message, returned.get(0).message());
        assertEquals(Outcome.UNSENT, returned.get(0).outcome());
    }

    @Test
    void allWaitsOfAMessageCountTogether() {
        send("a");
        node.pass(Duration.ofSeconds(6));
        Conversation first = node.dial(PEER);
        node.run();
        first.link.room(0);
        first.peerShakesHands();
        node.pass(Duration.ofSeconds(60));
        assertEquals(List.of(), heard);
        first.link.fail(new IOException("cut"));
        node.pass(Duration.ofSeconds(3));
        assertEquals(List.of(), heard);

        node.pass(Duration.ofSeconds(1));

        assertEquals(List.of("a UNSENT"), heard);
    }

    @Test
    void aTimeToLiveGoesOnFromConnectionToConnection() {
        Conversation first = node.connect(PEER);
        first.link.room(0);
        send(Messages.message("b"));
        node.run();
        send(Messages.message("a").withTimeToLive(Duration.ofSeconds(5)));
        node.pass(Duration.ofSeconds(3));
        first.link.fail(new IOException("cut"));
        node.pass(Duration.ofSeconds(1));
        assertEquals(List.of(), heard);

        node.pass(Duration.ofSeconds(1));

        assertEquals(List.of("a EXPIRED"), heard);
        assertEquals(List.of("b"), node.connect(PEER).received());
    }

    @Test
    void whatWaitsIsBoundedAsTheLaneIs() {
        node.policy.lanes(new Lane("only", 3, 1 << 20, Long.MAX_VALUE));
        send("a", "b", "c");

        assertEquals(SendResult.OUTBOX_FULL, peer().send(Messages.message("d")));
        assertEquals(3, peer().account().messages().total().accepted());
        assertEquals(List.of("a", "b", "c"), node.connect(PEER).received());
    }

    @Test
    void theRestFollowsAsRoomComesAndStaysBeforeNewerOnes() {
        node.policy.lanes(new Lane("only", 2, 1 << 20, Long.MAX_VALUE));
        Conversation first = node.connect(PEER);
        first.link.room(0);
        send("a", "b");
        node.run();
        first.link.fail(new IOException("cut"));
        // Sealed, so that it takes no more.
        var unused = first.connection.abort();
        send("c", "d");
        node.run();
        assertEquals(SendResult.OUTBOX_FULL, peer().send(Messages.message("x")));

        Conversation second = node.dial(PEER);
        node.run();
        second.link.room(10);
        second.peerShakesHands();
        second.receivedHandshake();
        assertTrue(peer().account().waiting() > 0);
        second.peerTakes(10_000);
        send("e");
        node.run();

        assertEquals(List.of("a", "b", "c", "d", "e"), second.received());
    }

    @Test
    void anUrgentMessageDoesNotWaitBehindAFullLaneBelow() {
        node.policy.lanes(new Lane("urgent", 8, 1 << 20, Long.MAX_VALUE), new Lane("bulk", 2, 1 << 20, Long.MAX_VALUE));
        for (String label : List.of("a", "b")) {
            send(Messages.inLane(1, label));
        }
        Conversation first = node.dial(PEER);
        node.run();
        first.link.room(60);
        first.peerShakesHands();
        first.receivedHandshake();
        send(Messages.inLane(1, "c"));
        send(Messages.inLane(0, "vote"));

        first.peerTakes(10_000);

        List<String> received = first.received();
        assertTrue(received.indexOf("vote") < received.indexOf("c") && received.contains("c"), received::toString);
    }

    @Test
    void aPeerOfAnotherIdentityGetsNothing() {
        send("a");
        PeerId other = PeerId.parse("cd".repeat(PeerId.LENGTH));

        assertEquals(List.of(), node.connect(other).received());
        assertEquals(List.of(), node.connect().received());
        assertEquals(List.of(), node.welcome().received());
        assertEquals(List.of("a"), node.connect(PEER).received());
    }

    @Test
    void whatTheNextConnectionDoesNotSpeakComesBack() {
        var other = io.softclose.net.ProtocolId.CONSENSUS_DIRECT_SEND_BCS;
        node.settings().support(other);
        send("a");
        send(Message.of(other, 0, new byte[] {'x'}));
        send("b");

        Conversation talk = node.connect(PEER);

        assertEquals(List.of("a", "b"), talk.received());
        assertEquals(List.of("x UNSENT", "a WRITTEN", "b WRITTEN"), heard);
    }

    @Test
    void whoMayNotWaitIsRefusedWithoutAConnection() {
        assertEquals(SendResult.NOT_CONNECTED, peer().send(Messages.message("a"), this::hear, Duration.ZERO));
        Conversation talk = node.connect(PEER);
        assertEquals(SendResult.ACCEPTED, peer().send(Messages.message("b"), this::hear, Duration.ZERO));
        node.run();

        assertEquals(List.of("b"), talk.received());
        assertEquals(1, peer().account().messages().total().accepted());
    }

    @Test
    void aShutdownReturnsWhatStillWaits() {
        PeerAccount[] account = new PeerAccount[1];
        Peer peer = peer();
        send("a");
        Message b = Messages.message("b");
        assertEquals(SendResult.ACCEPTED, peer.send(b));

        CompletableFuture<ShutdownReport> shutdown = node.network().shutdown().toCompletableFuture();
        node.run();

        PeerReport report = shutdown.join().peers().get(0);
        account[0] = report.account();
        assertEquals(PEER, report.peer());
        assertEquals(2, report.returned().size());
        assertSame(b, report.returned().get(1).message());
        assertTrue(account[0].balanced(), account[0]::toString);
        assertEquals(List.of("a UNSENT"), heard);
        assertEquals(1, node.events.takeReturned().size());
        assertEquals(SendResult.CLOSING, peer.send(Messages.message("c")));
    }

    @Test
    void aPeerIsTheSameAsLongAsItIsNeeded() {
        assertSame(peer(), peer());
        Conversation talk = node.connect(PEER);
        assertSame(talk.connection, peer().connection().orElseThrow());
    }

    @Test
    void theWaitIsTheNetworks() {
        node.settings().peerWait(Duration.ofSeconds(2));
        send("a");
        node.pass(Duration.ofSeconds(2));

        assertEquals(List.of("a UNSENT"), heard);
        assertTrue(WAIT.compareTo(Duration.ofSeconds(2)) > 0);
    }
}
