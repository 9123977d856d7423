/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.connection;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Connection.Direction;
import io.softclose.net.ConnectionState;
import io.softclose.net.PeerId;
import io.softclose.net.ProtocolId;
import io.softclose.net.engine.OffLoopFuture;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.IdentityExchange.Proof;
import io.softclose.net.wire.PeerText;
import io.softclose.net.wire.ProtocolIdSet;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * What is known of a connection: the loop writes it, and any thread reads it. Both the application's side of the
 * connection and its engine know this class, so the engine need not know the application's side.
 */
final class Published {
    final long id;
    final Direction direction;
    final SocketAddress remote;
    final EventLoop loop;
    final CompletableFuture<Connection> opened = new OffLoopFuture<>();
    final CompletableFuture<CloseReport> closed = new OffLoopFuture<>();
    final StateCell state = new StateCell();

    private volatile Identity peer;
    private volatile ProtocolIdSet protocols = ProtocolIdSet.NONE;
    private volatile boolean forgotten;

    /** Who is at the other end, and whether that is proven. */
    private record Identity(PeerId peer, Proof proof) {}

    /**
     * Of a connection whose link is being established.
     *
     * @param peer as far as it is known, until the handshake is complete
     */
    Published(long id, Direction direction, SocketAddress remote, EventLoop loop, PeerId peer) {
        this.id = id;
        this.direction = direction;
        this.remote = remote;
        this.loop = loop;
        this.peer = new Identity(peer, Proof.NONE);
    }

    PeerId peer() {
        return peer.peer();
    }

    /** Who the peer has proved to be; nobody until the handshake is complete. */
    Optional<PeerId> provenPeer() {
        Identity known = peer;
        return known.proof() == Proof.GIVEN ? Optional.of(known.peer()) : Optional.empty();
    }

    /** What both ends support; empty until the handshake is complete. */
    Set<ProtocolId> protocols() {
        return protocols;
    }

    boolean supports(ProtocolId protocol) {
        return protocols.contains(protocol);
    }

    /** Whether the handshake has ever been complete. */
    boolean identified() {
        return !protocols.isEmpty();
    }

    /** The handshake is complete. Loop only. */
    void identified(PeerId identity, Proof proof, ProtocolIdSet negotiated) {
        peer = new Identity(identity, proof);
        protocols = negotiated;
    }

    /** Its dial was refused, and nobody is to hear of it. Any thread. */
    void forget() {
        forgotten = true;
    }

    boolean isForgotten() {
        return forgotten;
    }

    @Override
    public String toString() {
        ConnectionState now = state.get();
        Identity known = peer;
        String unverified = identified() && known.proof() == Proof.NONE ? ", unverified" : "";
        return "Connection[" + id + ", " + direction + ", " + known.peer().shortText() + " at " + PeerText.of(remote)
                + unverified + ", " + now + "]";
    }
}
