/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import java.net.SocketAddress;
import java.time.Duration;

/**
 * Observes a network. Every method does nothing unless overridden, is called on the event loop of the connection it is
 * about, and must not block. What one throws is logged and harms nothing else.
 */
public interface NetworkEvents {
    /** A connection is open: messages may be sent. */
    default void connected(Connection connection) {}

    /** A connection that had been announced by {@link #connected}, or was dialled, is closed. */
    default void disconnected(Connection connection, CloseReport report) {}

    /**
     * An inbound link ended before it became a connection.
     *
     * @param cause which check failed, with both sides' values
     */
    default void inboundRefused(SocketAddress remote, HandshakeException cause) {}

    /**
     * The peer broke the protocol, or told us that we did. The connection stays open unless its frames cannot be told
     * apart any more.
     *
     * @param detail what was wrong and what was expected
     */
    default void protocolViolation(Connection connection, String detail) {}

    /**
     * The peer of an open connection has taken nothing for {@link Limits#writeTimeout}, although something waits for
     * it. The connection ends for {@link DisconnectReason#INPUT_OUTPUT_ERROR}; {@link #disconnected} follows.
     */
    default void writeStalled(Connection connection, Duration takenNothingFor) {}

    /**
     * A handler, listener or other callback of the application threw. Also told when the payload of a message could not
     * be read in its turn, because its file was cut or its arena closed: then the message is {@link Outcome#UNSENT},
     * and the failure is a {@link NetworkException} with what reading threw as its cause.
     */
    default void callbackFailed(Connection connection, Throwable failure) {}
}
