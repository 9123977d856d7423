/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.figures;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Connection.Direction;
import io.softclose.net.DisconnectReason;
import io.softclose.net.HandshakeException;
import io.softclose.net.NetworkEvents;
import io.softclose.net.Peer;
import io.softclose.net.ReturnedMessage;
import java.net.SocketAddress;
import java.time.Duration;

/**
 * Keeps of what a network tells what a run is judged by. It takes all events over, so that what is done to the validators on purpose is
 * not in the log. Thread-safe.
 */
public final class NetworkWitness implements NetworkEvents {
    private final ConnectionLog log;

    /** A witness for any number of networks. */
    public NetworkWitness(ConnectionLog log) {
        this.log = log;
    }

    @Override
    public void connected(Connection connection) {
        // The other end is told, too.
        if (connection.direction() == Direction.OUTBOUND) {
            log.opened();
        }
    }

    @Override
    public void disconnected(Connection connection, CloseReport report) {
        boolean neverOpen =
                report.reason() == DisconnectReason.DIAL_FAILED || report.reason() == DisconnectReason.HANDSHAKE_FAILED;
        if (!neverOpen) {
            log.closed(report.reason());
        }
        if (!report.account().balanced()) {
            log.fault("a connection's account does not balance: " + report);
        }
    }

    @Override
    public void callbackFailed(Connection connection, String callback, Throwable failure) {
        log.fault(callback + " threw " + failure);
    }

    @Override
    public void protocolViolation(Connection connection, String detail) {
        // A stream of fragments that its sender's policy threw away is cut off, and the peer says so.
    }

    @Override
    public void inboundRefused(SocketAddress remote, HandshakeException cause) {
        // Who was removed from the set tries, and dials end when connections are reset.
    }

    @Override
    public void returned(Peer peer, ReturnedMessage message) {
        // The account has it.
    }

    @Override
    public void shuttingDown(Duration timeLeft) {
        // The run is over, or a validator is killed.
    }
}
