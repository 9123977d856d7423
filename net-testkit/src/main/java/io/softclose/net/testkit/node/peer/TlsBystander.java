/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.node.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softclose.net.Connection;
import io.softclose.net.HandshakeException;
import io.softclose.net.NetworkEvents;
import io.softclose.net.PeerId;
import io.softclose.net.SendResult;
import io.softclose.net.spi.IdentityExchange;
import io.softclose.net.spi.Transport;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.node.fixture.Node;
import io.softclose.net.testkit.node.fixture.Nodes;
import io.softclose.net.testkit.node.fixture.Numbered;
import io.softclose.net.tls.TlsIdentity;
import io.softclose.net.tls.TlsSettings;
import io.softclose.net.tls.TlsTransport;
import io.softclose.net.tls.TrustedPeers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * A node over mutual TLS with a connection that nobody harms, while strangers do their worst to the node: in the end it still
 * carries messages in both directions, and another trusted peer gets in within the time that its own handshake may take.
 */
public final class TlsBystander implements AutoCloseable {
    static final TlsIdentity OWN = TlsIdentity.fresh();
    public static final HostileIdentity FRIEND = HostileIdentity.fresh();
    private static final TlsIdentity NEIGHBOUR = TlsIdentity.fresh();
    private static final TlsIdentity NEWCOMER = TlsIdentity.fresh();
    private static final TlsIdentity GUEST = TlsIdentity.fresh();
    private static final int SIZE = 4 * 1024;

    /** Where the strangers come. */
    public final Node node;

    public final InetSocketAddress address;

    private final Nodes nodes;
    private final TrustedPeers trusted =
            TrustedPeers.of(OWN.peerId(), FRIEND.peerId(), NEIGHBOUR.peerId(), NEWCOMER.peerId(), GUEST.peerId());
    private final Node neighbour;
    private final Connection dialled;
    private final Connection accepted;

    public TlsBystander(Nodes nodes) throws IOException {
        this(nodes, TlsSettings.DEFAULT_HANDSHAKE_TIMEOUT);
    }

    /**
     * As the other.
     *
     * @param patience how long the node lets a peer shake hands
     */
    public TlsBystander(Nodes nodes, Duration patience) throws IOException {
        this.nodes = nodes;
        node = node(OWN, patience);
        address = node.listen();
        neighbour = node(NEIGHBOUR, TlsSettings.DEFAULT_HANDSHAKE_TIMEOUT);
        dialled = Waiting.await(neighbour.network().dial(OWN.peerId(), address).opened(), "the connection");
        accepted = node.nextConnection();
    }

    private Node node(TlsIdentity identity, Duration patience) {
        Transport below = nodes.transport();
        TlsSettings settings = TlsSettings.builder(trusted)
                .identity(identity)
                .handshakeTimeout(patience)
                .build();
        return nodes.node(
                below,
                builder -> builder.peerId(identity.peerId())
                        .transport(() -> TlsTransport.over(below, settings))
                        .addEvents(trusted.closingRemoved(new NetworkEvents() {}))
                        .identityExchange(IdentityExchange.proven()));
    }

    /** Why the node did not let the next stranger in. */
    public HandshakeException nextRefusal() {
        return Waiting.next(node.refused, "the refusal");
    }

    /** Has the node dial. */
    public CompletionStage<Connection> dial(PeerId expected, SocketAddress remote) {
        return node.network().dial(expected, remote).opened();
    }

    /** Why the node will have nothing to do with who is there. */
    public HandshakeException refusalOfDialling(PeerId expected, SocketAddress remote) {
        Throwable failure = Waiting.failure(dial(expected, remote), "the dial");
        if (failure instanceof HandshakeException refusal) {
            return refusal;
        }
        throw new AssertionError("the dial: no refusal", failure);
    }

    /** One more trusted peer, which is not in yet. */
    public Node guest() {
        return node(GUEST, TlsSettings.DEFAULT_HANDSHAKE_TIMEOUT);
    }

    /** From now on nobody trusts the {@link #guest}. */
    public void trustsTheGuestNoMore() {
        trusted.remove(GUEST.peerId());
    }

    /** Has messages go both ways over the connection that nobody harms, numbered from 0 on. */
    public void startsToConverse(int messages) {
        Numbered.sendAll(dialled, messages, SIZE);
        Numbered.sendAll(accepted, messages, SIZE);
    }

    /** All of that arrives, in its order and with nothing in between. */
    public void hasConversed(int messages) {
        for (int number = 0; number < messages; number++) {
            assertEquals(number, Numbered.numberOf(neighbour.nextMessage()));
            assertEquals(number, Numbered.numberOf(node.nextMessage()));
        }
    }

    /** One that nobody expected, within the time that its own handshake may take. */
    public void letsATrustedPeerIn() {
        Node newcomer = node(NEWCOMER, TlsSettings.DEFAULT_HANDSHAKE_TIMEOUT);
        Connection late = newcomer.network().dial(OWN.peerId(), address);
        Waiting.await(late.opened(), "a trusted peer's connection");
        assertEquals(Optional.of(OWN.peerId()), late.provenPeer());
    }

    @Override
    public void close() {
        letsATrustedPeerIn();
        assertEquals(SendResult.ACCEPTED, accepted.send(Numbered.message(-1, SIZE)));
        assertEquals(-1, Numbered.numberOf(neighbour.nextMessage()));
        assertEquals(SendResult.ACCEPTED, dialled.send(Numbered.message(-2, SIZE)));
        assertEquals(-2, Numbered.numberOf(node.nextMessage()));
    }
}
