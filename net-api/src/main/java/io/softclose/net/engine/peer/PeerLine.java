/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.peer;

import static java.util.Objects.requireNonNull;

import io.softclose.net.ConnectionState;
import io.softclose.net.Message;
import io.softclose.net.SendResult;
import io.softclose.net.engine.NetworkSettings;
import io.softclose.net.engine.connection.PeerConnection;
import io.softclose.net.engine.outbox.Addressed;
import io.softclose.net.engine.outbox.Envelope;
import io.softclose.net.log.Log;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
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

        /** Something waits, or a connection is there; or neither any more. Under the lock. */
        void busy(boolean now);
    }

    /** What the connection that is served does with what is addressed to its peer. */
    private enum Stage {
        /** It adopts what waits, and nobody sends yet; also while there is no connection. */
        OPENING,
        /** It takes what is sent as well. */
        OPEN,
        /** Nothing any more: it closes, whether or not its policy still admits. */
        CLOSING
    }

    private final NetworkSettings settings;
    private final Owner owner;
    /** An array, for a list takes memory to be gone through. */
    private final LaneLine[] lanes;

    private final Object lock = new Object();
    // Guarded by the lock.
    /** Those whose handshake is complete and that have not ended, in that order. */
    private final List<PeerConnection> connections = new ArrayList<>(1);

    private @Nullable PeerConnection serving;
    private Stage stage = Stage.OPENING;

    private boolean shut;
    private long handedOver;
    private final LineClock clock;

    // Confined to the clock's loop.
    /** Those that have just waited in vain. */
    private final MessageRow due = new MessageRow();

    PeerLine(NetworkSettings settings, Owner owner) {
        this.settings = settings;
        this.owner = owner;
        clock = new LineClock(lock, settings.transport(), this::look);
        lanes = settings.atClose().lanes().lanes().stream().map(LaneLine::new).toArray(LaneLine[]::new);
    }

    /** Accepts a message, for the connection or to wait, or says why not. Any thread. */
    SendResult put(PeerMessage one) {
        LaneLine line = lanes[one.lane];
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
            clock.choose();
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
            line.add(one, clock.now());
            clock.lookBy(one.endsAt());
            tellBusy();
            helps = stage == Stage.OPEN && line.stuck ? serving : null;
        }
        seeTo(line, one, helps);
        return SendResult.ACCEPTED;
    }

    /** Sees to it that somebody looks at one that has begun to wait; what this throws leaves it as it was before. */
    private void seeTo(LaneLine line, PeerMessage one, @Nullable PeerConnection helps) {
        try {
            askToLook();
            if (helps != null && !helps.onItsLoop(() -> adopt(line, helps))) {
                Log.log(Level.DEBUG, "{0}: its loop has stopped, and its end follows", helps);
            }
        } catch (Throwable failure) {
            if (takeOut(one)) {
                throw failure;
            }
            Log.thrown(Level.ERROR, this, "what waits may not be looked at in time", failure);
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
        if (shut) {
            return SendResult.CLOSING;
        }
        if (!one.mayWait()) {
            return stage == Stage.OPEN ? SendResult.OUTBOX_FULL : SendResult.NOT_CONNECTED;
        }
        return line.hasRoom(one.message.size()) ? null : SendResult.OUTBOX_FULL;
    }

    /** A connection knows its peer, and nobody can send on it yet: if there is no other, what waits is its to send. On its loop. */
    void identified(PeerConnection connection) {
        synchronized (lock) {
            connections.add(connection);
            tellBusy();
            if (serving != null) {
                return;
            }
            serving = connection;
            stage = Stage.OPENING;
        }
        adopt(connection);
    }

    /** Messages flow on a connection. On its loop. */
    void opened(PeerConnection connection) {
        synchronized (lock) {
            if (serving != connection) {
                return;
            }
            stage = Stage.OPEN;
        }
        adopt(connection);
    }

    /** A connection begins to close: what is sent from now on is for the next one. On its loop. */
    void closing(PeerConnection connection) {
        synchronized (lock) {
            if (serving == connection) {
                stage = Stage.CLOSING;
                closeWays();
            }
        }
    }

    private void closeWays() {
        for (LaneLine line : lanes) {
            line.way = null;
        }
    }

    /** Whether there is another connection that takes messages, or will. Any thread. */
    boolean hasAnother(PeerConnection than) {
        synchronized (lock) {
            return connections.stream().anyMatch(one -> one != than && takes(one));
        }
    }

    private static boolean takes(PeerConnection connection) {
        return !connection.isSealed() && !connection.state().closing();
    }

    /** Has a connection take what waits, as far as it has room. On its loop. */
    private void adopt(PeerConnection connection) {
        for (LaneLine line : lanes) {
            adopt(line, connection);
        }
    }

    private void adopt(LaneLine line, PeerConnection connection) {
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
            owner.returned(one);
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
            owner.returned(one);
        }
        return answer != SendResult.OUTBOX_FULL && answer != SendResult.CLOSING;
    }

    /** The oldest that waits for this connection; null if there is none, or it is not for this one to take. */
    private @Nullable PeerMessage next(LaneLine line, PeerConnection connection) {
        PeerMessage oldest;
        synchronized (lock) {
            if (serving != connection) {
                return null;
            }
            line.settled();
            line.stuck = false;
            if (stage == Stage.CLOSING || connection.isSealed()) {
                return null;
            }
            oldest = line.take(clock.now());
            if (oldest == null && stage == Stage.OPEN) {
                line.way = connection;
            }
            tellClockOfRest();
            tellBusy();
        }
        tryToHaveLooked();
        return oldest;
    }

    private void putBack(LaneLine line, PeerMessage one) {
        synchronized (lock) {
            line.putBack(one, clock.now());
            clock.lookBy(one.endsAt());
        }
        tryToHaveLooked();
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
                adopt(line, connection);
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

    /**
     * A connection has ended, or something of it comes late: what it leaves waits before all others, for it is older. On its
     * loop. It takes no memory: what throws does so before anything has changed. {@link #goOn} follows.
     */
    void inherit(PeerConnection from, List<List<Envelope>> byLane) {
        long then = from.loop().nanoTime();
        synchronized (lock) {
            clock.chooseIfNone(from.loop());
            long now = clock.now();
            for (int lane = 0; lane < byLane.size(); lane++) {
                List<Envelope> older = byLane.get(lane);
                for (int at = older.size() - 1; at >= 0; at--) {
                    PeerMessage one = messageOf(older.get(at));
                    one.cameBack(older.get(at), then);
                    lanes[lane].putFirst(one, now);
                    clock.lookBy(one.endsAt());
                    handedOver++;
                }
            }
            connections.remove(from);
            if (serving == from) {
                serveNext();
            }
            tellBusy();
        }
    }

    /** Has what a connection has left looked at, and taken by the next if that is open. May be repeated if it throws. */
    void goOn() {
        PeerConnection next;
        synchronized (lock) {
            next = stage == Stage.OPEN ? serving : null;
        }
        askToLook();
        if (next != null && !next.onItsLoop(() -> adopt(next))) {
            Log.log(Level.DEBUG, "{0}: its loop has stopped, and its end follows", next);
        }
    }

    private static PeerMessage messageOf(Envelope handedOver) {
        return (PeerMessage) ((Addressed) requireNonNull(handedOver.listener(), "listener")).origin();
    }

    /** The one that was served has ended. Under the lock. */
    private void serveNext() {
        closeWays();
        serving = null;
        stage = Stage.OPENING;
        for (int at = 0; at < connections.size(); at++) {
            PeerConnection one = connections.get(at);
            serving = takes(one) ? one : serving;
        }
        if (serving != null && serving.state() == ConnectionState.OPEN) {
            stage = Stage.OPEN;
            for (LaneLine line : lanes) {
                line.stuck = true;
            }
        }
    }

    /** Ends what has waited, or lived, for as long as it may. On the clock's loop. */
    private void look() {
        synchronized (lock) {
            clock.rest();
            for (LaneLine line : lanes) {
                line.takeDue(clock, due);
            }
            tellBusy();
        }
        boolean again = clock.setTimer();
        for (PeerMessage one = due.poll(); one != null; one = due.poll()) {
            owner.returned(one);
        }
        if (again) {
            tryToHaveLooked();
        }
    }

    /** Nobody wants this one any more: returns it, if it waits. Any thread. */
    boolean takeBack(PeerMessage one) {
        boolean found = takeOut(one);
        if (found) {
            owner.returned(one);
            tryToHaveLooked();
        }
        return found;
    }

    private boolean takeOut(PeerMessage one) {
        synchronized (lock) {
            boolean found = lanes[one.lane].remove(one, clock.now());
            tellClockOfRest();
            tellBusy();
            return found;
        }
    }

    /** Nothing is taken any more. Any thread; idempotent. */
    void shut() {
        synchronized (lock) {
            shut = true;
        }
    }

    /**
     * Takes out the oldest of the most urgent that wait, for whoever ends it: once it is shut and no connection is left. Null if
     * nothing waits. Takes no memory.
     */
    @Nullable
    PeerMessage takeAny() {
        synchronized (lock) {
            PeerMessage found = null;
            for (int lane = 0; lane < lanes.length && found == null; lane++) {
                found = lanes[lane].take(clock.now());
                lanes[lane].settled();
            }
            tellClockOfRest();
            tellBusy();
            return found;
        }
    }

    /** An open connection: the one that messages go to, or else the one that they will go to. */
    Optional<PeerConnection> connection() {
        synchronized (lock) {
            PeerConnection found = null;
            for (PeerConnection one : connections) {
                if (takes(one) && one.state() == ConnectionState.OPEN && (found == null || found != serving)) {
                    found = one;
                }
            }
            return Optional.ofNullable(found);
        }
    }

    /** How many messages wait. */
    long waiting() {
        synchronized (lock) {
            return sizes();
        }
    }

    /** How often a message has left a connection to wait. */
    long handedOver() {
        synchronized (lock) {
            return handedOver;
        }
    }

    private long sizes() {
        long sizes = 0;
        for (LaneLine line : lanes) {
            sizes += line.size();
        }
        return sizes;
    }

    // Under the lock.

    private void tellBusy() {
        owner.busy(!connections.isEmpty() || sizes() > 0);
    }

    private void tellClockOfRest() {
        if (sizes() == 0) {
            clock.rest();
        }
    }

    // Not under the lock.

    /** Has the clock looked at, if need be. If nobody does any more, what waits is returned here. */
    private void askToLook() {
        if (!clock.ask()) {
            for (PeerMessage one = takeAny(); one != null; one = takeAny()) {
                owner.returned(one);
            }
        }
    }

    /** The same. If there is no memory for it, whoever comes next does it. */
    void tryToHaveLooked() {
        try {
            askToLook();
        } catch (Throwable failure) {
            Log.thrown(Level.ERROR, this, "what waits may not be looked at in time", failure);
        }
    }
}
