/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.ConnectionState;
import io.softclose.net.HandshakeException;
import io.softclose.net.HandshakeException.Failure;
import io.softclose.net.Limits;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.fake.FakeLink;
import io.softclose.net.testkit.fake.FakeLink.EndCall;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who is let in when many come, and some of them say nothing. */
class InboundDoorTest {
    private static final int HANDSHAKES = 8;
    private static final Duration SETTLED = Duration.ofSeconds(1);
    private static final String HERE = "192.0.2.1";
    private static final String ELSEWHERE = "192.0.2.2";

    @RegisterExtension
    final Node node = new Node();

    @Test
    void whoeverSaysNothingTakesNoConnectionsPlace() {
        node.limits(limits -> limits.maxInboundConnections(1));
        node.accept();
        node.accept();

        Conversation open = node.welcome();

        assertEquals(ConnectionState.OPEN, open.connection.state());
        endAll(Failure.LINK_CLOSED, 2);
    }

    @Test
    void aLinkIsTurnedAwayAtOnceWhenAsManyConnectionsAreOpenAsMayBe() {
        node.limits(limits -> limits.maxInboundConnections(1));
        Conversation open = node.welcome();

        assertTurnedAway(node.accept());
        assertRefused(Failure.TOO_MANY_CONNECTIONS, 1);
        open.connection.abort();
        node.run();

        assertEquals(ConnectionState.OPEN, node.welcome().connection.state(), "a closed one makes room");
    }

    @Test
    void whoeverHasShakenHandsWhenTheLastPlaceIsTakenIsRefused() {
        node.limits(limits -> limits.maxInboundConnections(1));
        FakeLink late = node.accept();
        node.welcome();

        late.read(Conversation.HANDSHAKE);
        node.run();

        assertRefused(Failure.TOO_MANY_CONNECTIONS, 1);
        assertTrue(late.isClosed());
        assertFalse(node.events.connected.size() > 1);
    }

    @Test
    void silentLinksOfOneHostKeepNoOtherHostOut() {
        fill(HERE, HANDSHAKES);

        FakeLink newcomer = accept(ELSEWHERE);
        assertRefused(Failure.TIMEOUT, 1);
        assertTrue(node.transport.links().get(0).endCalls().contains(EndCall.ABORT), "its oldest one");
        assertOpens(newcomer);

        endAll(Failure.LINK_CLOSED, HANDSHAKES - 1);
    }

    @Test
    void silentLinksOfAHostKeepItsOwnOthersOutForASecondAtMost() {
        fill(HERE, HANDSHAKES);
        node.pass(SETTLED.minusMillis(1));
        assertTurnedAway(accept(HERE));
        assertRefused(Failure.TOO_MANY_CONNECTIONS, 1);

        node.pass(Duration.ofMillis(1));
        FakeLink newcomer = accept(HERE);
        assertRefused(Failure.TIMEOUT, 1);
        assertOpens(newcomer);

        endAll(Failure.LINK_CLOSED, HANDSHAKES - 1);
    }

    @Test
    void hostsWithinTheirShareHaveASecondToo() {
        fill(HERE, 0);
        for (int host = 1; host <= HANDSHAKES; host++) {
            accept("198.51.100." + host % (HANDSHAKES / 2));
        }

        assertTurnedAway(accept(ELSEWHERE));
        assertRefused(Failure.TOO_MANY_CONNECTIONS, 1);
        node.pass(SETTLED);
        FakeLink newcomer = accept(ELSEWHERE);
        assertRefused(Failure.TIMEOUT, 1);
        assertTrue(node.transport.links().get(0).isClosed(), "the oldest of all");
        assertOpens(newcomer);

        endAll(Failure.LINK_CLOSED, HANDSHAKES - 1);
    }

    @Test
    void aHandshakeThatEndsMakesRoom() {
        fill(HERE, HANDSHAKES);
        node.transport.links().get(3).inputClosed();
        node.run();
        assertRefused(Failure.LINK_CLOSED, 1);

        assertOpens(accept(HERE));
        FakeLink next = accept(HERE);
        assertTrue(next.isOpen(), "a completed one makes room, too");

        endAll(Failure.LINK_CLOSED, HANDSHAKES);
    }

    @Test
    void aNetworkOfInternetProtocol6IsOneHost() {
        fill(HERE, 0);
        for (int i = 1; i <= 3; i++) {
            accept("2001:db8:0:1::" + i);
        }
        for (int i = 4; i <= HANDSHAKES; i++) {
            accept("2001:db8:0:" + i + "::1");
        }

        accept(ELSEWHERE);

        assertRefused(Failure.TIMEOUT, 1);
        assertTrue(node.transport.links().get(0).isClosed());
        endAll(Failure.LINK_CLOSED, HANDSHAKES);
    }

    @Test
    void linksWithoutAnInternetAddressAreOfOneHost() {
        fill(HERE, 0);
        for (int i = 0; i < HANDSHAKES; i++) {
            node.transport.accept(node.listener().localAddress(), UnixDomainSocketAddress.of("client-" + i));
        }
        node.run();

        assertOpens(accept(HERE));

        assertRefused(Failure.TIMEOUT, 1);
        endAll(Failure.LINK_CLOSED, HANDSHAKES - 1);
    }

    @Test
    void moreHandshakesMayBeUnderWayByDefaultIfMoreConnectionsMay() {
        assertEquals(100, Limits.defaults().maxHandshakes());
        assertEquals(100, Limits.builder().maxInboundConnections(3).build().maxHandshakes());
        assertEquals(500, Limits.builder().maxInboundConnections(500).build().maxHandshakes());
        assertEquals(
                7,
                Limits.builder()
                        .maxHandshakes(7)
                        .maxInboundConnections(500)
                        .build()
                        .maxHandshakes());
    }

    @Test
    void whoeverIsTurnedAwayReadsAnEndThoughItHasSaidSomething() {
        node.limits(limits -> limits.maxInboundConnections(1));
        node.welcome();
        FakeLink refused = node.accept();
        refused.read(Conversation.HANDSHAKE);
        node.run();

        assertTrue(refused.peerSawEnd());
        assertFalse(refused.peerSawReset());
        node.pass(Duration.ofSeconds(1));
        assertTrue(refused.isClosed(), "whose peer does not end");

        assertEquals(
                "no room (expected: at most 1 open, see Limits.maxInboundConnections)",
                reasonOf(node.events.takeRefused().get(0)));
    }

    @Test
    void whoeverHasNoPlaceToShakeHandsIsToldOfAnotherSetting() {
        fill(HERE, HANDSHAKES);

        assertTurnedAway(accept(HERE));

        assertEquals(
                "no room (expected: at most 8 handshakes under way, see Limits.maxHandshakes)",
                reasonOf(node.events.takeRefused().get(0)));
        endAll(Failure.LINK_CLOSED, HANDSHAKES);
    }

    @Test
    void ofManyWhoAreTurnedAwayTheLastAreReset() {
        node.limits(limits -> limits.maxInboundConnections(1));
        node.welcome();
        List<FakeLink> refused = new ArrayList<>();
        for (int i = 0; i < 65; i++) {
            refused.add(node.accept());
        }

        assertTrue(refused.get(63).peerSawEnd());
        assertTrue(refused.get(64).endCalls().contains(EndCall.ABORT));
        refused.get(0).inputClosed();
        node.run();
        assertTurnedAway(node.accept());

        assertRefused(Failure.TOO_MANY_CONNECTIONS, 66);
    }

    @Test
    void aShutdownDoesNotWaitForThoseWhoWereTurnedAway() {
        node.limits(limits -> limits.maxInboundConnections(1));
        node.welcome();
        FakeLink refused = node.accept();

        node.network().shutdown();
        node.run();

        assertTrue(refused.isClosed());
        assertRefused(Failure.TOO_MANY_CONNECTIONS, 1);
    }

    @Test
    void whoeverDialsAPeerThatEndsAtOnceIsToldWhatThatUsuallyMeans() {
        for (Consumer<FakeLink> end :
                List.<Consumer<FakeLink>>of(FakeLink::inputClosed, link -> link.fail(new IOException("reset")))) {
            Conversation dialling = node.dial();
            node.run();

            end.accept(dialling.link);
            node.run();

            String told = String.valueOf(
                    Waiting.failure(dialling.connection.opened(), "the dial").getMessage());
            assertTrue(told.contains("usual causes: the peer has no room"), told);
        }
    }

    private static String reasonOf(HandshakeException refused) {
        String message = String.valueOf(refused.getMessage());
        return message.substring(message.indexOf(": ") + 2);
    }

    /** The peer reads an end, and ends the link. */
    private void assertTurnedAway(FakeLink refused) {
        assertTrue(refused.peerSawEnd());
        refused.inputClosed();
        node.run();
        assertTrue(refused.isClosed());
        assertFalse(refused.peerSawReset());
    }

    /** Has this many links come from a host, which say nothing. */
    private void fill(String host, int links) {
        node.limits(limits -> limits.maxHandshakes(HANDSHAKES));
        for (int i = 0; i < links; i++) {
            assertTrue(accept(host).isOpen());
        }
    }

    private FakeLink accept(String host) {
        try {
            FakeLink link = node.transport.accept(
                    node.listener().localAddress(), new InetSocketAddress(InetAddress.getByName(host), 9));
            node.run();
            return link;
        } catch (UnknownHostException e) {
            throw new AssertionError(host, e);
        }
    }

    private void assertOpens(FakeLink link) {
        int before = node.events.connected.size();
        link.read(Conversation.HANDSHAKE);
        node.run();
        assertEquals(before + 1, node.events.connected.size());
    }

    private void assertRefused(Failure failure, int times) {
        List<Failure> refused = new ArrayList<>();
        for (HandshakeException each : node.events.takeRefused()) {
            refused.add(each.failure());
        }
        assertEquals(Collections.nCopies(times, failure), refused);
    }

    /** Ends every handshake that is still under way. */
    private void endAll(Failure failure, int expected) {
        node.transport.links().forEach(FakeLink::inputClosed);
        node.run();
        assertRefused(failure, expected);
    }
}
