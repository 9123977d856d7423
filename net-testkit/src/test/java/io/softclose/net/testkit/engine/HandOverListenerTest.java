/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.OutcomeListener;
import io.softclose.net.Peer;
import io.softclose.net.PeerId;
import io.softclose.net.SendResult;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A listener hears that its message goes on from one connection to the next, before it hears of the end. */
class HandOverListenerTest {
    private static final PeerId PEER = PeerId.parse("ab".repeat(PeerId.LENGTH));

    @RegisterExtension
    final Node node = new Node().addressesPeers();

    private final List<String> heard = new ArrayList<>();

    /** Writes down what it hears. */
    private class Listener implements OutcomeListener {
        @Override
        public void ended(Message message, Outcome outcome) {
            heard.add(Messages.labelOf(message) + " " + outcome);
        }

        @Override
        public void handedOver(Message message) {
            heard.add(Messages.labelOf(message) + " goes on");
        }
    }

    private Peer peer() {
        return node.network().peer(PEER);
    }

    private void send(String label) {
        assertEquals(SendResult.ACCEPTED, peer().send(Messages.message(label), new Listener()));
    }

    /** A connection that takes nothing. */
    private Conversation connectedAndFull() {
        Conversation talk = node.connect(PEER);
        talk.link.room(0);
        return talk;
    }

    private void cut(Conversation talk) {
        talk.link.fail(new IOException("cut"));
        node.run();
    }

    @Test
    void itHearsOfEachConnectionThatItsMessageLeaves() {
        Conversation first = connectedAndFull();
        send("a");
        send("b");
        node.run();
        cut(first);
        assertEquals(List.of("a goes on", "b goes on"), heard);

        // What has waited goes before anybody can make a link full.
        Conversation second = node.dial(PEER);
        node.run();
        second.link.room(0);
        second.peerShakesHands();
        node.run();
        cut(second);
        node.connect(PEER);

        assertEquals(List.of("a goes on", "b goes on", "a goes on", "b goes on", "a WRITTEN", "b WRITTEN"), heard);
        assertEquals(4, peer().account().handedOver());
    }

    @Test
    void itHearsOfNothingWhileItsMessageWaitsForTheFirstConnection() {
        send("a");
        node.run();
        node.connect(PEER);

        assertEquals(List.of("a WRITTEN"), heard);
    }

    @Test
    void aMessageOfAConnectionGoesNowhere() {
        Conversation talk = connectedAndFull();
        assertEquals(SendResult.ACCEPTED, talk.connection.send(Messages.message("a"), new Listener()));
        node.run();
        cut(talk);

        assertEquals(List.of("a UNSENT"), heard);
    }

    @Test
    void ofOneThatMayNotWaitItHearsTheEndNext() {
        Conversation talk = connectedAndFull();
        assertEquals(SendResult.ACCEPTED, peer().send(Messages.message("a"), new Listener(), Duration.ZERO));
        node.run();
        cut(talk);

        assertEquals(List.of("a goes on", "a UNSENT"), heard);
        assertEquals(1, peer().account().handedOver());
    }

    @Test
    void whatItThrowsIsToldAndKeepsNothingBack() {
        Conversation first = connectedAndFull();
        assertEquals(SendResult.ACCEPTED, peer().send(Messages.message("a"), new Listener() {
            @Override
            public void handedOver(Message message) {
                throw new IllegalStateException("no more");
            }
        }));
        send("b");
        node.run();
        cut(first);

        assertEquals(1, node.events.takeFailures().size());
        assertEquals(List.of("a", "b"), node.connect(PEER).received());
        assertEquals(List.of("b goes on", "a WRITTEN", "b WRITTEN"), heard);
    }
}
