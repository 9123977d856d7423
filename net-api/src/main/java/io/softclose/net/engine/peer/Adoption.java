/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.peer;

import io.softclose.net.Message;
import io.softclose.net.SendResult;
import io.softclose.net.engine.connection.PeerConnection;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How the connection that is served takes over what waits, lane by lane, as far as it has room; once nothing of a lane waits it
 * opens the way past it. Whatever throws leaves each message with one of the two. On the connection's loop.
 */
final class Adoption {
    private final Object lock;
    private final Served served;
    private final Waiting waiting;
    private final Consumer<PeerMessage> returned;

    /**
     * Of what waits.
     *
     * @param lock guards the rest
     * @param returned takes what no connection takes now
     */
    Adoption(Object lock, Served served, Waiting waiting, Consumer<PeerMessage> returned) {
        this.lock = lock;
        this.served = served;
        this.waiting = waiting;
        this.returned = returned;
    }

    /** Has a connection take what waits, as far as it has room. */
    void by(PeerConnection connection) {
        for (LaneLine line : waiting.lanes()) {
            by(connection, line);
        }
    }

    /** The same, of one lane. */
    void by(PeerConnection connection, LaneLine line) {
        boolean done = false;
        try {
            while (adoptOldest(line, connection)) {
                // The next.
            }
            done = true;
        } finally {
            if (!done) {
                synchronized (lock) {
                    line.stuck = true;
                }
            }
        }
    }

    /** Says whether to go on. What it throws leaves the message where it was. */
    private boolean adoptOldest(LaneLine line, PeerConnection connection) {
        PeerMessage one = next(line, connection);
        if (one == null) {
            return false;
        }
        if (one.isOver()) {
            returned.accept(one);
            return true;
        }
        SendResult answer = SendResult.OUTBOX_FULL;
        try {
            answer = one.adoptBy(connection);
        } finally {
            if (answer == SendResult.OUTBOX_FULL || answer == SendResult.CLOSING) {
                putBack(line, one);
            }
        }
        if (answer == SendResult.OUTBOX_FULL) {
            awaitRoom(line, connection, one.message);
        } else if (answer != SendResult.ACCEPTED && answer != SendResult.CLOSING) {
            // This peer does not speak its protocol now, or has enough requests without it.
            returned.accept(one);
        }
        return answer != SendResult.OUTBOX_FULL && answer != SendResult.CLOSING;
    }

    /** The oldest that waits for this connection; null if there is none, or it is not for this one to take. */
    private @Nullable PeerMessage next(LaneLine line, PeerConnection connection) {
        PeerMessage oldest;
        synchronized (lock) {
            if (!served.is(connection)) {
                return null;
            }
            line.settled();
            line.stuck = false;
            if (served.closes() || connection.isSealed()) {
                return null;
            }
            oldest = waiting.take(line);
            if (oldest == null) {
                line.way = served.open();
            }
        }
        waiting.tryToHaveLooked();
        waiting.room().see(line);
        return oldest;
    }

    private void putBack(LaneLine line, PeerMessage one) {
        synchronized (lock) {
            waiting.putBack(line, one);
        }
        waiting.tryToHaveLooked();
    }

    /** The rest of a lane goes on when the connection has room for its oldest; a sealed one never takes it. */
    private void awaitRoom(LaneLine line, PeerConnection connection, Message oldest) {
        synchronized (lock) {
            if (!line.awaitRoomOf(connection)) {
                return;
            }
        }
        boolean waits = false;
        try {
            connection.onRoom(oldest, () -> {
                roomTold(line);
                by(connection, line);
            });
            waits = true;
        } finally {
            if (!waits) {
                roomTold(line);
            }
        }
    }

    private void roomTold(LaneLine line) {
        synchronized (lock) {
            line.roomTold();
        }
    }
}
