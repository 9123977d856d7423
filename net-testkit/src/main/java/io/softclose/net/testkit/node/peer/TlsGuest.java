/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.node.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.DisconnectReason;
import io.softclose.net.HandshakeException;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.node.fixture.Node;
import io.softclose.net.testkit.node.fixture.Nodes;
import io.softclose.net.testkit.node.fixture.Numbered;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** A trusted peer of a {@link TlsBystander}'s node, with several connections that are busy both ways. */
public final class TlsGuest {
    /** Numbers from here on are of messages to and from it, which the node does not keep. */
    private static final int FIRST_NUMBER = 1_000_000;

    private static final int SIZE = 100;

    private final TlsBystander bystander;
    private final Node node;
    private final List<Nodes.Pair> connections = new ArrayList<>();
    private final List<Talker> talkers = new ArrayList<>();
    private final List<Talker> talkersToIt = new ArrayList<>();

    public TlsGuest(TlsBystander bystander) {
        this.bystander = bystander;
        node = bystander.guest();
        bystander.node.onMessage((connection, message) -> {
            if (Numbered.numberOf(message) < FIRST_NUMBER) {
                bystander.node.keep(message);
            }
        });
    }

    private CompletionStage<Connection> dial() {
        return node.network().dial(TlsBystander.OWN.peerId(), bystander.address).opened();
    }

    public void connects(int times) {
        for (int i = 0; i < times; i++) {
            Connection dialled = Waiting.await(dial(), "the guest's connection");
            connections.add(new Nodes.Pair(dialled, bystander.node.nextConnection()));
        }
    }

    /** Has both ends of each connection send until they are refused for good. */
    public void talksBothWays() {
        for (Nodes.Pair pair : connections) {
            talkers.add(Talker.start(number -> pair.dialled().send(Numbered.message(FIRST_NUMBER + number, SIZE))));
            talkersToIt.add(
                    Talker.start(number -> pair.accepted().send(Numbered.message(FIRST_NUMBER + number, SIZE))));
        }
    }

    /** How the node's ends of its connections ended. */
    public List<CloseReport> reportsOfOurEnds() {
        return connections.stream()
                .map(pair -> Waiting.await(pair.accepted().closed(), "the close"))
                .toList();
    }

    /** Its own ends have ended because the node's had, and all that was sent to it has come. */
    public void assertLostNothing() {
        for (Nodes.Pair pair : connections) {
            CloseReport report = Waiting.await(pair.dialled().closed(), "the guest's end");
            assertEquals(DisconnectReason.CONNECTION_CLOSED, report.reason());
        }
        assertTrue(talkers.stream().allMatch(talker -> talker.awaitEnd() > 0), "the guest talked");
        assertEquals(
                talkersToIt.stream().mapToInt(Talker::awaitEnd).sum(),
                node.takeReceived().size());
    }

    /** It is not let in. If it resumes a session of before, it shows no certificate, and there is no alert for it. */
    public void assertIsRefused() {
        assertInstanceOf(HandshakeException.class, Waiting.failure(dial(), "the guest's dial"));
    }
}
