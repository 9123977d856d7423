/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.frameSize;
import static io.softclose.net.testkit.engine.Messages.message;
import static io.softclose.net.testkit.engine.Messages.sized;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.spi.CloseDecision;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Messages that nobody wants after a while. */
class TimeToLiveTest {
    private static final Duration TTL = Duration.ofSeconds(1);
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
    void whatHasExpiredIsNotSaidToBeUnsent() {
        node.policy.decides(snapshot -> CloseDecision.finish());
        Message first = message("first");
        Conversation talk = node.connect();
        talk.peerTakes(frameSize(first));
        talk.sendAll(first, mortal, message("queued"));
        node.pass(TTL);

        talk.connection.close();
        node.run();
        talk.peerEnds();

        assertEquals(List.of("mortal EXPIRED", "queued UNSENT"), talk.returned());
    }
}
