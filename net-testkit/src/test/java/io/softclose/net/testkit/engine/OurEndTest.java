/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.DisconnectReason;
import io.softclose.net.spi.ClosePlan.Admission;
import io.softclose.net.spi.Link.Reading;
import io.softclose.net.testkit.fake.FakeLink.EndCall;
import io.softclose.net.testkit.wire.WireBytes;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Our end (FIN) says that what came before it was handled, and a close that runs out of time lets the rest arrive. */
class OurEndTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int ANOTHER_CHAIN = Node.CHAIN_ID + 1;

    @RegisterExtension
    final Node node = new Node();

    @Test
    void ourEndWaitsForWhatHasArrived() {
        Conversation talk = node.connect();

        talk.connection.close();
        talk.link.read(Conversation.frameOf("late"));
        node.run();

        assertEquals(List.of("late"), node.handled);
        assertEquals(List.of(EndCall.SHUTDOWN_OUTPUT, EndCall.SHUTDOWN_OUTPUT), talk.link.endCalls(), "asked again");
        talk.peerEnds();
        assertTrue(talk.report().clean());
    }

    @Test
    void thePeersEndBeforeOursThatWasHeldBackLeavesTheCloseUnconfirmed() {
        Conversation talk = node.connect();
        talk.sendAll(message("a"));

        talk.connection.close();
        talk.link.read(Conversation.frameOf("late"));
        talk.link.inputClosed();
        node.run();

        assertEquals(List.of("late"), node.handled);
        assertEquals(CloseEnding.UNCONFIRMED, talk.report().ending());
    }

    @Test
    void aDeadlineThatPassesBeforeOurEndIsOutSaysWhatWasWaitedFor() {
        node.policy.plans(Admission.SEAL, SECOND, SECOND);
        Conversation talk = node.connect();
        talk.connection.close();
        node.loop.execute(() -> talk.link.reading(Reading.PAUSED));
        talk.link.read(Conversation.frameOf("never handed on"));
        node.run();

        node.pass(SECOND);

        assertEquals(CloseEnding.DEADLINE, talk.report().ending());
        assertEquals(
                "the deadline passed while handling what the peer had sent",
                talk.report().detail());
        assertFalse(talk.link.peerSawEnd(), "an end would say that it was handled");
    }

    @Test
    void aCloseOutOfTimeLingers() {
        Conversation talk = node.connect();
        talk.sendAll(message("a"));
        node.run();

        talk.connection.close(DisconnectReason.STALE_CONNECTION, Duration.ZERO);
        node.run();

        assertEquals(CloseEnding.DEADLINE, talk.report().ending());
        assertEquals(List.of(EndCall.LINGER), talk.link.endCalls());
        assertFalse(talk.link.peerSawReset());
    }

    @Test
    void aPeerOfAnotherChainIsLeftTheTimeToReadWhy() {
        Conversation talk = node.dial();
        node.run();

        talk.peerSends(WireBytes.handshake(ANOTHER_CHAIN, Node.VALIDATOR, Messages.PROTOCOL.id()));

        assertEquals(DisconnectReason.HANDSHAKE_FAILED, talk.report().reason());
        assertEquals(List.of(EndCall.LINGER), talk.link.endCalls());
    }

    @Test
    void anAbortDoesNotLinger() {
        Conversation talk = node.connect();
        talk.connection.close();

        talk.connection.abort();
        node.run();

        assertEquals(List.of(EndCall.SHUTDOWN_OUTPUT, EndCall.ABORT), talk.link.endCalls());
        assertTrue(talk.link.peerSawReset());
    }
}
