/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.inLane;
import static io.softclose.net.testkit.engine.Messages.sizedInLane;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.CloseSnapshot;
import io.softclose.net.spi.Lane;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** In which order a close sends what is queued, of which no byte had left when it began. */
class DrainOrderTest {
    private static final long ALL = Long.MAX_VALUE;

    @RegisterExtension
    final Node node = new Node();

    @Test
    void aClosingConnectionGivesWayToNobody() {
        node.policy.lanes(new Lane("urgent", 100, 10_000, 20), new Lane("bulk", 100, 10_000, ALL));
        Conversation talk = closingWith(
                sizedInLane(0, "a1", 10),
                sizedInLane(0, "a2", 10),
                sizedInLane(0, "a3", 10),
                sizedInLane(1, "b1", 10),
                sizedInLane(1, "b2", 10));

        talk.peerTakes(ALL);

        assertEquals(List.of("a1", "a2", "a3", "b1", "b2"), talk.received());
    }

    @Test
    void lanesDrainInTheOrderOfThePolicy() {
        node.policy.lanes("first", "second", "third").decides(snapshot -> drainThenFinish(snapshot, List.of(2, 0, 1)));
        Conversation talk =
                closingWith(inLane(0, "a1"), inLane(1, "b1"), inLane(2, "c1"), inLane(2, "c2"), inLane(0, "a2"));

        talk.peerTakes(ALL);

        assertEquals(List.of("c1", "c2", "a1", "a2", "b1"), talk.received());
    }

    @Test
    void lanesThatThePolicyDoesNotNameWait() {
        node.policy.lanes("first", "second").decides(snapshot -> drainThenFinish(snapshot, List.of(1)));
        Message kept = inLane(0, "a1");
        Conversation talk = closingWith(kept, inLane(1, "b1"), inLane(1, "b2"));

        talk.peerTakes(ALL);
        node.pass(ScriptedPolicy.DEADLINE);

        assertEquals(List.of("b1", "b2"), talk.received());
        assertEquals(List.of(Outcome.UNSENT), talk.outcomes.of(kept));
        assertEquals(List.of("a1 UNSENT"), talk.returned());
    }

    @Test
    void aLaneThatThePolicyNamesLaterGoesLater() {
        node.policy
                .lanes("first", "second")
                .decides(snapshot -> snapshot.elapsed().compareTo(Duration.ofSeconds(2)) < 0
                        ? new CloseDecision.Drain(List.of(1), Duration.ofSeconds(1))
                        : ScriptedPolicy.drainThenFinish(snapshot));
        Conversation talk = closingWith(inLane(0, "a1"), inLane(1, "b1"));

        talk.peerTakes(ALL);
        assertEquals(List.of("b1"), talk.received());
        node.pass(Duration.ofSeconds(2));

        assertEquals(List.of("a1"), talk.received());
    }

    @Test
    void aMessageThatHasStartedIsFinishedThoughItsLaneMustWait() {
        node.policy.lanes("first", "second").decides(snapshot -> drainThenFinish(snapshot, List.of(1)));
        Conversation talk = node.connect();
        talk.peerTakes(1);
        talk.sendAll(inLane(0, "a1"), inLane(0, "a2"), inLane(1, "b1"));
        node.run();

        talk.connection.close();
        talk.peerTakes(ALL);
        node.pass(ScriptedPolicy.DEADLINE);

        assertEquals(List.of("a1", "b1"), talk.received());
        assertEquals(List.of("a2 UNSENT"), talk.returned());
    }

    @Test
    void aLargeMessageThatHasStartedIsFinishedThoughItsLaneMustWait() {
        node.limits(limits -> limits.maxFrameSize(128))
                .policy
                .lanes("first", "second")
                .decides(snapshot -> drainThenFinish(snapshot, List.of(1)));
        Conversation talk = node.connect();
        talk.peerTakes(100);
        talk.sendAll(sizedInLane(0, "large", 640), inLane(1, "b1"));
        node.run();

        talk.connection.close();
        talk.peerTakes(ALL);
        node.pass(ScriptedPolicy.DEADLINE);

        List<String> received = talk.received();
        assertTrue(received.size() == 2 && received.containsAll(List.of("large", "b1")), received::toString);
    }

    @Test
    void aLargeMessageThatHasNotStartedWaitsWithItsLane() {
        node.limits(limits -> limits.maxFrameSize(128))
                .policy
                .lanes("first", "second")
                .decides(snapshot -> drainThenFinish(snapshot, List.of(1)));
        Conversation talk = closingWith(
                sizedInLane(0, "large", 640), inLane(0, "a1"), sizedInLane(1, "other", 640), inLane(1, "b1"));

        talk.peerTakes(ALL);
        node.pass(ScriptedPolicy.DEADLINE);

        List<String> received = talk.received();
        assertTrue(received.size() == 2 && received.containsAll(List.of("other", "b1")), received::toString);
        assertEquals(Set.of("large UNSENT", "a1 UNSENT"), Set.copyOf(talk.returned()));
    }

    @Test
    void whatWaitsAgainKeepsItsPlace() {
        node.policy.lanes("first", "second").decides(snapshot -> drainThenFinish(snapshot, List.of(1, 0)));
        Conversation talk = node.connect();
        talk.peerTakes(1);
        talk.sendAll(inLane(0, "a1"), inLane(0, "a2"), inLane(0, "a3"), inLane(1, "b1"), inLane(1, "b2"));
        node.run();
        talk.sendAll(inLane(0, "a4"), inLane(1, "b3"));

        talk.connection.close();
        talk.peerTakes(ALL);

        assertEquals(List.of("a1", "b1", "b2", "b3", "a2", "a3", "a4"), talk.received());
    }

    @Test
    void largeMessagesThatWaitAgainKeepTheirPlace() {
        node.limits(limits -> limits.maxFrameSize(128))
                .policy
                .lanes("first", "second")
                .decides(snapshot -> drainThenFinish(snapshot, List.of(1, 0)));
        Conversation talk = node.connect();
        talk.peerTakes(1);
        talk.sendAll(sizedInLane(0, "l1", 200), sizedInLane(0, "l2", 200), sizedInLane(0, "l3", 200), inLane(1, "b1"));
        node.run();

        talk.connection.close();
        talk.peerTakes(ALL);

        List<String> received = talk.received();
        assertEquals(4, received.size(), received::toString);
        assertEquals(
                List.of("l1", "l2", "l3"),
                received.stream().filter(label -> label.startsWith("l")).toList());
        assertTrue(received.indexOf("b1") <= 1, received::toString);
    }

    /** A connection with these messages queued, of which the peer takes none yet, that has begun to close. */
    private Conversation closingWith(Message... messages) {
        Conversation talk = node.connect();
        talk.peerTakes(0);
        talk.sendAll(messages);
        node.run();
        talk.connection.close();
        node.run();
        return talk;
    }

    private static CloseDecision drainThenFinish(CloseSnapshot snapshot, List<Integer> laneOrder) {
        return snapshot.sealed() && snapshot.drained()
                ? CloseDecision.finish()
                : new CloseDecision.Drain(laneOrder, ScriptedPolicy.ASK_AGAIN);
    }
}
