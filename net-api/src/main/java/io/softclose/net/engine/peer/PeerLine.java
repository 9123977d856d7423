/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.peer;

import io.softclose.net.Connection.RoomWait;
import io.softclose.net.ConnectionStats;
import io.softclose.net.Message;
import io.softclose.net.SendResult;
import io.softclose.net.engine.NetworkSettings;
import io.softclose.net.engine.connection.PeerConnection;
import io.softclose.net.engine.outbox.Envelope;
import io.softclose.net.log.Log;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one peer's next connection, and which connection its messages go to now. Serves one connection at a time,
 * until that has ended and has handed over what it left: so nothing overtakes, and nothing is sent twice. In each lane that
 * nothing waits in, senders go past the line, to the connection itself. Thread-safe; nothing that is not ours is called under
 * the lock. Whatever memory is short for, no message that was accepted gets lost or goes twice: what is changed under the lock is
 * changed without taking memory, and so without throwing.
 */
final class PeerLine {
    /** Whoever ends messages that wait no longer. */
    interface Owner {
        /** One has waited in vain. Not under the lock. */
        void returned(PeerMessage one);

        /** An action that waited for room threw this. Not under the lock. */
        void roomFailed(Throwable failure);

        /** Something waits, or a connection is there; or neither any more. Under the lock. */
        void busy(boolean now);
    }

    private final NetworkSettings settings;
    private final Owner owner;

    private final Object lock = new Object();
    // Guarded by the lock.
    private final Served served = new Served();
    private final Waiting waiting;
    private final Adoption adoption;
    private long handedOver;
    private long openings;

    PeerLine(NetworkSettings settings, Owner owner) {
        this.settings = settings;
        this.owner = owner;
        waiting = new Waiting(lock, settings, served, owner);
        adoption = new Adoption(lock, served, waiting, owner::returned);
    }

    /** Accepts a message, for the connection or to wait, or says why not. Any thread. */
    SendResult put(PeerMessage one) {
        LaneLine line = waiting.lane(one.lane);
        PeerConnection refusedBy = null;
        SendResult result = null;
        while (result == null) {
            PeerConnection way = line.way;
            if (way != null && way != refusedBy) {
                SendResult answer = one.offerTo(way);
                if (answer != SendResult.CLOSING && answer != SendResult.NOT_CONNECTED) {
                    return answer;
                }
                refusedBy = way;
            }
            result = putToWait(line, one, refusedBy);
        }
        return result;
    }

    /**
     * Has a message wait, or says why not.
     *
     * @param refusedBy a connection that does not take it
     * @return null if there is another one now, which might
     */
    private @Nullable SendResult putToWait(LaneLine line, PeerMessage one, @Nullable PeerConnection refusedBy) {
        SendResult unfit = unfit(line, one.message);
        if (unfit != null) {
            return unfit;
        }
        try {
            waiting.clock().choose();
        } catch (RejectedExecutionException closed) {
            Log.log(Level.DEBUG, "nothing waits for a peer any more: {0}", closed);
            return SendResult.CLOSING;
        }
        PeerConnection helps;
        synchronized (lock) {
            if (line.way != null && line.way != refusedBy) {
                return null;
            }
            SendResult refusal = refusal(line, one);
            if (refusal != null) {
                return refusal;
            }
            waiting.add(one);
            helps = line.stuck ? served.open() : null;
        }
        seeTo(line, one, helps);
        return SendResult.ACCEPTED;
    }

    /** Sees to it that somebody looks at one that has begun to wait; what this throws leaves it as it was before. */
    private void seeTo(LaneLine line, PeerMessage one, @Nullable PeerConnection helps) {
        try {
            waiting.haveLooked();
            if (helps != null) {
                onLoopOf(helps, () -> adoption.by(helps, line));
            }
        } catch (Throwable failure) {
            if (waiting.takeOut(one)) {
                throw failure;
            }
            Log.thrown(Level.ERROR, this, "what waits may not be looked at in time", failure);
        }
    }

    /** Runs an action once a lane has room for a message, here or past the line. What this throws leaves nobody waiting. Any thread. */
    RoomWait awaitRoom(int lane, Message message, Runnable action) {
        LaneLine line = waiting.lane(lane);
        RoomWait wait = waiting.room().await(line, message, action);
        PeerConnection helps;
        synchronized (lock) {
            helps = line.stuck ? served.open() : null;
        }
        if (helps != null) {
            // Whoever waits sends nothing, which would have it seen to.
            tryToHelp(helps, line);
        }
        return wait;
    }

    private void tryToHelp(PeerConnection helps, LaneLine line) {
        try {
            onLoopOf(helps, () -> adoption.by(helps, line));
        } catch (Throwable failure) {
            Log.thrown(Level.ERROR, this, "what waits may only go with the next message", failure);
        }
    }

    private static void onLoopOf(PeerConnection connection, Runnable task) {
        if (!connection.onItsLoop(task)) {
            Log.log(Level.DEBUG, "{0}: its loop has stopped, and its end follows", connection);
        }
    }

    /** Why no connection of this network could ever send a message; null if one could. */
    private @Nullable SendResult unfit(LaneLine line, Message message) {
        int size = message.size();
        if (size > settings.limits().maxPayloadSize() || size > line.lane().maxBytes()) {
            return SendResult.TOO_LARGE;
        }
        return settings.services().protocols().contains(message.protocol()) ? null : SendResult.PROTOCOL_NOT_NEGOTIATED;
    }

    /** Why a message may not wait now; null if it may. Under the lock. */
    private @Nullable SendResult refusal(LaneLine line, PeerMessage one) {
        if (waiting.room().isShut()) {
            return SendResult.CLOSING;
        }
        if (!one.mayWait()) {
            return served.open() == null ? SendResult.NOT_CONNECTED : SendResult.OUTBOX_FULL;
        }
        return line.hasRoom(one.message.size()) ? null : SendResult.OUTBOX_FULL;
    }

    /** A connection knows its peer, and nobody can send on it yet: if there is no other, what waits is its to send. On its loop. */
    void identified(PeerConnection connection) {
        boolean serves;
        synchronized (lock) {
            serves = served.add(connection);
            waiting.tellBusy();
        }
        if (serves) {
            adoption.by(connection);
        }
    }

    /** Messages flow on a connection. On its loop. */
    void opened(PeerConnection connection) {
        boolean serves;
        synchronized (lock) {
            openings++;
            serves = served.opened(connection);
        }
        if (serves) {
            adoption.by(connection);
        }
    }

    /** A connection begins to close: what is sent from now on is for the next one. On its loop. */
    void closing(PeerConnection connection) {
        synchronized (lock) {
            if (served.closing(connection)) {
                waiting.closeWays();
            }
        }
        waiting.seeToRoom();
    }

    /** Whether there is another connection that takes messages, or will. Any thread. */
    boolean hasAnother(PeerConnection than) {
        synchronized (lock) {
            return served.hasAnother(than);
        }
    }

    /**
     * A connection has ended, or something of it comes late: what it leaves waits before all others, for it is older. On its
     * loop. It takes no memory: what throws does so before anything has changed. {@link #goOn} follows.
     */
    void inherit(PeerConnection from, List<List<Envelope>> byLane) {
        long then = from.loop().nanoTime();
        synchronized (lock) {
            handedOver += waiting.inherit(from, byLane, then);
            if (served.remove(from)) {
                waiting.closeWays();
                if (served.open() != null) {
                    waiting.allStuck();
                }
            }
            waiting.tellBusy();
        }
    }

    /** Has what a connection has left looked at, and taken by the next if that is open. May be repeated if it throws. */
    void goOn() {
        PeerConnection next;
        synchronized (lock) {
            next = served.open();
        }
        waiting.haveLooked();
        if (next != null) {
            onLoopOf(next, () -> adoption.by(next));
        }
    }

    /** Nobody wants this one any more: returns it, if it waits. Any thread. */
    boolean takeBack(PeerMessage one) {
        boolean found = waiting.takeOut(one);
        if (found) {
            owner.returned(one);
            waiting.tryToHaveLooked();
        }
        return found;
    }

    /** Nothing is taken any more. Any thread; idempotent. */
    void shut() {
        synchronized (lock) {
            waiting.room().shut();
        }
        waiting.seeToRoom();
    }

    /**
     * Takes out the oldest of the most urgent that wait, for whoever ends it: once it is shut and no connection is left. Null if
     * nothing waits, and the clock rests. Takes no memory.
     */
    @Nullable
    PeerMessage takeAny() {
        PeerMessage one = waiting.takeAny();
        if (one == null) {
            waiting.tryToHaveLooked();
        }
        return one;
    }

    /** An open connection: the one that messages go to, or else the one that they will go to. */
    Optional<PeerConnection> connection() {
        synchronized (lock) {
            return Optional.ofNullable(served.anyOpen());
        }
    }

    /** How many messages wait. */
    long waiting() {
        synchronized (lock) {
            return waiting.size();
        }
    }

    /**
     * What waits, lane by lane.
     *
     * @param into takes it
     * @return how long one of them has waited, of all its waits the current one
     */
    Duration measure(List<ConnectionStats.Waiting> into) {
        synchronized (lock) {
            return waiting.measure(into);
        }
    }

    /** How many connections have opened. */
    long openings() {
        synchronized (lock) {
            return openings;
        }
    }

    /** How often a message has left a connection to wait. */
    long handedOver() {
        synchronized (lock) {
            return handedOver;
        }
    }
}
