/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.peer;

import io.softclose.net.Connection.Direction;
import io.softclose.net.DisconnectReason;
import io.softclose.net.engine.connection.PeerConnection;
import io.softclose.net.log.Log;
import io.softclose.net.spi.Scheduler.Timer;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that one connection stays of those to one proven peer, the same at both ends: of each two, one end decides, for
 * only one knows enough. Of two that one end dialled, that end, and the later one stays. Of one dialled by each, the end with
 * the greater id: the other's stays, unless it was open before this end dialled nevertheless. The end that does not decide
 * waits for that, and closes the older if nothing comes: then the other end does not know of it.
 *
 * <p>Whoever decides hears the loser to its end before the winner: what the peer had sent on the one is older than what it
 * sends on the other. If one of two ends with something that handlers off the loop have not handled, which only happens when
 * its link fails, the other waits for that as well, but not for long. Thread-safe.
 */
final class Duplicates {
    /** How long a decision may be on its way: a short drain, after which its connection ends, and the network's delay. */
    static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** How long what comes on one waits for the handlers of another that has ended. */
    static final long HANDLING_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final Timer NO_TIMER = () -> {};

    private final boolean greater;
    private final LongSupplier lastId;

    // Guarded by this. Nothing that is not ours is called under it.
    /** Those that are open, and those that have ended and that others wait for. */
    private final List<Member> open = new ArrayList<>(1);

    /** An open connection. */
    private static final class Member {
        final PeerConnection connection;
        /** The number of the last connection that there was when this one opened. */
        final long lastId;

        /** Who waits for its end. Guarded by the list of all. */
        private final List<Member> heldUp = new ArrayList<>(0);

        /** Confined to the connection's loop. */
        private Timer patience = NO_TIMER;

        Member(PeerConnection connection, long lastId) {
            this.connection = connection;
            this.lastId = lastId;
        }

        boolean outbound() {
            return connection.direction() == Direction.OUTBOUND;
        }

        boolean stays() {
            return !connection.isSealed() && !connection.state().closing();
        }
    }

    /** One has to go, for another. */
    private record Verdict(Member loser, Member winner) {}

    /**
     * None yet.
     *
     * @param greater whether our id is greater than the peer's
     * @param lastId the number of the connection that was made last; they count up
     */
    Duplicates(boolean greater, LongSupplier lastId) {
        this.greater = greater;
        this.lastId = lastId;
    }

    /** A connection to the proven peer is open. On its loop. */
    void opened(PeerConnection connection) {
        Member newest = new Member(connection, lastId.getAsLong());
        List<Verdict> verdicts = new ArrayList<>();
        boolean theyDecide = false;
        synchronized (this) {
            for (Member other : open) {
                if (other.stays()) {
                    Member loser = loser(other, newest);
                    theyDecide |= loser == null;
                    if (loser != null) {
                        verdicts.add(new Verdict(loser, loser == newest ? other : newest));
                    }
                }
            }
            open.add(newest);
        }
        verdicts.forEach(this::carryOut);
        if (theyDecide) {
            newest.patience = connection.loop().schedule(PATIENCE_NANOS, () -> decideForThem(newest));
        }
    }

    /** Which of two is to go; null if that is for the other end to say. */
    private @Nullable Member loser(Member one, Member other) {
        Member older = one.connection.id() < other.connection.id() ? one : other;
        if (one.outbound() == other.outbound()) {
            return one.outbound() ? older : null;
        }
        if (!greater) {
            return null;
        }
        Member ours = one.outbound() ? one : other;
        Member theirs = one.outbound() ? other : one;
        boolean dialledNevertheless = ours.connection.id() > theirs.lastId;
        return dialledNevertheless ? theirs : ours;
    }

    /** No decision has come: the other end knows nothing of an older connection. On the newer one's loop. */
    private void decideForThem(Member newest) {
        try {
            List<Verdict> verdicts = new ArrayList<>();
            synchronized (this) {
                for (Member other : open) {
                    boolean theirs = other != newest && loser(other, newest) == null;
                    if (theirs && other.stays() && newest.stays()) {
                        boolean older = other.connection.id() < newest.connection.id();
                        verdicts.add(older ? new Verdict(other, newest) : new Verdict(newest, other));
                    }
                }
            }
            verdicts.forEach(this::carryOut);
        } catch (Throwable failure) {
            Log.thrown(Level.ERROR, newest.connection, "another connection to the same peer may stay", failure);
        }
    }

    /** The winner gives way first, so that nothing which the loser's close brings about is heard before. */
    private void carryOut(Verdict verdict) {
        Runnable task = () -> {
            giveWay(verdict);
            close(verdict.loser);
        };
        if (!verdict.winner.connection.onItsLoop(task)) {
            close(verdict.loser);
        }
    }

    /** Has the winner wait for the loser's end, unless that has come. On the winner's loop. */
    private void giveWay(Verdict verdict) {
        if (holdUp(verdict)) {
            verdict.winner.connection.giveWay();
        }
    }

    /** Whether the loser has not ended yet: then its end is told. */
    private synchronized boolean holdUp(Verdict verdict) {
        return open.contains(verdict.loser) && verdict.loser.heldUp.add(verdict.winner);
    }

    private static void close(Member loser) {
        var unused = loser.connection.close(DisconnectReason.DUPLICATE_CONNECTION);
    }

    /** A connection has ended: who waited for that goes on. On its loop; may be repeated if it throws, for want of memory. */
    void ended(PeerConnection connection) {
        Member gone = member(connection);
        if (gone == null) {
            return;
        }
        gone.patience.cancel();
        if (connection.isWithHandlers() && !isTheLast()) {
            gone.patience = connection.loop().schedule(HANDLING_NANOS, () -> othersGoOn(gone));
            othersGiveWay(gone);
        } else {
            othersGoOn(gone);
        }
    }

    private synchronized boolean isTheLast() {
        return open.size() == 1;
    }

    /** Those that do not wait for the end of this one already. */
    private void othersGiveWay(Member gone) {
        List<Member> others;
        synchronized (this) {
            others = new ArrayList<>(open);
            others.remove(gone);
            others.removeAll(gone.heldUp);
        }
        for (Member other : others) {
            // If its loop has stopped, its end follows.
            var unused = other.connection.onItsLoop(() -> giveWay(new Verdict(gone, other)));
        }
    }

    /** Handlers have handled what a connection that has ended had brought, or that is given up. Any thread. */
    void handled(PeerConnection connection) {
        Member gone = member(connection);
        if (gone != null && !connection.onItsLoop(() -> waitedLongEnough(gone))) {
            othersGoOn(gone);
        }
    }

    /** On the loop of the one that has ended. */
    private void waitedLongEnough(Member gone) {
        gone.patience.cancel();
        othersGoOn(gone);
    }

    /** Any thread: its loop may have stopped. */
    private void othersGoOn(Member gone) {
        for (Member next = heldUpBy(gone); next != null; next = heldUpBy(gone)) {
            // If its loop has stopped, its end follows.
            var unused = next.connection.onItsLoop(next.connection::goFirst);
            goesOn(gone, next);
        }
    }

    private synchronized @Nullable Member member(PeerConnection connection) {
        for (int at = 0; at < open.size(); at++) {
            if (open.get(at).connection == connection) {
                return open.get(at);
            }
        }
        return null;
    }

    /** One that waits for the end of this one; if there is none, this one is not open any more, and null. */
    private synchronized @Nullable Member heldUpBy(Member gone) {
        if (gone.heldUp.isEmpty()) {
            open.remove(gone);
            return null;
        }
        return gone.heldUp.get(0);
    }

    private synchronized void goesOn(Member gone, Member next) {
        gone.heldUp.remove(next);
    }
}
