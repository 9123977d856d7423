/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.frameSize;
import static io.softclose.net.testkit.engine.Messages.inLane;
import static io.softclose.net.testkit.engine.Messages.message;
import static io.softclose.net.testkit.engine.Messages.sized;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softclose.net.DisconnectReason;
import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.SendResult;
import io.softclose.net.spi.CloseDecision;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Messages that nobody wants after a while. */
class TimeToLiveTest {
    private static final Duration TTL = Duration.ofSeconds(1);
    /** How long after its time to live a message has its outcome. */
    private static final Duration AT_MOST_LATE = Duration.ofMillis(100);

    private static final long ALL = Long.MAX_VALUE;

    @RegisterExtension
    final Node node = new Node();

    private final Message mortal = message("mortal").withTimeToLive(TTL);

    @Test
    void aMessageThatGoesInTimeIsWritten() {
        Conversation talk = node.connect();
        talk.peerTakes(0);
        talk.sendAll(mortal);

        node.pass(TTL.minusNanos(1));
        talk.peerTakes(ALL);

        assertEquals(List.of("mortal"), talk.received());
    }

    @Test
    void aMessageOfWhichNoByteHasLeftInTimeExpires() {
        Conversation talk = node.connect();
        talk.peerTakes(0);
        talk.sendAll(message("first"), mortal, message("last"));

        node.pass(TTL);
        talk.peerTakes(ALL);

        assertEquals(List.of(Outcome.EXPIRED), talk.outcomes.of(mortal));
        assertEquals(List.of("first", "last"), talk.received());
    }

    @Test
    void aMessageBehindAHalfWrittenOneExpires() {
        Conversation talk = node.connect();
        talk.peerTakes(1);
        talk.sendAll(message("first"), mortal, message("last"));

        node.pass(TTL);
        talk.peerTakes(ALL);

        assertEquals(List.of(Outcome.EXPIRED), talk.outcomes.of(mortal));
        assertEquals(List.of("first", "last"), talk.received());
    }

    @Test
    void aMessageThatHasStartedDoesNotExpire() {
        Conversation talk = node.connect();
        talk.peerTakes(1);
        talk.sendAll(mortal);

        node.pass(TTL.multipliedBy(2));
        talk.peerTakes(ALL);

        assertEquals(List.of("mortal"), talk.received());
    }

    @Test
    void aLargeMessageThatHasStartedDoesNotExpire() {
        node.limits(limits -> limits.maxFrameSize(128));
        Conversation talk = node.connect();
        talk.peerTakes(1);
        talk.sendAll(sized("large", 640).withTimeToLive(TTL));

        node.pass(TTL.multipliedBy(2));
        talk.peerTakes(ALL);

        assertEquals(List.of("large"), talk.received());
    }

    @Test
    void aLargeMessageOfWhichNoByteHasLeftInTimeExpires() {
        node.limits(limits -> limits.maxFrameSize(128));
        Message large = sized("large", 640).withTimeToLive(TTL);
        Conversation talk = node.connect();
        talk.peerTakes(0);
        talk.sendAll(message("first"), large, sized("other", 640));

        node.pass(TTL);
        talk.peerTakes(ALL);

        assertEquals(List.of(Outcome.EXPIRED), talk.outcomes.of(large));
        assertEquals(List.of("first", "other"), talk.received());
    }

    @Test
    void theTimeToLiveStartsWithTheAcceptance() {
        Conversation talk = node.connect();
        node.pass(TTL.multipliedBy(3));

        talk.sendAll(mortal);
        node.run();

        assertEquals(List.of("mortal"), talk.received());
    }

    @Test
    void whatExpiresDuringTheCloseIsReturned() {
        Conversation talk = node.connect();
        talk.peerTakes(1);
        talk.sendAll(message("first"), mortal);
        node.run();
        talk.connection.close();

        node.pass(TTL);
        talk.peerTakes(ALL);
        talk.peerEnds();

        assertEquals(List.of("mortal EXPIRED"), talk.returned());
    }

    @Test
    void whatExpiredBeforeTheCloseIsNotReturned() {
        Conversation talk = node.connect();
        talk.peerTakes(0);
        talk.sendAll(mortal);
        node.pass(TTL);
        talk.peerTakes(ALL);

        talk.connection.close();
        node.run();
        talk.peerEnds();

        assertEquals(1, talk.report().account().count(Outcome.EXPIRED));
        assertEquals(List.of(), talk.returned());
    }

    @Test
    void behindAStuckPeerItExpiresInTime() {
        Conversation talk = node.connect();
        talk.peerTakes(1);
        talk.sendAll(message("first"), mortal, message("last"));

        node.pass(TTL.plus(AT_MOST_LATE));

        assertEquals(List.of(Outcome.EXPIRED), talk.outcomes.of(mortal));
        assertEquals(1, talk.outcomes.count());
        talk.peerTakes(ALL);
        assertEquals(List.of("first", "last"), talk.received());
    }

    @Test
    void oneWhosePeerGoesOnBeforeAnybodyLookedIsNotSent() {
        Conversation talk = node.connect();
        talk.peerTakes(1);
        // The engine looks after 1000 ms and 1050 ms, and in between the peer takes more.
        talk.sendAll(message("first"), message("mortal").withTimeToLive(TTL.plusMillis(10)));
        node.pass(TTL.plusMillis(20));

        talk.peerTakes(ALL);

        assertEquals(List.of("first"), talk.received());
    }

    @Test
    void oneThatIsSentToAStuckPeerExpiresInTime() {
        Conversation talk = stuck();

        talk.sendAll(message("a"), mortal, message("b"));
        node.pass(TTL.plus(AT_MOST_LATE));

        assertEquals(List.of(Outcome.EXPIRED), talk.outcomes.of(mortal));
        assertEquals(1, talk.outcomes.count());
        talk.peerTakes(ALL);
        assertEquals(List.of("long", "a", "b"), talk.received());
    }

    @Test
    void thoseThatAreSentOneByOneExpireOneByOne() {
        Conversation talk = stuck();
        Message[] messages = new Message[20];
        for (int i = 0; i < messages.length; i++) {
            messages[i] = i % 3 == 0 ? message("m" + i) : message("m" + i).withTimeToLive(TTL.plusMillis(7L * i));
            talk.sendAll(messages[i]);
            node.pass(Duration.ofMillis(13));
        }

        node.pass(TTL.dividedBy(2));
        assertEquals(0, talk.outcomes.count());
        node.pass(TTL);

        talk.peerTakes(ALL);
        assertEquals(List.of("long", "m0", "m3", "m6", "m9", "m12", "m15", "m18"), talk.received());
    }

    @Test
    void aLargeOneThatWaitsForAStuckPeerExpiresInTime() {
        node.limits(limits -> limits.maxFrameSize(128));
        Message large = sized("large", 640).withTimeToLive(TTL);
        Conversation talk = node.connect();
        talk.peerTakes(1);
        talk.sendAll(sized("first", 640));
        node.run();

        talk.sendAll(large, sized("other", 640));
        node.pass(TTL.plus(AT_MOST_LATE));

        assertEquals(List.of(Outcome.EXPIRED), talk.outcomes.of(large));
        talk.peerTakes(ALL);
        assertEquals(List.of("first", "other"), talk.received());
    }

    @Test
    void everyLaneIsLookedAt() {
        node.policy.lanes("urgent", "bulk");
        Message urgent = inLane(0, "urgent").withTimeToLive(TTL);
        Message bulk = inLane(1, "bulk").withTimeToLive(TTL.multipliedBy(2));
        Conversation talk = stuck();

        talk.sendAll(bulk, urgent);
        node.pass(TTL.plus(AT_MOST_LATE));
        assertEquals(List.of(), talk.outcomes.of(bulk));
        node.pass(TTL);

        assertEquals(List.of(Outcome.EXPIRED), talk.outcomes.of(urgent));
        assertEquals(List.of(Outcome.EXPIRED), talk.outcomes.of(bulk));
    }

    /** Nothing is written meanwhile, and nothing is blocked. */
    @Test
    void oneInALaneThatACloseDoesNotDrainExpiresInTime() {
        node.policy
                .lanes("first", "second")
                .decides(snapshot -> new CloseDecision.Drain(List.of(1), Duration.ofMinutes(1)));
        Message kept = inLane(0, "kept").withTimeToLive(TTL);
        Conversation talk = node.connect();
        talk.peerTakes(0);
        talk.sendAll(kept);
        talk.connection.close(DisconnectReason.STALE_CONNECTION, Duration.ofMinutes(10));
        node.run();
        talk.peerTakes(ALL);

        node.pass(TTL.plus(AT_MOST_LATE));

        assertEquals(List.of(Outcome.EXPIRED), talk.outcomes.of(kept));
    }

    @Test
    void itsRoomIsGivenBackAndTold() {
        node.limits(limits -> limits.outboxMessages(2));
        Conversation talk = node.connect();
        talk.peerTakes(0);
        talk.sendAll(mortal, message("a").withTimeToLive(TTL));
        node.run();
        assertEquals(SendResult.OUTBOX_FULL, talk.send(message("b")));
        talk.connection.onRoom(message("b"), () -> talk.sendAll(message("b")));

        node.pass(TTL.plus(AT_MOST_LATE));
        talk.peerTakes(ALL);

        assertEquals(List.of("b"), talk.received());
    }

    @Test
    void nothingIsTimedForMessagesThatNeverExpire() {
        Conversation talk = stuck();
        talk.sendAll(message("a"));
        node.run();

        assertEquals(0, node.loop.pendingTimers());
    }

    @Test
    void nothingIsTimedOnceTheLastHasExpired() {
        Conversation talk = stuck();
        talk.sendAll(message("a"), mortal);

        node.pass(TTL.plus(AT_MOST_LATE).plus(AT_MOST_LATE));

        assertEquals(0, node.loop.pendingTimers());
    }

    @Test
    void whatHasExpiredIsNotSaidToBeUnsent() {
        node.policy.decides(snapshot -> CloseDecision.finish());
        Message first = message("first");
        Conversation talk = node.connect();
        talk.peerTakes(frameSize(first));
        // The engine looks after 1000 ms and 1050 ms, and in between the close begins.
        talk.sendAll(first, message("mortal").withTimeToLive(TTL.plusMillis(10)), message("queued"));
        node.pass(TTL.plusMillis(20));

        talk.connection.close();
        node.run();
        talk.peerEnds();

        assertEquals(List.of("mortal EXPIRED", "queued UNSENT"), talk.returned());
    }

    /** A connection whose peer has taken a byte of a message that is longer than a batch. */
    private Conversation stuck() {
        Conversation talk = node.connect();
        talk.peerTakes(1);
        talk.sendAll(sized("long", 300_000));
        node.run();
        return talk;
    }
}
