/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.tls;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.DisconnectReason;
import io.softclose.net.HandshakeException;
import io.softclose.net.NetworkEvents;
import io.softclose.net.Peer;
import io.softclose.net.PeerId;
import io.softclose.net.ProtocolId;
import io.softclose.net.ReturnedMessage;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Closes the connections of peers that are trusted no more, and lets every event pass to another observer. A connection is
 * kept before the trust is asked about it, and the trust changes before the kept ones are looked at: so none slips through.
 */
final class StalePeers implements NetworkEvents {
    private final PeerTrust trust;
    private final NetworkEvents next;
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();

    StalePeers(PeerTrust trust, NetworkEvents next) {
        this.trust = trust;
        this.next = next;
    }

    /** Somebody is trusted no more. */
    void removed(PeerId peer) {
        open.stream().filter(connection -> connection.peer().equals(peer)).forEach(StalePeers::close);
    }

    private static void close(Connection connection) {
        var unused = connection.close(DisconnectReason.STALE_CONNECTION);
    }

    @Override
    public boolean takesLinesOver() {
        return next.takesLinesOver();
    }

    @Override
    public void connected(Connection connection) {
        open.add(connection);
        try {
            next.connected(connection);
        } finally {
            if (connection.provenPeer().filter(trust::trusts).isEmpty()) {
                close(connection);
            }
        }
    }

    @Override
    public void disconnected(Connection connection, CloseReport report) {
        open.remove(connection);
        next.disconnected(connection, report);
    }

    @Override
    public void inboundRefused(SocketAddress remote, HandshakeException cause) {
        next.inboundRefused(remote, cause);
    }

    @Override
    public void protocolViolation(Connection connection, String detail) {
        next.protocolViolation(connection, detail);
    }

    @Override
    public void writeStalled(Connection connection, Duration takenNothingFor) {
        next.writeStalled(connection, takenNothingFor);
    }

    @Override
    public void returned(Peer peer, ReturnedMessage message) {
        next.returned(peer, message);
    }

    @Override
    public void waitedInVain(Peer peer, ReturnedMessage message) {
        next.waitedInVain(peer, message);
    }

    @Override
    public void unhandled(Connection connection, ProtocolId protocol) {
        next.unhandled(connection, protocol);
    }

    @Override
    public void callbackFailed(Connection connection, String callback, Throwable failure) {
        next.callbackFailed(connection, callback, failure);
    }

    @Override
    public void shuttingDown(Duration timeLeft) {
        next.shuttingDown(timeLeft);
    }
}
