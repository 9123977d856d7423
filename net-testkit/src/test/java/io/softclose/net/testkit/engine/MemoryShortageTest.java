/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.ConnectionState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A link that has no memory to lend for a while. */
class MemoryShortageTest {
    /** When the engine has asked again at the latest. */
    private static final Duration AGAIN = Duration.ofSeconds(2);

    @RegisterExtension
    final Node node = new Node();

    @Test
    void whatWaitsGoesOnceThereIsMemory() {
        Conversation talk = node.connect();
        talk.link.lends(false);
        talk.sendAll(message("a"), message("b"));
        node.run();
        assertEquals(List.of(), talk.received());
        assertEquals(ConnectionState.OPEN, talk.connection.state());

        talk.link.lends(true);
        node.pass(AGAIN);

        assertEquals(List.of("a", "b"), talk.received());
    }

    @Test
    void aLoopThatHasNoMemoryAsksForItOnceInAWhile() {
        Conversation talk = node.connect();
        Conversation other = node.connect();
        talk.link.lends(false);
        other.link.lends(false);

        for (Conversation each : List.of(talk, other, talk, other)) {
            each.sendAll(message("m"));
            node.run();
            each.link.writable();
            node.run();
        }

        assertEquals(1, talk.link.refusedLends() + other.link.refusedLends());
        node.pass(AGAIN.multipliedBy(3));
        assertEquals(4, talk.link.refusedLends() + other.link.refusedLends());
    }

    @Test
    void nothingOfOneConnectionGoesToAnothersPeer() {
        Conversation talk = node.connect();
        Conversation stuck = node.connect();
        stuck.peerTakes(0);
        stuck.sendAll(message("secret"));
        node.run();
        stuck.connection.abort();
        node.run();
        talk.link.lends(false);
        talk.sendAll(message("a"));
        node.run();

        talk.link.lends(true);
        node.pass(AGAIN);

        assertEquals(List.of("a"), talk.received());
    }

    @Test
    void aCloseWithoutMemoryEndsByItsDeadline() {
        Conversation talk = node.connect();
        talk.link.lends(false);
        talk.sendAll(message("a"));
        node.run();

        talk.connection.close();
        node.pass(ScriptedPolicy.DEADLINE);

        assertEquals(CloseEnding.DEADLINE, talk.report().ending());
        assertEquals(List.of("a UNSENT"), talk.returned());
        assertTrue(talk.report().account().balanced());
    }

    @Test
    void aCloseGoesOnOnceThereIsMemory() {
        Conversation talk = node.connect();
        talk.link.lends(false);
        talk.sendAll(message("a"));
        talk.connection.close();
        node.run();

        talk.link.lends(true);
        node.pass(AGAIN);
        talk.peerEnds();

        assertEquals(List.of("a"), talk.received());
        assertTrue(talk.report().clean());
    }

    @Test
    void aHandshakeGoesOnOnceThereIsMemory() {
        Conversation talk = node.dial();
        talk.link.lends(false);
        node.run();

        talk.link.lends(true);
        node.pass(AGAIN);
        talk.peerShakesHands();

        assertEquals(ConnectionState.OPEN, talk.connection.state());
        talk.receivedHandshake();
    }
}
