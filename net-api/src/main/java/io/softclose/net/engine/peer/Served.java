/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.peer;

import io.softclose.net.ConnectionState;
import io.softclose.net.engine.connection.PeerConnection;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which of a peer's connections its messages go to: one at a time, until it has ended. Guarded by the line's lock. */
final class Served {
    /** What the connection that is served does with what is addressed to its peer. */
    private enum Stage {
        /** It adopts what waits, and nobody sends yet; also while there is no connection. */
        OPENING,
        /** It takes what is sent as well. */
        OPEN,
        /** Nothing any more: it closes, whether or not its policy still admits. */
        CLOSING
    }

    /** Those whose handshake is complete and that have not ended, in that order. */
    private final List<PeerConnection> connections = new ArrayList<>(1);

    private @Nullable PeerConnection serving;
    private Stage stage = Stage.OPENING;

    /** A connection knows its peer; says whether it is served, for there is no other. */
    boolean add(PeerConnection connection) {
        connections.add(connection);
        if (serving == null) {
            serving = connection;
            stage = Stage.OPENING;
        }
        return serving == connection;
    }

    /** Messages flow on a connection; says whether it is served. */
    boolean opened(PeerConnection connection) {
        boolean served = serving == connection;
        stage = served ? Stage.OPEN : stage;
        return served;
    }

    /** A connection begins to close; says whether it is served. */
    boolean closing(PeerConnection connection) {
        boolean served = serving == connection;
        stage = served ? Stage.CLOSING : stage;
        return served;
    }

    /** A connection has ended; says whether it was served, and another is in its place if there is one. Takes no memory. */
    boolean remove(PeerConnection connection) {
        connections.remove(connection);
        if (serving != connection) {
            return false;
        }
        serving = null;
        stage = Stage.OPENING;
        for (int at = 0; at < connections.size(); at++) {
            PeerConnection one = connections.get(at);
            serving = takes(one) ? one : serving;
        }
        if (serving != null && serving.state() == ConnectionState.OPEN) {
            stage = Stage.OPEN;
        }
        return true;
    }

    /** Whether there is no connection. */
    boolean none() {
        return connections.isEmpty();
    }

    boolean is(PeerConnection connection) {
        return serving == connection;
    }

    /** The connection that is served, if messages flow on it; else null. */
    @Nullable
    PeerConnection open() {
        return stage == Stage.OPEN ? serving : null;
    }

    /** Whether the connection that is served gets nothing more. */
    boolean closes() {
        return stage == Stage.CLOSING;
    }

    /** Whether there is another connection that takes messages, or will. */
    boolean hasAnother(PeerConnection than) {
        return connections.stream().anyMatch(one -> one != than && takes(one));
    }

    /** An open connection: the one that messages go to, or else the one that they will go to; null if there is none. */
    @Nullable
    PeerConnection anyOpen() {
        PeerConnection found = null;
        for (PeerConnection one : connections) {
            if (takes(one) && one.state() == ConnectionState.OPEN && (found == null || found != serving)) {
                found = one;
            }
        }
        return found;
    }

    private static boolean takes(PeerConnection connection) {
        return !connection.isSealed() && !connection.state().closing();
    }
}
