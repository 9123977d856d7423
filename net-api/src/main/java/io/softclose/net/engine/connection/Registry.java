/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.connection;

import io.softclose.net.CloseReport;
import io.softclose.net.engine.outbox.Envelope;
import io.softclose.net.engine.stream.InputBudget;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The network, as its connections see it: what they share, and who keeps a list of them. Called on their loops. */
public interface Registry {
    /** What unfinished messages of all connections may take. Any thread. */
    InputBudget inputBudget();

    /** A connection has shaken hands; false if the network has no room for it. */
    boolean opens(PeerConnection connection);

    /** It is known who the peer is, and nobody can send yet: what waits for the peer may be adopted. */
    default void identified(PeerConnection connection) {}

    /** Messages flow, and nobody has been told yet. */
    default void opened(PeerConnection connection) {}

    /** A close begins: nothing more that is addressed to the peer is for this connection. */
    default void closing(PeerConnection connection) {}

    /** Whether what is addressed to the peer goes on to another connection. */
    default boolean replaced(PeerConnection connection) {
        return false;
    }

    /**
     * What was addressed to the peer and has not gone: once at the connection's end, and again if any comes late. What
     * this throws, for want of memory, leaves everything as it was: it is called again then.
     *
     * @param byLane in order, one list a lane
     */
    default void handsOver(PeerConnection connection, List<List<Envelope>> byLane) {}

    /** That is the registry's, which is to go on with it. Called again if it throws, for want of memory. */
    default void handedOver(PeerConnection connection) {}

    /**
     * A connection has closed, and its place is another's. May be called again.
     *
     * @param bytes what is still with its handlers; zero if nothing is
     * @return false if that is more than there is room for: it is to be given up
     */
    default boolean leavesBehind(PeerConnection connection, long bytes) {
        return true;
    }

    /**
     * Everybody else has been told that a connection has closed.
     *
     * @param report null if none could be made, for want of memory
     */
    void told(PeerConnection connection, @Nullable CloseReport report);
}
