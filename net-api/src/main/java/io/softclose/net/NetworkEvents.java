/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import io.softclose.net.log.EventLog;
import java.net.SocketAddress;
import java.time.Duration;

/**
 * Observes a network. A method that is not overridden writes what it is told to the log {@code io.softclose.net}, at the
 * level that stands with it; one that is overridden takes that over, and may still have the line by calling {@code
 * NetworkEvents.super}. Lines are at most ten of a kind at once and one a second after that, which say how many were left
 * out.
 *
 * <p>Every method but {@link #shuttingDown} is called on the event loop of the connection it is about, and must not block.
 * What one throws is told to {@link #callbackFailed}, and harms nothing else.
 */
public interface NetworkEvents {
    /**
     * Whether an event that this observer is told of is out of the log, as it is by default. One that only watches, such as
     * what counts for metrics, says no: then the line is there unless another observer takes it over. Asked once, when the network is
     * built.
     */
    default boolean takesLinesOver() {
        return true;
    }

    /** A connection is open: messages may be sent. DEBUG. */
    default void connected(Connection connection) {
        EventLog.connected(connection);
    }

    /**
     * A connection that had been announced by {@link #connected}, or was dialled, is closed. WARNING if messages did not
     * go; INFO if all were written, and the ending leaves open whether the peer has the last of them; else nothing.
     */
    default void disconnected(Connection connection, CloseReport report) {
        EventLog.disconnected(connection, report);
    }

    /**
     * An inbound link ended before it became a connection. WARNING.
     *
     * @param cause which check failed, with both sides' values
     */
    default void inboundRefused(SocketAddress remote, HandshakeException cause) {
        EventLog.inboundRefused(cause);
    }

    /**
     * The peer broke the protocol, or told us that we did. The connection stays open unless its frames cannot be told
     * apart any more. WARNING.
     *
     * @param detail what was wrong and what was expected
     */
    default void protocolViolation(Connection connection, String detail) {
        EventLog.protocolViolation(connection, detail);
    }

    /**
     * A message or request has come that no handler takes. The peer is answered {@code NotSupported}. Told once of each
     * connection and protocol. WARNING.
     */
    default void unhandled(Connection connection, ProtocolId protocol) {
        EventLog.unhandled(connection, protocol);
    }

    /**
     * The peer of an open connection has taken nothing for {@link Limits#writeTimeout}, although something waits for
     * it. The connection ends for {@link DisconnectReason#INPUT_OUTPUT_ERROR}; {@link #disconnected} follows. WARNING.
     */
    default void writeStalled(Connection connection, Duration takenNothingFor) {
        EventLog.writeStalled(connection, takenNothingFor);
    }

    /**
     * A message that was addressed to a {@link Peer}, without a listener, has waited for a connection in vain: {@link
     * Outcome#UNSENT}, or {@link Outcome#EXPIRED}. Told on the event loop on which it waited; when the network shuts down,
     * in any thread. WARNING.
     */
    default void returned(Peer peer, ReturnedMessage message) {
        EventLog.returned(peer, message);
    }

    /**
     * A message or request that was addressed to a {@link Peer} waits for no connection any more, and has not gone: it has waited for
     * as long as it may, has been cancelled, or the network has shut down. Told of each such message, once, in the thread that tells
     * whoever is to hear of it: its listener, its reply, or {@link #returned}. This is for who counts; what is to be done about the
     * message is up to them. DEBUG.
     *
     * @param message {@link Outcome#UNSENT}, or {@link Outcome#EXPIRED}
     */
    default void waitedInVain(Peer peer, ReturnedMessage message) {
        EventLog.waitedInVain(peer, message);
    }

    /**
     * A handler, listener or other callback of the application threw. Also told when the payload of a message could not
     * be read in its turn, because its file was cut or its arena closed: then the message is {@link Outcome#UNSENT},
     * and the failure is a {@link NetworkException} with what reading threw as its cause. ERROR, with the stack.
     *
     * @param callback what failed, to be read by people: {@code "the handler of MEMPOOL_DIRECT_SEND"}
     */
    default void callbackFailed(Connection connection, String callback, Throwable failure) {
        EventLog.callbackFailed(connection, callback, failure);
    }

    /**
     * The network begins to {@linkplain Network#shutdown(Duration) shut down}. Told once, before anything else happens, by
     * the thread that shuts it down: what is sent now still goes with the rest. The shutdown waits until this returns, so
     * it must not block; what it throws is logged. DEBUG.
     *
     * @param timeLeft for all of the shutdown; another call may shorten it
     */
    default void shuttingDown(Duration timeLeft) {
        EventLog.shuttingDown(timeLeft);
    }
}
