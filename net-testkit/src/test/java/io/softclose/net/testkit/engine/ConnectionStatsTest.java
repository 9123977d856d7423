/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.message;
import static io.softclose.net.testkit.engine.Messages.sized;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.Connection.Reading;
import io.softclose.net.ConnectionStats;
import io.softclose.net.ConnectionStats.Flow;
import io.softclose.net.ConnectionStats.Waiting;
import io.softclose.net.Outcome;
import io.softclose.net.RequestAccount;
import io.softclose.net.testkit.wire.WireBytes;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a connection says of itself while it lives. */
class ConnectionStatsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @RegisterExtension
    final Node node = new Node();

    @Test
    void whatComesIsCountedInBytesAndWholeFrames() {
        Conversation talk = node.connect();
        byte[] frame = Conversation.frameOf("whole");
        assertEquals(
                new Flow(Conversation.HANDSHAKE.length, 0),
                talk.connection.stats().received());

        talk.peerSends(frame);
        talk.peerSends(Arrays.copyOf(frame, 5));

        long bytes = Conversation.HANDSHAKE.length + frame.length + 5L;
        assertEquals(new Flow(bytes, 1), talk.connection.stats().received());
    }

    @Test
    void whatGoesIsCountedOnceTheOperatingSystemHasIt() {
        node.limits(limits -> limits.maxFrameSize(164));
        Conversation talk = node.connect();
        Flow before = talk.connection.stats().sent();
        assertEquals(0, before.frames());
        int frame = Conversation.frameOf("whole").length;
        talk.peerTakes(frame + 1);

        talk.sendAll(message("whole"));
        node.run();
        talk.sendAll(sized("in three pieces", 250));
        node.run();
        assertEquals(
                new Flow(before.bytes() + frame + 1, 1), talk.connection.stats().sent());
        talk.peerTakes(10_000);

        assertEquals(4, talk.connection.stats().sent().frames());
        assertEquals(2, talk.connection.stats().account().count(Outcome.WRITTEN));
    }

    @Test
    void whatWaitsIsCountedFromItsAcceptanceToItsOutcome() {
        Conversation talk = node.connect();
        talk.peerTakes(3);
        talk.sendAll(message("four"), message("five!"));

        assertEquals(2, talk.connection.stats().waitingMessages());
        assertEquals(9, talk.connection.stats().waitingBytes());
        node.run();
        assertEquals(9, talk.connection.stats().waitingBytes());
        talk.peerTakes(10_000);

        assertEquals(0, talk.connection.stats().waitingMessages());
        assertEquals(0, talk.connection.stats().waitingBytes());
    }

    @Test
    void whatWaitsIsKnownOfEachLane() {
        node.policy.lanes("urgent", "other");
        Conversation talk = node.connect();
        talk.peerTakes(3);
        talk.sendAll(Messages.inLane(0, "four"), Messages.inLane(1, "five!"), Messages.inLane(1, "six"));

        assertEquals(
                List.of(new Waiting("urgent", 1, 4), new Waiting("other", 2, 8)),
                talk.connection.stats().waiting());
    }

    @Test
    void aPeerIsHeardWhenBytesCome() {
        Conversation talk = node.connect();
        node.pass(SECOND);
        assertEquals(SECOND, talk.connection.stats().lastHeard());

        talk.peerSends(Conversation.frameOf("a")[0]);
        assertEquals(Duration.ZERO, talk.connection.stats().lastHeard());
        node.pass(SECOND.multipliedBy(2));

        assertEquals(SECOND.multipliedBy(2), talk.connection.stats().lastHeard());
    }

    @Test
    void aPeerThatTakesNothingIsStalledUntilItTakesSome() {
        Conversation talk = node.connect();
        talk.peerTakes(3);
        talk.sendAll(message("waits"));
        node.pass(SECOND.multipliedBy(5));
        assertEquals(SECOND.multipliedBy(5), talk.connection.stats().stalled());
        assertEquals(SECOND.multipliedBy(5), talk.connection.stats().blocked());

        talk.peerTakes(1);
        assertEquals(Duration.ZERO, talk.connection.stats().stalled());
        node.pass(SECOND);
        assertEquals(SECOND, talk.connection.stats().stalled());
        assertEquals(SECOND.multipliedBy(6), talk.connection.stats().blocked());
        talk.peerTakes(10_000);
        node.pass(SECOND);

        assertEquals(Duration.ZERO, talk.connection.stats().stalled());
        assertEquals(SECOND.multipliedBy(6), talk.connection.stats().blocked());
    }

    /** Linux tells of room only when there is much of it, so a slow peer would look like one that takes nothing. */
    @Test
    void aSecondLookTellsOfRoomThatNoEventTold() {
        Conversation talk = node.connect();
        talk.peerTakes(3);
        talk.sendAll(message("waits"));
        node.pass(SECOND);
        talk.link.roomUntold(1);
        node.pass(SECOND);

        assertEquals(SECOND.multipliedBy(2), talk.connection.stats().stalled());
        node.run();
        ConnectionStats second = talk.connection.stats();

        assertEquals(Duration.ZERO, second.stalled());
        assertEquals(Duration.ZERO, second.lastProgress());
    }

    @Test
    void onlyWhatHadToWaitIsProgressOfThePeers() {
        Conversation talk = node.connect();
        node.pass(SECOND);
        talk.sendAll(message("finds room at once"));
        node.run();
        assertEquals(SECOND, talk.connection.stats().lastProgress());

        talk.peerTakes(0);
        talk.sendAll(message("waits"));
        node.pass(Duration.ofMillis(10));
        talk.peerTakes(1);

        assertEquals(Duration.ZERO, talk.connection.stats().lastProgress());
    }

    @Test
    void aPausedConnectionSaysThatItDoesNotRead() {
        Conversation talk = node.connect();
        assertTrue(talk.connection.stats().reading());

        talk.connection.reading(Reading.PAUSED);
        assertFalse(talk.connection.stats().reading());
        talk.connection.reading(Reading.RESUMED);

        assertTrue(talk.connection.stats().reading());
    }

    @Test
    void whatBecameOfRequestsIsKnownWhileTheConnectionIsOpen() {
        node.settings().answer(Messages.PROTOCOL, (connection, request) -> request);
        Conversation talk = node.connect();

        talk.peerSends(WireBytes.rpcRequest(Messages.PROTOCOL.id(), 1, 0, new byte[3]));
        var unused = talk.connection.request(message("b"), SECOND);
        node.pass(SECOND);

        RequestAccount requests = talk.connection.stats().requests();
        assertEquals(1, requests.received().answered());
        assertEquals(1, requests.made().timedOut());
    }

    @Test
    void whoIsToldOfTheEndSeesTheLastFigures() {
        List<ConnectionStats> told = new ArrayList<>();
        Conversation talk = node.connect();
        talk.peerTakes(0);
        talk.sendAll(message("unsent"));
        node.pass(SECOND);
        node.events.whenDisconnected(() -> told.add(talk.connection.stats()));

        talk.link.fail(new IOException("cut"));
        node.run();

        assertEquals(Duration.ZERO, told.get(0).stalled(), "nothing waits any more");
        assertEquals(talk.connection.stats().blocked(), told.get(0).blocked());
        assertEquals(1, told.get(0).account().count(Outcome.UNSENT));
    }

    @Test
    void whoLooksAgainAndAgainKeepsNoTasksWaiting() {
        Conversation talk = node.connect();
        talk.peerTakes(0);
        talk.sendAll(message("waits"));
        node.run();

        for (int i = 0; i < 10; i++) {
            assertEquals(Duration.ZERO, talk.connection.stats().stalled());
        }

        assertEquals(1, node.loop.readyTasks());
    }

    @Test
    void aClosedConnectionKeepsItsFigures() {
        Conversation talk = node.connect();
        talk.peerTakes(0);
        talk.sendAll(message("unsent"));
        node.pass(SECOND);
        talk.connection.abort();
        node.run();
        node.pass(SECOND);

        ConnectionStats last = talk.connection.stats();

        assertEquals(0, last.waitingMessages());
        assertEquals(Duration.ZERO, last.stalled());
        assertEquals(Conversation.HANDSHAKE.length, last.received().bytes());
        assertEquals(1, last.account().count(Outcome.UNSENT));
    }
}
