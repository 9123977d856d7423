/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.Connection;
import io.softclose.net.ConnectionState;
import io.softclose.net.HandshakeException;
import io.softclose.net.HandshakeException.Failure;
import io.softclose.net.Limits;
import io.softclose.net.Network;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.NetworkException;
import io.softclose.net.PeerId;
import io.softclose.net.ProtocolId;
import io.softclose.net.testkit.fake.FakeLink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A network's settings, its listeners, and the connections it hands out. */
class NetworkTest {
    @RegisterExtension
    final Node node = new Node();

    @Test
    void connectionsAreThoseOpenClosingAndDialledInOrderOfTheirIds() {
        Conversation open = node.connect();
        Conversation closing = node.connect();
        closing.connection.close();
        node.run();
        Conversation accepted = node.welcome();
        node.transport.dialsHang();
        Conversation dialling = node.dial();

        List<Connection> connections = node.network().connections();

        assertEquals(
                List.of(open.connection, closing.connection, accepted.connection, dialling.connection), connections);
        assertEquals(connections.stream().map(Connection::id).sorted().toList(), ids(connections));
        closing.peerEnds();
        dialling.connection.close();
        node.run();
        assertEquals(
                List.of(open.connection, accepted.connection), node.network().connections());
        assertEquals(4, connections.size(), "a moment's view");
    }

    @Test
    void aPeerThatDialsIsNoConnectionUnlessItsHandshakeFits() {
        FakeLink link = node.accept();
        assertEquals(List.of(), node.network().connections());
        List<List<Connection>> seen = new ArrayList<>();

        link.read((byte) 0, (byte) 0);
        node.loop.execute(() -> seen.add(node.network().connections()));
        node.run();

        assertEquals(Failure.MALFORMED, onlyRefusal().failure());
        assertEquals(List.of(List.of()), seen, "once refused, before the link is gone");
    }

    @Test
    void aClosedListenerAcceptsNobodyAndItsConnectionsLiveOn() {
        Conversation talk = node.welcome();

        node.listener().close();
        node.listener().close();

        assertEquals(List.of(), node.transport.listening());
        talk.peerSendsMessage("still here");
        assertEquals(List.of("still here"), node.handled);
    }

    @Test
    void dialledConnectionsAreNotLimited() {
        node.limits(limits -> limits.maxInboundConnections(1));

        node.welcome();
        node.connect();
        Conversation third = node.connect();

        assertEquals(ConnectionState.OPEN, third.connection.state());
    }

    @Test
    void networksMayShareATransport() {
        Conversation mine = node.connect();
        Network other = complete(Network.builder()).plaintext().build();
        Connection theirs = other.dial(Node.REMOTE);
        node.run();

        other.shutdown(Duration.ZERO);
        node.run();

        assertEquals(ConnectionState.CLOSED, theirs.state());
        assertEquals(ConnectionState.OPEN, mine.connection.state());
    }

    @Test
    void aNodeWithoutAnIdentityGetsARandomOne() {
        assertNotEquals(
                complete(Network.builder()).build().peerId(),
                complete(Network.builder()).build().peerId());
        PeerId chosen = PeerId.random();
        assertEquals(chosen, complete(Network.builder()).peerId(chosen).build().peerId());
    }

    @Test
    void aNetworkNeedsATransportAPolicyAndAProtocol() {
        NetworkBuilder noTransport = Network.builder().closePolicy(node.policy).support(Messages.PROTOCOL);
        NetworkBuilder noPolicy = Network.builder().transport(node.transport).support(Messages.PROTOCOL);
        NetworkBuilder noProtocol = Network.builder().transport(node.transport).closePolicy(node.policy);

        assertMessage(assertThrows(IllegalStateException.class, noTransport::build), "no transport");
        assertMessage(assertThrows(IllegalStateException.class, noPolicy::build), "no close policy");
        assertMessage(assertThrows(IllegalStateException.class, noProtocol::build), "no protocol");
    }

    @Test
    void anUnknownNameListsWhatWasFound() {
        NetworkBuilder noTransport = complete(Network.builder()).transport("carrier-pigeon");
        NetworkBuilder noPolicy = complete(Network.builder()).closePolicy("slam");

        assertMessage(
                assertThrows(NetworkException.class, noTransport::build),
                "transport: \"carrier-pigeon\" not found (found: [");
        assertMessage(
                assertThrows(NetworkException.class, noPolicy::build), "close policy: \"slam\" not found (found: [");
    }

    @Test
    void settingsAreCheckedWhereTheyAreGiven() {
        NetworkBuilder builder = Network.builder();

        assertMessage(
                assertThrows(IllegalArgumentException.class, () -> builder.chainId(0)),
                "chainId: 0 (expected: 1 to 255)");
        assertMessage(
                assertThrows(IllegalArgumentException.class, () -> builder.chainId(256)),
                "chainId: 256 (expected: 1 to 255)");
        assertMessage(
                assertThrows(IllegalArgumentException.class, () -> builder.support(ProtocolId.UNKNOWN)),
                "protocol: Unknown");
    }

    static Stream<Arguments> wrongLimits() {
        return Stream.of(
                wrong(limits -> limits.maxFrameSize(127), "maxFrameSize: 127 (expected: 128 to 1073741824)"),
                wrong(limits -> limits.maxMessageSize(0), "maxMessageSize: 0 (expected: 1 to 1073741824)"),
                wrong(limits -> limits.maxFragments(256), "maxFragments: 256 (expected: 1 to 255)"),
                wrong(limits -> limits.outboxMessages(-1), "outboxMessages: -1 (expected: 1 to 1048576)"),
                wrong(limits -> limits.outboxBytes(0), "outboxBytes: 0 (expected: 1 to 1099511627776)"),
                wrong(
                        limits -> limits.maxInboundConnections(0),
                        "maxInboundConnections: 0 (expected: 1 to 2147483647)"),
                wrong(limits -> limits.dialTimeout(Duration.ZERO), "dialTimeout: PT0S (expected: > 0)"),
                wrong(
                        limits -> limits.handshakeTimeout(Duration.ofSeconds(-1)),
                        "handshakeTimeout: PT-1S (expected: > 0)"));
    }

    @ParameterizedTest
    @MethodSource("wrongLimits")
    void aWrongLimitIsNamedWithWhatIsExpected(UnaryOperator<Limits.Builder> wrong, String message) {
        Limits.Builder limits = wrong.apply(Limits.builder());

        assertMessage(assertThrows(IllegalArgumentException.class, limits::build), message);
    }

    private NetworkBuilder complete(NetworkBuilder builder) {
        return builder.transport(node.transport).closePolicy(node.policy).support(Messages.PROTOCOL);
    }

    private HandshakeException onlyRefusal() {
        List<HandshakeException> refused = node.events.takeRefused();
        assertEquals(1, refused.size(), refused::toString);
        return refused.get(0);
    }

    private static Arguments wrong(UnaryOperator<Limits.Builder> limits, String message) {
        return Arguments.of(limits, message);
    }

    private static List<Long> ids(List<Connection> connections) {
        return connections.stream().map(Connection::id).toList();
    }

    private static void assertMessage(Throwable thrown, String expected) {
        assertTrue(String.valueOf(thrown.getMessage()).startsWith(expected), thrown::toString);
    }
}
