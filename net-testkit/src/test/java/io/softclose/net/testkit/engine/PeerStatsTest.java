/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.ConnectionStats.Waiting;
import io.softclose.net.Message;
import io.softclose.net.NetworkEvents;
import io.softclose.net.Outcome;
import io.softclose.net.Peer;
import io.softclose.net.PeerId;
import io.softclose.net.ReturnedMessage;
import io.softclose.net.SendResult;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a peer says of what waits for it, and that whatever waits in vain is told, whoever else hears of it. */
class PeerStatsTest {
    private static final PeerId PEER = PeerId.parse("ab".repeat(PeerId.LENGTH));
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Logger LOGGER = Logger.getLogger("io.softclose.net");

    @RegisterExtension
    final Node node = new Node().addressesPeers();

    @RegisterExtension
    final LogLines log = new LogLines();

    private final List<ReturnedMessage> inVain = new ArrayList<>();

    private final class Counting implements NetworkEvents {
        @Override
        public boolean takesLinesOver() {
            return false;
        }

        @Override
        public void waitedInVain(Peer peer, ReturnedMessage message) {
            assertEquals(PEER, peer.peerId());
            inVain.add(message);
        }
    }

    @AfterEach
    void logAsBefore() {
        LOGGER.setLevel(null);
    }

    private Peer peer() {
        return node.network().peer(PEER);
    }

    private void send(Message message, Duration wait) {
        assertEquals(SendResult.ACCEPTED, peer().send(message, (ended, outcome) -> {}, wait));
    }

    @Test
    void nobodyHasHeardOfAPeerThatNobodyAskedFor() {
        assertEquals(List.of(), node.network().peers());

        Peer peer = peer();

        assertEquals(List.of(peer), node.network().peers());
        assertEquals(0, peer.stats().connections());
        assertFalse(peer.stats().connected());
        assertEquals(Duration.ZERO, peer.stats().longestWait());
    }

    @Test
    void whatWaitsIsKnownOfEachLaneAndForHowLong() {
        node.policy.lanes("urgent", "other");
        send(Messages.inLane(1, "five!"), SECOND.multipliedBy(60));
        node.pass(SECOND.multipliedBy(3));
        send(Messages.inLane(0, "four"), SECOND.multipliedBy(60));
        send(Messages.inLane(1, "six"), SECOND.multipliedBy(60));
        node.pass(SECOND);

        assertEquals(
                List.of(new Waiting("urgent", 1, 4), new Waiting("other", 2, 8)),
                peer().stats().waiting());
        assertEquals(SECOND.multipliedBy(4), peer().stats().longestWait());
        assertEquals(3, peer().stats().waitingMessages());
        assertEquals(12, peer().stats().waitingBytes());

        node.connect(PEER);

        assertEquals(0, peer().stats().waitingMessages());
        assertEquals(Duration.ZERO, peer().stats().longestWait());
    }

    /** What comes back goes first in the line, but has only begun to wait. */
    @Test
    void theLongestWaitIsNotAlwaysThatOfTheFirst() {
        Conversation first = node.connect(PEER);
        first.link.room(0);
        send(Messages.message("older"), SECOND.multipliedBy(60));
        node.run();
        var unused = first.connection.close();
        node.run();
        send(Messages.message("newer"), SECOND.multipliedBy(60));
        node.pass(SECOND);
        first.link.fail(new IOException("cut"));
        node.run();

        assertEquals(2, peer().stats().waitingMessages());
        assertEquals(SECOND, peer().stats().longestWait());
    }

    @Test
    void connectionsAreCountedAsTheyOpen() {
        Peer peer = peer();
        Conversation first = node.connect(PEER);
        assertTrue(peer.stats().connected());
        assertEquals(1, peer.stats().connections());
        first.link.fail(new IOException("cut"));
        node.run();
        assertFalse(peer.stats().connected());

        node.connect(PEER);

        assertTrue(peer.stats().connected());
        assertEquals(2, peer.stats().connections());
    }

    @Test
    void whatWaitsInVainIsToldWhoeverElseHearsOfIt() {
        node.settings().addEvents(new Counting());
        Message heard = Messages.message("with a listener");
        Message unheard = Messages.message("without one");
        Message mortal = Messages.message("mortal").withTimeToLive(SECOND);
        Message request = Messages.message("request");
        send(heard, SECOND);
        assertEquals(SendResult.ACCEPTED, peer().send(unheard, SECOND));
        send(mortal, SECOND.multipliedBy(9));
        var unused = peer().request(request, SECOND);

        node.pass(SECOND);

        assertEquals(
                List.of(heard, unheard, mortal, request),
                inVain.stream().map(ReturnedMessage::message).toList());
        assertSame(mortal, inVain.get(2).message());
        assertEquals(Outcome.EXPIRED, inVain.get(2).outcome());
        assertEquals(1, node.events.takeReturned().size());
    }

    @Test
    void whatStillWaitsAtTheShutdownHasWaitedInVain() {
        node.settings().addEvents(new Counting());
        send(Messages.message("a"), SECOND);

        var unused = node.network().shutdown(Duration.ZERO);
        node.run();

        assertEquals(1, inVain.size());
        assertEquals(Outcome.UNSENT, inVain.get(0).outcome());
    }

    @Test
    void handOversAndWaitsInVainHaveLinesAtDebug() {
        LOGGER.setLevel(Level.FINE);
        node.settings().events(new DefaultEvents(node.events)).addEvents(new Counting());
        Conversation first = node.connect(PEER);
        first.link.room(0);
        send(Messages.message("a"), SECOND);
        node.run();
        first.link.fail(new IOException("cut"));
        node.run();
        node.pass(SECOND);

        List<String> lines = log.at(Level.FINE);
        assertTrue(
                lines.contains(first.connection + ": 1 of 1 messages are for the peer's next connection"),
                lines::toString);
        assertTrue(
                lines.stream().anyMatch(line -> line.endsWith("of lane default goes to no connection: UNSENT")),
                lines::toString);
        assertEquals(1, inVain.size());
    }
}
