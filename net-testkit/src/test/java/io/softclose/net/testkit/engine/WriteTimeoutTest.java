/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.softclose.net.CloseEnding;
import io.softclose.net.Connection.Reading;
import io.softclose.net.ConnectionState;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Reply;
import io.softclose.net.spi.ClosePlan.Admission;
import io.softclose.net.testkit.fake.FakeLink.EndCall;
import io.softclose.net.testkit.wire.WireFrame.RpcRequest;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A peer of an open connection that takes nothing of what waits for it. */
class WriteTimeoutTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    @RegisterExtension
    final Node node = new Node();

    @Test
    void endsTheConnectionAndSaysSo() {
        Conversation talk = connect();
        talk.peerTakes(3);
        talk.sendAll(message("half"), message("queued"));
        node.run();

        node.pass(TIMEOUT.minusNanos(1));
        assertEquals(ConnectionState.OPEN, talk.connection.state());
        node.pass(Duration.ofNanos(1));

        assertEquals(List.of(TIMEOUT), node.events.takeStalls());
        assertEquals(DisconnectReason.INPUT_OUTPUT_ERROR, talk.report().reason());
        assertEquals(CloseEnding.ERROR, talk.report().ending());
        assertInstanceOf(SocketTimeoutException.class, talk.report().error().orElseThrow());
        assertEquals(List.of("half UNSENT", "queued UNSENT"), talk.returned());
        assertEquals(List.of(EndCall.LINGER), talk.link.endCalls());
    }

    @Test
    void handsOnWhatHasArrivedAsALinkThatFails() {
        HandExecutor executor = new HandExecutor();
        node.settings()
                .handle(Messages.PROTOCOL, (from, message) -> node.handled.add(Messages.labelOf(message)), executor);
        Conversation talk = connect();
        Reply reply = talk.connection.request(message("ask"), TIMEOUT.multipliedBy(9));
        node.run();
        RpcRequest request = Replies.onlyRequest(talk);
        talk.peerSendsMessage("with its handler");
        talk.connection.reading(Reading.PAUSED);
        talk.peerSendsMessage("held");
        RequestTest.answer(talk, request, "yes");
        talk.peerTakes(0);
        talk.sendAll(message("waits"));
        node.run();
        assertEquals("pending", Replies.of(reply));

        node.pass(TIMEOUT);

        assertEquals("answer yes", Replies.of(reply));
        assertEquals(2, talk.report().unhandled());
        executor.runAll();
        assertEquals(List.of("with its handler", "held"), node.handled);
        assertFalse(talk.link.peerSawEnd(), "no end over what was not handled");
        assertEquals(List.of(TIMEOUT), node.events.takeStalls());
    }

    @Test
    void aSlowPeerOfWhichNothingTellsIsNone() {
        Conversation talk = connect();
        talk.peerTakes(3);
        talk.sendAll(message("a"), message("b"));
        node.run();

        for (int i = 0; i < 5; i++) {
            node.pass(TIMEOUT.minusSeconds(1));
            talk.link.roomUntold(1);
        }

        assertEquals(ConnectionState.OPEN, talk.connection.state());
    }

    /** What the application does after the last attempt may take as long as the timeout, and the peer goes on meanwhile. */
    @Test
    void aPeerIsNotTakenForStuckBecauseThisEndWasBusy() {
        node.limits(limits -> limits.writeTimeout(TIMEOUT).outboxMessages(2));
        Conversation talk = node.connect();
        talk.peerTakes(3);
        talk.sendAll(message("half"), message("mortal").withTimeToLive(TIMEOUT.dividedBy(2)));
        node.run();
        talk.connection.onRoom(message("next"), () -> {
            talk.link.roomUntold(1);
            node.loop.spend(TIMEOUT);
        });

        node.pass(TIMEOUT.minusSeconds(1));
        node.run();

        assertEquals(List.of(), node.events.takeStalls());
        assertEquals(ConnectionState.OPEN, talk.connection.state());
        node.pass(TIMEOUT);
        assertEquals(1, node.events.takeStalls().size());
    }

    @Test
    void nothingThatWaitsMakesNoneOfAPeer() {
        Conversation talk = connect();
        talk.sendAll(message("a"));

        node.pass(TIMEOUT.multipliedBy(3));

        assertEquals(ConnectionState.OPEN, talk.connection.state());
        assertEquals(0, node.loop.pendingTimers());
    }

    @Test
    void aPeerThatGoesOnInTimeHasAllOfItAgain() {
        Conversation talk = connect();
        talk.peerTakes(3);
        talk.sendAll(message("a"), message("b"));
        node.pass(TIMEOUT.minusSeconds(1));
        talk.peerTakes(1);

        node.pass(TIMEOUT.minusSeconds(1));
        assertEquals(ConnectionState.OPEN, talk.connection.state());
        talk.peerTakes(Long.MAX_VALUE);

        assertEquals(List.of("a", "b"), talk.received());
    }

    @Test
    void thereIsNoneUnlessItIsSet() {
        Conversation talk = node.connect();
        talk.peerTakes(0);
        talk.sendAll(message("a"));
        node.run();

        assertEquals(0, node.loop.pendingTimers());
        node.pass(Duration.ofDays(30));
        assertEquals(ConnectionState.OPEN, talk.connection.state());
    }

    @Test
    void aCloseHasItsOwnTimes() {
        node.policy.plans(Admission.SEAL, TIMEOUT.multipliedBy(3), TIMEOUT.multipliedBy(2));
        Conversation talk = connect();
        talk.peerTakes(0);
        talk.sendAll(message("a"));
        node.run();

        talk.connection.close();
        node.pass(TIMEOUT.multipliedBy(2).minusNanos(1));
        assertEquals(ConnectionState.DRAINING, talk.connection.state());
        node.pass(TIMEOUT);

        assertEquals(CloseEnding.STALL, talk.report().ending());
    }

    private Conversation connect() {
        return node.limits(limits -> limits.writeTimeout(TIMEOUT)).connect();
    }
}
