/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.Connection.Reading;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the peer still says while we close, and its end. */
class PeerEndTest {
    private static final long ALL = Long.MAX_VALUE;

    @RegisterExtension
    final Node node = new Node();

    @Test
    void whatThePeerSaysIsDeliveredUntilItsEnd() {
        Conversation talk = node.connect();
        talk.peerTakes(3);
        talk.sendAll(message("slow"));
        talk.connection.close();
        node.run();

        talk.peerSendsMessage("while draining");
        talk.peerTakes(ALL);
        talk.peerSendsMessage("after our end");
        talk.link.read(Conversation.frameOf("at the last moment"));
        talk.peerEnds();

        assertEquals(List.of("while draining", "after our end", "at the last moment"), node.handled);
        assertTrue(talk.report().clean());
    }

    @Test
    void anEndOfThePeerThatCameBeforeOursProvesNothing() {
        Conversation talk = node.connect();
        talk.peerTakes(3);
        talk.sendAll(message("a"));
        talk.connection.close();
        node.run();

        talk.peerEnds();
        assertFalse(talk.isClosed(), "what is queued still goes");
        talk.peerTakes(ALL);

        assertEquals(List.of("a"), talk.received());
        assertEquals(CloseEnding.UNCONFIRMED, talk.report().ending());
    }

    @Test
    void aPeerThatEndsStillGetsWhatIsQueued() {
        Conversation talk = node.connect();
        talk.peerTakes(3);
        talk.sendAll(message("a"), message("b"));
        node.run();

        talk.peerEnds();
        talk.peerTakes(ALL);

        assertEquals(List.of("a", "b"), talk.received());
        assertEquals(DisconnectReason.CONNECTION_CLOSED, talk.report().reason());
        assertTrue(node.policy.asked().stream().anyMatch(snapshot -> snapshot.peerEnded()));
    }

    @Test
    void aPeerThatEndsBeforeAnythingWasWrittenHasMissedNothing() {
        Conversation talk = node.connect();

        talk.peerEnds();

        assertEquals(CloseEnding.CLEAN, talk.report().ending());
    }

    @Test
    void aCloseIsNotCleanIfThePeersBytesWereCutOff() {
        Conversation talk = node.connect();
        talk.sendAll(message("a"));
        talk.connection.close();
        node.run();

        talk.link.inputCutOff();
        node.run();

        assertEquals(CloseEnding.CUT_OFF, talk.report().ending());
        assertEquals(
                "what the peer sent was cut off; both ends have ended",
                talk.report().detail());
        assertEquals(1, talk.report().account().count(Outcome.WRITTEN));
    }

    @Test
    void anOpenConnectionWhosePeersBytesAreCutOffClosesWithAllThatWaits() {
        Conversation talk = node.connect();
        talk.peerTakes(3);
        talk.sendAll(message("a"));

        talk.link.inputCutOff();
        node.run();
        assertFalse(talk.isClosed(), "what is queued still goes");
        talk.peerTakes(ALL);

        assertEquals(List.of("a"), talk.received());
        assertEquals(DisconnectReason.CONNECTION_CLOSED, talk.report().reason());
        assertEquals(CloseEnding.CUT_OFF, talk.report().ending());
    }

    /** Clean otherwise, since it could have missed nothing. */
    @Test
    void aCloseThatWroteNothingIsNotCleanEither() {
        Conversation talk = node.connect();

        talk.link.inputCutOff();
        node.run();

        assertEquals(CloseEnding.CUT_OFF, talk.report().ending());
    }

    @Test
    void aCutBehindWhatAPausedApplicationHoldsIsStillKnownAsOne() {
        Conversation talk = node.connect();
        talk.connection.reading(Reading.PAUSED);
        talk.peerSendsMessage("held");
        talk.link.inputCutOff();
        node.run();

        talk.connection.reading(Reading.RESUMED);
        node.run();

        assertEquals(List.of("held"), node.handled);
        assertEquals(CloseEnding.CUT_OFF, talk.report().ending());
    }
}
