/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.log;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.HandshakeException;
import io.softclose.net.LaneAccount;
import io.softclose.net.NetworkEvents;
import io.softclose.net.NetworkId;
import io.softclose.net.Outcome;
import io.softclose.net.Peer;
import io.softclose.net.PeerId;
import io.softclose.net.ProtocolId;
import io.softclose.net.ReturnedMessage;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The lines of {@link NetworkEvents} that nobody has taken over, of which peers decide how many there are. Thread-safe. */
public final class EventLog {
    private static final RateLimitedLog CLOSES = new RateLimitedLog(Level.WARNING);
    private static final RateLimitedLog UNCLEAN_CLOSES = new RateLimitedLog(Level.INFO);
    private static final RateLimitedLog REFUSALS = new RateLimitedLog(Level.WARNING);
    private static final RateLimitedLog VIOLATIONS = new RateLimitedLog(Level.WARNING);
    private static final RateLimitedLog UNHANDLED = new RateLimitedLog(Level.WARNING);
    private static final RateLimitedLog STALLS = new RateLimitedLog(Level.WARNING);
    private static final RateLimitedLog RETURNS = new RateLimitedLog(Level.WARNING);
    private static final RateLimitedLog FAILURES = new RateLimitedLog(Level.ERROR);

    private EventLog() {}

    /** A network lets peers in that prove nothing. The application decides how many of these there are. */
    public static void plaintext(PeerId own, NetworkId network) {
        Log.log(
                Level.INFO,
                "network {0} of {1}: lets peers in by plaintext, unverified (expected: on networks of trust alone; TLS proves"
                        + " who is there)",
                network,
                own.shortText());
    }

    /** A connection is open. */
    public static void connected(Connection connection) {
        Log.log(Level.DEBUG, "{0}: open, to speak {1}", connection, connection.protocols());
    }

    /** A connection has closed. There is no line above DEBUG if nothing can have been lost. */
    public static void disconnected(Connection connection, CloseReport report) {
        LaneAccount total = report.account().total();
        if (total.count(Outcome.HANDED_OVER) > 0) {
            Log.log(
                    Level.DEBUG,
                    "{0}: {1} of {2} messages are for the peer''s next connection",
                    connection,
                    total.count(Outcome.HANDED_OVER),
                    total.accepted());
        }
        if (total.lost() > 0) {
            CLOSES.log(
                    "{0}: {1} of {2} messages did not go ({3}); closed for {4} by {5}: {6}, {7}",
                    connection,
                    total.lost(),
                    total.accepted(),
                    lost(total),
                    report.reason(),
                    report.policy(),
                    report.ending(),
                    report.detail());
        } else if (!report.lossless() && total.accepted() > 0) {
            UNCLEAN_CLOSES.log(
                    "{0}: the peer may lack what was written last of {1} messages; closed for {2} by {3}: {4}, {5}",
                    connection, total.accepted(), report.reason(), report.policy(), report.ending(), report.detail());
        }
    }

    private static String lost(LaneAccount total) {
        List<String> parts = new ArrayList<>();
        for (Outcome outcome : Outcome.values()) {
            if (outcome.lost() && total.count(outcome) > 0) {
                parts.add(total.count(outcome) + " " + outcome);
            }
        }
        return String.join(", ", parts);
    }

    /** An inbound link was refused; the cause says which one. */
    public static void inboundRefused(HandshakeException cause) {
        REFUSALS.log("{0}", cause.getMessage());
    }

    /** The peer broke the protocol. */
    public static void protocolViolation(Connection connection, String detail) {
        VIOLATIONS.log("{0}: {1}", connection, detail);
    }

    /** A message came that no handler takes. */
    public static void unhandled(Connection connection, ProtocolId protocol) {
        UNHANDLED.log(
                "{0}: no handler takes what arrives of {1} (expected: handle({1}, …) for messages, answer({1}, …) for"
                        + " requests, on the network''s builder); it is dropped, and the peer is told NotSupported",
                connection, protocol);
    }

    /** The peer takes nothing. */
    public static void writeStalled(Connection connection, Duration takenNothingFor) {
        STALLS.log("{0}: the peer has taken nothing for {1}; the connection ends", connection, takenNothingFor);
    }

    /** A message has waited for a peer's connection in vain. */
    public static void returned(Peer peer, ReturnedMessage message) {
        RETURNS.log(
                "peer {0}: {1} has waited for a connection in vain: {2}",
                peer.peerId().shortText(), message.message(), message.outcome());
    }

    /** The same, of any message. The application decides how many of these there are. */
    public static void waitedInVain(Peer peer, ReturnedMessage message) {
        Log.log(
                Level.DEBUG,
                "peer {0}: {1} of lane {2} goes to no connection: {3}",
                peer.peerId().shortText(),
                message.message(),
                message.lane(),
                message.outcome());
    }

    /** A network shuts down. The application decides how many of these there are. */
    public static void shuttingDown(Duration timeLeft) {
        Log.log(Level.DEBUG, "shutting down within {0}", timeLeft);
    }

    /** The application's code threw. */
    public static void callbackFailed(Connection connection, String callback, Throwable failure) {
        FAILURES.thrown(connection, callback + " failed", failure);
    }
}
