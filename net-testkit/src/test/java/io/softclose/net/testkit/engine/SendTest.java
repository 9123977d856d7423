/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.inLane;
import static io.softclose.net.testkit.engine.Messages.message;
import static io.softclose.net.testkit.engine.Messages.sized;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.Account;
import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.ProtocolId;
import io.softclose.net.SendResult;
import io.softclose.net.spi.Lane;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a send answers, and what becomes of the message. */
class SendTest {
    @RegisterExtension
    final Node node = new Node();

    @Test
    void anAcceptedMessageIsWrittenAndItsListenerLearnsOnce() {
        Conversation talk = node.connect();
        Message vote = message("vote");

        assertEquals(SendResult.ACCEPTED, talk.send(vote));
        assertEquals(List.of(), talk.outcomes.of(vote));
        node.run();

        assertEquals(List.of("vote"), talk.received());
        assertEquals(List.of(Outcome.WRITTEN), talk.outcomes.of(vote));
    }

    @Test
    void anEmptyMessageIsAMessage() {
        Conversation talk = node.connect();

        talk.sendAll(message(""));
        node.run();

        assertEquals(List.of(""), talk.received());
    }

    @Test
    void theSameMessageSentTwiceEndsTwice() {
        Conversation talk = node.connect();
        Message vote = message("vote");

        talk.sendAll(vote, vote);
        node.run();

        assertEquals(List.of("vote", "vote"), talk.received());
        assertEquals(List.of(Outcome.WRITTEN, Outcome.WRITTEN), talk.outcomes.of(vote));
    }

    @Test
    void listenersAreCalledOnTheLoop() {
        Conversation talk = node.connect();
        List<Boolean> onLoop = new ArrayList<>();

        assertEquals(SendResult.ACCEPTED, talk.connection.send(message("vote"), (message, outcome) -> {
            talk.outcomes.ended(message, outcome);
            onLoop.add(node.loop.inEventLoop());
        }));
        talk.outcomes.accepted();
        node.run();

        assertEquals(List.of(true), onLoop);
    }

    @Test
    void aMessageMayBeSentFromTheListenerOfAnother() {
        Conversation talk = node.connect();
        Message second = message("second");

        assertEquals(SendResult.ACCEPTED, talk.connection.send(message("first"), (message, outcome) -> {
            talk.outcomes.ended(message, outcome);
            talk.sendAll(second);
        }));
        talk.outcomes.accepted();
        node.run();

        assertEquals(List.of("first", "second"), talk.received());
    }

    @Test
    void nothingIsAcceptedBeforeTheConnectionIsOpen() {
        node.transport.dialsHang();
        Conversation talk = node.dial();

        assertEquals(SendResult.NOT_CONNECTED, talk.send(message("while dialling")));
        talk.link.connect();
        node.run();

        assertEquals(SendResult.NOT_CONNECTED, talk.send(message("during the handshake")));
    }

    @Test
    void nothingIsAcceptedAfterTheClose() {
        Conversation talk = node.connect();
        talk.connection.abort();
        node.run();

        assertEquals(SendResult.NOT_CONNECTED, talk.send(message("late")));
    }

    @Test
    void nothingIsAcceptedOnceASealingCloseWasAskedFor() {
        Conversation talk = node.connect();

        talk.connection.close();

        assertEquals(SendResult.CLOSING, talk.send(message("late")));
        node.run();
        assertEquals(SendResult.CLOSING, talk.send(message("later")));
    }

    @Test
    void aFullLaneRefusesByCount() {
        node.limits(limits -> limits.outboxMessages(3));
        Conversation talk = node.connect();
        talk.link.takes(0);

        talk.sendAll(message("a"), message("b"), message("c"));

        assertEquals(SendResult.OUTBOX_FULL, talk.send(message("d")));
        talk.link.takes(Long.MAX_VALUE);
        node.run();
        assertEquals(SendResult.ACCEPTED, talk.send(message("e")));
        node.run();
        assertEquals(List.of("a", "b", "c", "e"), talk.received());
    }

    @Test
    void messagesThatThePeerDoesNotTakeKeepTheLaneFull() {
        node.limits(limits -> limits.outboxMessages(3));
        Conversation talk = node.connect();
        talk.peerTakes(5);

        talk.sendAll(message("a"), message("b"), message("c"));
        node.run();

        assertEquals(SendResult.OUTBOX_FULL, talk.send(message("d")));
    }

    @Test
    void aFullLaneRefusesByBytes() {
        node.limits(limits -> limits.outboxBytes(10));
        Conversation talk = node.connect();

        talk.sendAll(sized("a", 6), sized("b", 4));

        assertEquals(SendResult.OUTBOX_FULL, talk.send(sized("c", 1)));
        node.run();
        assertEquals(SendResult.ACCEPTED, talk.send(sized("d", 10)));
    }

    @Test
    void aMessageThatNoLaneCanHoldIsTooLarge() {
        node.limits(limits -> limits.outboxBytes(10));
        Conversation talk = node.connect();

        assertEquals(SendResult.TOO_LARGE, talk.send(sized("a", 11)));
        assertEquals(SendResult.ACCEPTED, talk.send(sized("b", 10)));
    }

    @Test
    void aMessageLongerThanTheLimitIsTooLarge() {
        node.limits(limits -> limits.maxMessageSize(100));
        Conversation talk = node.connect();

        assertEquals(SendResult.TOO_LARGE, talk.send(sized("a", 101)));
        assertEquals(SendResult.ACCEPTED, talk.send(sized("b", 100)));
    }

    @Test
    void aMessageOfMoreFragmentsThanTheLimitIsTooLarge() {
        node.limits(limits -> limits.maxFrameSize(128).maxFragments(2));
        Conversation talk = node.connect();

        assertEquals(SendResult.TOO_LARGE, talk.send(sized("a", 3 * 64 + 1)));
        assertEquals(SendResult.ACCEPTED, talk.send(sized("b", 3 * 64)));
        node.run();
        assertEquals(List.of("b"), talk.received());
    }

    @Test
    void aProtocolThatThePeerDoesNotSpeakIsRefused() {
        node.settings().support(ProtocolId.NETBENCH_DIRECT_SEND);
        Conversation talk = node.connect();

        assertEquals(
                SendResult.PROTOCOL_NOT_NEGOTIATED,
                talk.send(Message.of(ProtocolId.NETBENCH_DIRECT_SEND, 0, new byte[1])));
        assertEquals(
                SendResult.PROTOCOL_NOT_NEGOTIATED,
                talk.send(Message.of(ProtocolId.CONSENSUS_DIRECT_SEND_BCS, 0, new byte[1])));
    }

    @Test
    void aRefusedMessageLeavesNoTrace() {
        node.limits(limits -> limits.outboxMessages(1).maxMessageSize(100));
        Conversation talk = node.connect();
        talk.sendAll(message("a"));
        Account before = talk.connection.account();

        assertEquals(SendResult.OUTBOX_FULL, talk.send(message("b")));
        assertEquals(SendResult.TOO_LARGE, talk.send(sized("c", 101)));
        assertEquals(SendResult.PROTOCOL_NOT_NEGOTIATED, talk.send(Message.of(ProtocolId.DKG_RPC_BCS, 0, new byte[1])));

        assertEquals(before, talk.connection.account());
        node.run();
        assertEquals(List.of("a"), talk.received());
        assertEquals(1, talk.outcomes.count());
    }

    @Test
    void theAccountIsLive() {
        node.policy.lanes("urgent", "bulk");
        Conversation talk = node.connect();
        talk.link.takes(0);

        talk.sendAll(inLane(0, "a"), inLane(1, "b"), inLane(1, "c"));

        Account queued = talk.connection.account();
        assertEquals("urgent", queued.lanes().get(0).lane());
        assertEquals(1, queued.lanes().get(0).pending());
        assertEquals("bulk", queued.lanes().get(1).lane());
        assertEquals(2, queued.lanes().get(1).accepted());
        assertFalse(queued.balanced());
        talk.link.takes(Long.MAX_VALUE);
        node.run();
        Account written = talk.connection.account();
        assertEquals(3, written.total().accepted());
        assertEquals(2, written.lanes().get(1).count(Outcome.WRITTEN));
        assertTrue(written.balanced());
    }

    @Test
    void whatAClassifierThrowsReachesTheSenderAndLeavesNoTrace() {
        IllegalStateException thrown = new IllegalStateException("deliberate");
        node.policy.classifies(message -> {
            if (message.priority() == 7) {
                throw thrown;
            }
            return 0;
        });
        Conversation talk = node.connect();

        assertSame(thrown, assertThrows(IllegalStateException.class, () -> talk.send(inLane(7, "a"))));

        assertEquals(0, talk.connection.account().total().accepted());
        assertDrainsAndCloses(talk, message("ok"));
    }

    @Test
    void aLaneThatDoesNotExistReachesTheSenderAndLeavesNoTrace() {
        node.policy.lanes(new Lane("only", 10, 1000, 1000)).classifies(message -> message.priority() - 1);
        Conversation talk = node.connect();

        assertThrows(IndexOutOfBoundsException.class, () -> talk.send(inLane(0, "a")));
        assertThrows(IndexOutOfBoundsException.class, () -> talk.send(inLane(2, "b")));

        assertEquals(0, talk.connection.account().total().accepted());
        assertDrainsAndCloses(talk, inLane(1, "ok"));
    }

    /** A send that threw must not count as one on its way, or the seal would wait for it for ever. */
    private void assertDrainsAndCloses(Conversation talk, Message last) {
        talk.sendAll(last);
        talk.connection.close();
        node.run();
        talk.peerEnds();
        assertEquals(List.of("ok"), talk.received());
        assertTrue(talk.report().clean(), talk.report()::toString);
    }
}
