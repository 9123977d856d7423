/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.ConnectionState;
import io.softclose.net.Message;
import io.softclose.net.RequestAccount;
import io.softclose.net.testkit.fake.FakeLink.EndCall;
import io.softclose.net.testkit.wire.WireBytes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A link that has no memory to lend for a while, or a loop that has none for tasks. */
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

    /** Taking its message back needs a task of the loop, between the claim on its reply and the reply's completion. */
    @Test
    void aReplyThatCannotBeCompletedIsCompletedByTheEndOfItsConnection() {
        Conversation talk = node.connect();
        Replies replies = new Replies();
        talk.link.room(0);
        replies.ask(talk, "waits");
        node.run();

        node.loop.hasMemory(false);
        node.pass(Replies.TIMEOUT);
        node.loop.hasMemory(true);
        node.run();

        assertEquals(List.of("waits: NOT_SENT"), replies.completions);
        assertEquals(
                new RequestAccount.Made(0, 1, 0, 0, 0, 0, 0),
                talk.report().requests().made());
        assertEquals(0, talk.connection.account().total().pending());
    }

    @Test
    void anAnswerForWhichThereIsNoMemoryIsNotGivenAndHoldsNothing() {
        CompletableFuture<Message> answer = new CompletableFuture<>();
        node.settings().answerLater(Messages.PROTOCOL, (connection, request) -> answer);
        Conversation talk = node.connect();
        talk.peerSends(WireBytes.rpcRequest(Messages.PROTOCOL.id(), 1, 0, new byte[1]));

        node.loop.hasMemory(false);
        answer.complete(message("lost"));
        node.loop.hasMemory(true);
        talk.connection.close();
        node.run();

        assertEquals(List.of(EndCall.SHUTDOWN_OUTPUT), talk.link.endCalls());
        talk.peerEnds();
        assertEquals(1, talk.report().requests().received().cutOff());
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
