/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.ConnectionState;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.SendResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that end early, by an abort or a broken link. */
class AbortTest {
    @RegisterExtension
    final Node node = new Node();

    @Test
    void theReportOfABrokenLinkCarriesItsError() {
        IOException broken = new IOException("deliberate");
        Conversation talk = node.connect();

        talk.link.fail(broken);
        node.run();

        assertSame(broken, talk.report().error().orElseThrow());
        assertEquals(List.of(), node.policy.planned(), "nothing to drain, so nothing to plan");
    }

    @Test
    void abortResetsTheLinkAndAsksNoPolicy() {
        Conversation talk = node.connect();
        talk.peerTakes(3);
        talk.sendAll(message("a"), message("b"));
        node.run();

        talk.connection.abort();
        node.run();

        assertEquals(List.of("a UNSENT", "b UNSENT"), talk.returned());
        assertTrue(talk.link.peerSawReset());
        assertEquals(List.of(), node.policy.planned());
        assertEquals(List.of(), node.policy.asked());
    }

    @ParameterizedTest
    @ValueSource(strings = {"broken", "broken while closing", "past the deadline"})
    void aConnectionIsAbortingUntilEveryMessageHasItsOutcome(String how) {
        Conversation talk = node.connect();
        talk.peerTakes(0);
        List<ConnectionState> seen = new ArrayList<>();
        assertEquals(SendResult.ACCEPTED, talk.connection.send(message("a"), (message, outcome) -> {
            talk.outcomes.ended(message, outcome);
            seen.add(talk.connection.state());
            assertEquals(SendResult.CLOSING, talk.send(message("again")));
        }));
        talk.outcomes.accepted();

        if (!how.equals("broken")) {
            talk.connection.close();
            node.run();
        }
        if (how.equals("past the deadline")) {
            node.pass(ScriptedPolicy.DEADLINE);
        } else {
            talk.link.fail(new IOException("deliberate"));
            node.run();
        }

        assertEquals(List.of(ConnectionState.ABORTING), seen);
    }

    @Test
    void anAbortedConnectionAcceptsNothing() {
        Conversation talk = node.connect();

        talk.connection.abort();

        assertEquals(SendResult.CLOSING, talk.send(message("late")));
    }

    /** It may be open for the peer, which would take an end for the word of one that has handled everything. */
    @Test
    void aConnectionThatIsGivenUpWhileItShakesHandsIsReset() {
        Conversation closed = node.dial();
        node.run();
        closed.connection.close();
        node.run();
        Conversation late = node.dial();
        node.pass(Limits.defaults().handshakeTimeout());

        for (Conversation talk : List.of(closed, late)) {
            assertTrue(talk.isClosed());
            assertTrue(talk.link.peerSawReset());
        }
    }

    @Test
    void aConnectionThatIsGivenUpBeforeItIsOpenAcceptsNothing() {
        node.transport.dialsHang();
        Conversation talk = node.dial();
        List<SendResult> results = new ArrayList<>();

        talk.connection.close();
        node.loop.execute(() -> results.add(talk.send(message("late"))));
        node.run();

        assertEquals(List.of(SendResult.CLOSING), results);
    }

    @Test
    void anAbortEndsACloseUnderWay() {
        Conversation talk = node.connect();
        talk.connection.close();
        node.run();

        talk.connection.abort();
        node.run();

        assertTrue(talk.link.peerSawReset());
        assertEquals(CloseEnding.ERROR, talk.report().ending());
        assertEquals(DisconnectReason.REQUESTED_BY_PEER_MANAGER, talk.report().reason());
        assertEquals("aborted by the application", talk.report().detail());
    }

    @Test
    void returnedMessagesAreTheObjectsThatWereSentMostUrgentLaneFirst() {
        node.policy.lanes("urgent", "bulk");
        Conversation talk = node.connect();
        talk.peerTakes(0);
        Message[] sent = {
            Messages.inLane(1, "b1"), Messages.inLane(0, "a1"), Messages.inLane(1, "b2"), Messages.inLane(0, "a2")
        };
        talk.sendAll(sent);
        node.run();

        talk.connection.abort();
        node.run();

        assertEquals(List.of("a1 UNSENT", "a2 UNSENT", "b1 UNSENT", "b2 UNSENT"), talk.returned());
        assertSame(sent[1], talk.report().returned().get(0).message());
        assertEquals("urgent", talk.report().returned().get(0).lane());
        assertEquals("bulk", talk.report().returned().get(3).lane());
    }
}
