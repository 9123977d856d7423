/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.peer;

import static java.util.Objects.requireNonNull;

import io.softclose.net.ConnectionState;
import io.softclose.net.Message;
import io.softclose.net.SendResult;
import io.softclose.net.engine.NetworkSettings;
import io.softclose.net.engine.connection.PeerConnection;
import io.softclose.net.engine.outbox.Envelope;
import io.softclose.net.log.Log;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one peer's next connection, and which connection its messages go to now. Serves one connection at a time,
 * until that has ended and has handed over what it left: so nothing overtakes, and nothing is sent twice. In each lane that
 * nothing waits in, senders go past the line, to the connection itself. Thread-safe; nothing that is not ours is called under
 * the lock.
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
    private final List<LaneLine> lanes;

    private final Object lock = new Object();
    // Guarded by the lock.
    /** Those whose handshake is complete and that have not ended, in that order. */
    private final List<PeerConnection> connections = new ArrayList<>(1);

    private @Nullable PeerConnection serving;
    private Stage stage = Stage.OPENING;

    private boolean shut;
    private long handedOver;
    private final LineClock clock;

    PeerLine(NetworkSettings settings, Owner owner) {
        this.settings = settings;
        this.owner = owner;
        clock = new LineClock(lock, settings.transport(), this::look);
        lanes = settings.atClose().lanes().lanes().stream().map(LaneLine::new).toList();
    }

    /** Accepts a message, for the connection or to wait, or says why not. Any thread. */
    SendResult put(PeerMessage one) {
        LaneLine line = lanes.get(one.lane);
        PeerConnection refusedBy = null;
        SendResult result = null;
        while (result == null) {
            PeerConnection way = line.way;
            if (way != null && way != refusedBy) {
                SendResult answer = way.offer(one.envelope(way.loop()));
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
        boolean look;
        synchronized (lock) {
            if (line.way != null && line.way != refusedBy) {
                return null;
            }
            SendResult refusal = refusal(line, one);
            if (refusal != null) {
                return refusal;
            }
            one.enter(clock.now());
            line.add(one);
            look = clock.lookBy(one.endsAt());
            tellBusy();
        }
        if (look) {
            askToLook();
        }
        return SendResult.ACCEPTED;
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
                lanes.forEach(line -> line.way = null);
            }
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
        for (PeerMessage one = next(line, connection); one != null; one = next(line, connection)) {
            SendResult answer = SendResult.OUTBOX_FULL;
            try {
                answer = connection.adopt(one.envelope(connection.loop()));
            } finally {
                if (answer == SendResult.OUTBOX_FULL || answer == SendResult.CLOSING) {
                    putBack(line, one);
                }
            }
            switch (answer) {
                case ACCEPTED -> {}
                case OUTBOX_FULL -> {
                    awaitRoom(line, connection, one.message);
                    return;
                }
                case CLOSING -> {
                    return;
                }
                // This peer does not speak its protocol now.
                case PROTOCOL_NOT_NEGOTIATED, TOO_LARGE, TOO_MANY_REQUESTS, NOT_CONNECTED -> owner.returned(one);
            }
        }
    }

    /** The oldest that waits for this connection; null if there is none, or it is not for this one to take. */
    private @Nullable PeerMessage next(LaneLine line, PeerConnection connection) {
        PeerMessage oldest;
        boolean restsNow;
        synchronized (lock) {
            if (serving != connection) {
                return null;
            }
            line.settled();
            if (stage == Stage.CLOSING || connection.isSealed()) {
                return null;
            }
            oldest = line.take();
            if (oldest != null) {
                oldest.leave(clock.now());
            } else if (stage == Stage.OPEN) {
                line.way = connection;
            }
            restsNow = restsNow();
            tellBusy();
        }
        if (restsNow) {
            askToLook();
        }
        return oldest;
    }

    /** Whether nothing waits any more, and the clock is to hear of it. Under the lock. */
    private boolean restsNow() {
        return sizes() == 0 && clock.rest();
    }

    private void putBack(LaneLine line, PeerMessage one) {
        boolean look;
        synchronized (lock) {
            one.enter(clock.now());
            line.putBack(one);
            look = clock.lookBy(one.endsAt());
        }
        if (look) {
            askToLook();
        }
    }

    /** The rest of a lane goes on when the connection has room for its oldest; a sealed one never takes it. */
    private void awaitRoom(LaneLine line, PeerConnection connection, Message oldest) {
        synchronized (lock) {
            if (!line.awaitRoomOf(connection)) {
                return;
            }
        }
        connection.onRoom(oldest, () -> {
            synchronized (lock) {
                line.roomTold();
            }
            adopt(line, connection);
        });
    }

    /**
     * A connection has ended, or something of it comes late: what it leaves waits before all others, for it is older. On its
     * loop. If this throws, for want of memory, nothing has changed.
     */
    void inherit(PeerConnection from, List<List<Envelope>> byLane) {
        PeerConnection next;
        boolean look = false;
        synchronized (lock) {
            clock.chooseIfNone(from.loop());
            long now = clock.now();
            List<ArrayDeque<PeerMessage>> all = prepare(from, byLane);
            for (int lane = 0; lane < all.size(); lane++) {
                for (Envelope one : byLane.get(lane)) {
                    PeerMessage message = messageOf(one);
                    message.enter(now);
                    look |= clock.lookBy(message.endsAt());
                    handedOver++;
                }
                if (!byLane.get(lane).isEmpty()) {
                    lanes.get(lane).replace(all.get(lane));
                }
            }
            connections.remove(from);
            next = nextAfter(from);
            tellBusy();
        }
        if (look) {
            askToLook();
        }
        if (next != null && !next.onItsLoop(() -> adopt(next))) {
            Log.log(Level.DEBUG, "{0}: its loop has stopped, and its end follows", next);
        }
    }

    /** What will wait in each lane. All that takes memory. Under the lock. */
    private List<ArrayDeque<PeerMessage>> prepare(PeerConnection from, List<List<Envelope>> byLane) {
        List<ArrayDeque<PeerMessage>> all = new ArrayList<>(byLane.size());
        for (int lane = 0; lane < byLane.size(); lane++) {
            List<PeerMessage> older = new ArrayList<>(byLane.get(lane).size());
            for (Envelope one : byLane.get(lane)) {
                PeerMessage message = messageOf(one);
                message.cameBack(one, from.loop());
                older.add(message);
            }
            all.add(lanes.get(lane).behind(older));
        }
        return all;
    }

    private static PeerMessage messageOf(Envelope handedOver) {
        return (PeerMessage) requireNonNull(handedOver.listener(), "listener");
    }

    /** Whose turn it is now that one has ended; null if there is nothing to do. Under the lock. */
    private @Nullable PeerConnection nextAfter(PeerConnection ended) {
        if (serving == ended) {
            lanes.forEach(line -> line.way = null);
            serving = null;
            stage = Stage.OPENING;
            for (PeerConnection one : connections) {
                serving = takes(one) ? one : serving;
            }
            if (serving != null && serving.state() == ConnectionState.OPEN) {
                stage = Stage.OPEN;
            }
        }
        return stage == Stage.OPEN ? serving : null;
    }

    /** Ends what has waited, or lived, for as long as it may. On the clock's loop. */
    private void look() {
        List<PeerMessage> due = new ArrayList<>();
        synchronized (lock) {
            long now = clock.now();
            var unused = clock.rest();
            for (LaneLine line : lanes) {
                line.takeDue(now, due::add);
                line.forEach(one -> clock.lookBy(one.endsAt()));
            }
            due.forEach(one -> one.leave(now));
            tellBusy();
        }
        try {
            clock.setTimer();
        } finally {
            due.forEach(owner::returned);
        }
    }

    /** Nothing is taken any more. Any thread; idempotent. */
    void shut() {
        synchronized (lock) {
            shut = true;
        }
    }

    /** Takes out all that waits, most urgent lane first, once it is shut and no connection is left. */
    List<PeerMessage> takeAll() {
        List<PeerMessage> all = new ArrayList<>();
        boolean restsNow;
        synchronized (lock) {
            for (LaneLine line : lanes) {
                line.forEach(all::add);
                line.replace(new ArrayDeque<>(0));
            }
            all.forEach(one -> one.leave(clock.now()));
            restsNow = restsNow();
            tellBusy();
        }
        if (restsNow) {
            askToLook();
        }
        return all;
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

    private void tellBusy() {
        owner.busy(!connections.isEmpty() || sizes() > 0);
    }

    /** Has the clock looked at. If nobody does any more, what waits is returned here. */
    private void askToLook() {
        if (!clock.ask()) {
            takeAll().forEach(owner::returned);
        }
    }
}
