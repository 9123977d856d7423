/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.PROTOCOL;
import static io.softclose.net.testkit.engine.Messages.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.ConnectionState;
import io.softclose.net.Message;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.ClosePlan.Admission;
import io.softclose.net.testkit.fake.FakeLink;
import io.softclose.net.testkit.fake.FakeLink.Flushing;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A peer that takes nothing while a close has something for it: the policy waits 5 s for that, 60 s in all. */
class StallTest {
    private static final Duration STALL = Duration.ofSeconds(5);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Duration TICK = Duration.ofNanos(1);

    @RegisterExtension
    final Node node = new Node();

    @BeforeEach
    void longDeadline() {
        node.policy.plans(Admission.SEAL, DEADLINE, STALL);
    }

    @Test
    void aStalledDrainEnds() {
        Conversation talk = closingStuck();

        node.pass(STALL.minus(TICK));
        assertFalse(talk.isClosed());
        node.pass(TICK);

        assertEquals(CloseEnding.STALL, talk.report().ending());
        assertEquals(STALL, talk.report().duration());
        assertEquals(List.of("half UNSENT", "queued UNSENT"), talk.returned());
        assertFalse(talk.link.peerSawReset());
    }

    @Test
    void aStalledFlushEnds() {
        node.policy.decides(snapshot -> CloseDecision.finish());
        Conversation talk = closingStuck();

        node.pass(STALL);

        assertEquals(CloseEnding.STALL, talk.report().ending());
    }

    @Test
    void everyTakenByteStartsTheWaitAgain() {
        Conversation talk = closingStuck();

        for (int i = 0; i < 3; i++) {
            node.pass(STALL.minus(TICK));
            talk.peerTakes(1);
        }
        assertFalse(talk.isClosed());
        node.pass(STALL.minus(TICK));
        assertFalse(talk.isClosed());
        node.pass(TICK);

        assertEquals(CloseEnding.STALL, talk.report().ending());
    }

    @Test
    void bytesThatAreTakenButNotFlushedAreNoProgress() {
        Conversation talk = node.connect();
        talk.link.flushing(Flushing.ON_DEMAND);
        talk.sendAll(message("taken"));
        talk.connection.close();
        node.pass(STALL.minus(TICK));
        talk.link.flush(1);
        node.pass(STALL.minus(TICK));
        assertFalse(talk.isClosed(), "a flushed byte is progress");

        node.pass(TICK);

        assertEquals(CloseEnding.STALL, talk.report().ending());
        assertEquals(List.of("taken UNCERTAIN"), talk.returned());
    }

    @Test
    void waitingForThePeersEndIsNoStall() {
        Conversation talk = node.connect();
        talk.sendAll(message("a"));
        talk.connection.close();

        node.pass(DEADLINE.minus(TICK));
        talk.peerEnds();

        assertTrue(talk.report().clean());
    }

    @Test
    void aStallBeforeTheCloseDoesNotCount() {
        Conversation talk = node.connect();
        talk.peerTakes(3);
        talk.sendAll(message("half"));
        node.pass(DEADLINE);

        talk.connection.close();
        node.pass(STALL.minus(TICK));

        assertFalse(talk.isClosed());
        node.pass(TICK);
        assertEquals(CloseEnding.STALL, talk.report().ending());
    }

    @Test
    void havingNothingToWriteIsNoStall() {
        node.policy.plans(Admission.KEEP_OPEN, DEADLINE, STALL);
        Conversation talk = node.connect();
        talk.connection.close();
        node.pass(STALL.multipliedBy(2).plus(SECOND));
        assertFalse(talk.isClosed());
        talk.peerTakes(0);
        talk.sendAll(message("late"));

        node.pass(STALL.minus(TICK));
        assertFalse(talk.isClosed(), "the peer has had something to take for less than the stall timeout");
        node.pass(TICK);

        assertEquals(CloseEnding.STALL, talk.report().ending());
    }

    /** Linux tells a writer of room only once a third of the send buffer is free; a slow peer needs long for that. */
    @Test
    void aPeerThatTakesLittleIsNotStalledThoughTheLinkDoesNotTellOfIt() {
        Conversation talk = closingStuck();

        for (int i = 0; i < 10; i++) {
            talk.link.roomUntold(1);
            node.pass(SECOND);
        }
        assertFalse(talk.isClosed());
        node.pass(STALL);

        assertEquals(CloseEnding.STALL, talk.report().ending());
        assertEquals(List.of("queued UNSENT"), talk.returned());
    }

    @Test
    void aPeerThatTakesLittleIsNotStalledBehindALinkThatFlushesLater() {
        Conversation talk = node.connect();
        talk.link.flushing(Flushing.ON_DEMAND);
        talk.sendAll(message("taken"));
        talk.connection.close();

        for (int i = 0; i < 10; i++) {
            talk.link.handsOverWhenAsked(1);
            node.pass(SECOND);
        }
        assertFalse(talk.isClosed());
        node.pass(STALL);

        assertEquals(CloseEnding.STALL, talk.report().ending());
    }

    /** A loop that was busy finds the timer due before its own work, with a part of the frame still to be put. */
    @Test
    void theRestOfALongFrameIsTriedBeforeAPeerIsTakenForStalled() {
        node.policy.decides(snapshot -> CloseDecision.finish());
        Conversation talk = node.connect();
        talk.peerTakes(3);
        talk.sendAll(Message.of(PROTOCOL, 0, new byte[3 << 20]));
        node.run();
        talk.connection.close();
        node.run();

        // Each part takes longer than a turn, so the next one waits behind the busy task.
        talk.link.breaks("write", () -> {
            node.loop.spend(Duration.ofMillis(11));
            return null;
        });
        talk.link.room(FakeLink.UNLIMITED);
        node.loop.execute(() -> node.loop.spend(STALL));
        node.run();
        talk.peerEnds();

        assertEquals(CloseEnding.CLEAN, talk.report().ending());
    }

    @Test
    void aPolicyThatAsksForProgressIsToldOfItThoughTheLinkIsNot() {
        node.policy.decides(snapshot -> snapshot.sinceProgress().compareTo(SECOND) > 0
                ? CloseDecision.finish()
                : CloseDecision.drain(snapshot, Duration.ofMillis(500)));
        Conversation talk = closingStuck();

        for (int i = 0; i < 6; i++) {
            talk.link.roomUntold(1);
            node.pass(Duration.ofMillis(500));
        }

        assertEquals(ConnectionState.DRAINING, talk.connection.state());
    }

    private Conversation closingStuck() {
        Conversation talk = node.connect();
        talk.peerTakes(3);
        talk.sendAll(message("half"), message("queued"));
        node.run();
        talk.connection.close();
        node.run();
        return talk;
    }
}
