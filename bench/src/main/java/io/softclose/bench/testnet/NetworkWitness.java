/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet;

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
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What the networks of one run tell of their connections: it takes all events over, so that what is done to the validators on
 * purpose is not in the log. Thread-safe.
 */
final class NetworkWitness implements NetworkEvents {
    /** So many faults are kept. */
    private static final int MOST_FAULTS = 20;

    // Guarded by this.
    private final Map<DisconnectReason, Long> closes = new EnumMap<>(DisconnectReason.class);
    private final List<String> faults = new ArrayList<>();
    private long dialled;
    private boolean counting;

    /** Counts from now on. */
    synchronized void begin() {
        counting = true;
    }

    /** Counts no more: what comes is the end of the run. Faults are still noted. */
    synchronized void end() {
        counting = false;
    }

    @Override
    public synchronized void connected(Connection connection) {
        // Both ends are here, and are told.
        if (counting && connection.direction() == Direction.OUTBOUND) {
            dialled++;
        }
    }

    @Override
    public synchronized void disconnected(Connection connection, CloseReport report) {
        boolean neverOpen =
                report.reason() == DisconnectReason.DIAL_FAILED || report.reason() == DisconnectReason.HANDSHAKE_FAILED;
        if (counting && !neverOpen) {
            closes.merge(report.reason(), 1L, Long::sum);
        }
        if (!report.account().balanced()) {
            fault("a connection's account does not balance: " + report);
        }
    }

    @Override
    public synchronized void callbackFailed(Connection connection, String callback, Throwable failure) {
        fault(callback + " threw " + failure);
    }

    @Override
    public synchronized void protocolViolation(Connection connection, String detail) {
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

    private void fault(String what) {
        if (faults.size() < MOST_FAULTS) {
            faults.add(what);
        }
    }

    /** Connections that have opened. */
    synchronized long connections() {
        return dialled;
    }

    /** Connections that were open and have closed, by why; each end counts its own. */
    synchronized Map<DisconnectReason, Long> closes() {
        return new EnumMap<>(closes);
    }

    /** What must not be. */
    synchronized List<String> faults() {
        return List.copyOf(faults);
    }
}
