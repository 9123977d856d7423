/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.peer;

import static java.util.Objects.requireNonNull;

import io.softclose.net.ConnectionStats;
import io.softclose.net.engine.NetworkSettings;
import io.softclose.net.engine.connection.PeerConnection;
import io.softclose.net.engine.outbox.Addressed;
import io.softclose.net.engine.outbox.Envelope;
import io.softclose.net.log.Log;
import io.softclose.net.spi.Lane;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What waits for a peer's next connection, lane by lane, and for how long it may. What changes it takes no memory, and so does not
 * throw half-way.
 */
final class Waiting {
    private final Object lock;
    private final Served served;
    private final PeerLine.Owner owner;
    private final LineClock clock;
    private final PeerRoom room;
    /** An array, for a list takes memory to be gone through. */
    private final LaneLine[] lanes;

    // Confined to the clock's loop.
    /** Those that have just waited in vain. */
    private final MessageRow due = new MessageRow();

    Waiting(Object lock, NetworkSettings settings, Served served, PeerLine.Owner owner) {
        this.lock = lock;
        this.served = served;
        this.owner = owner;
        clock = new LineClock(lock, settings.transport(), this::look);
        room = new PeerRoom(lock, clock, owner);
        List<Lane> plan = settings.atClose().lanes().lanes();
        lanes = plan.stream().map(LaneLine::new).toArray(LaneLine[]::new);
    }

    LineClock clock() {
        return clock;
    }

    /** Who waits for room. */
    PeerRoom room() {
        return room;
    }

    /** Looks in every lane after those who wait for room. Not under the lock; throws nothing. */
    void seeToRoom() {
        for (LaneLine line : lanes) {
            room.see(line);
        }
    }

    /** The lanes, for whoever only goes through them. */
    LaneLine[] lanes() {
        return lanes;
    }

    LaneLine lane(int lane) {
        return lanes[lane];
    }

    // Under the lock.

    /** The youngest of its lane begins to wait. */
    void add(PeerMessage one) {
        lanes[one.lane].add(one, clock.now());
        clock.lookBy(one.endsAt());
        tellBusy();
    }

    /** Takes out the oldest of a lane, which may be {@linkplain #putBack put back}; null if none waits. */
    @Nullable
    PeerMessage take(LaneLine line) {
        PeerMessage oldest = line.take(clock.now());
        fewer();
        return oldest;
    }

    void putBack(LaneLine line, PeerMessage one) {
        line.putBack(one, clock.now());
        clock.lookBy(one.endsAt());
    }

    /**
     * Takes in what a connection leaves, before all others.
     *
     * @param then on that connection's clock
     * @return how many they are
     */
    int inherit(PeerConnection from, List<List<Envelope>> byLane, long then) {
        clock.chooseIfNone(from.loop());
        long now = clock.now();
        int all = 0;
        for (int lane = 0; lane < byLane.size(); lane++) {
            List<Envelope> older = byLane.get(lane);
            for (int at = older.size() - 1; at >= 0; at--) {
                PeerMessage one = messageOf(older.get(at));
                one.cameBack(older.get(at), then);
                lanes[lane].putFirst(one, now);
                clock.lookBy(one.endsAt());
            }
            all += older.size();
        }
        return all;
    }

    private static PeerMessage messageOf(Envelope handedOver) {
        return (PeerMessage) ((Addressed) requireNonNull(handedOver.listener(), "listener")).origin();
    }

    /** Nobody goes past those that wait, nor to the connection that was served. */
    void closeWays() {
        for (LaneLine line : lanes) {
            line.way = null;
        }
    }

    /** A connection could take them, and nobody is sure to see to that. */
    void allStuck() {
        for (LaneLine line : lanes) {
            line.stuck = true;
        }
    }

    /** How many wait. */
    long size() {
        long size = 0;
        for (LaneLine line : lanes) {
            size += line.size();
        }
        return size;
    }

    /** What waits, lane by lane, and how long one of them has waited. */
    Duration measure(List<ConnectionStats.Waiting> into) {
        long now = clock.now();
        long longest = 0;
        for (LaneLine line : lanes) {
            into.add(new ConnectionStats.Waiting(line.lane().name(), line.size(), line.bytes()));
            longest = Math.max(longest, line.longestWait(now));
        }
        return Duration.ofNanos(longest);
    }

    void tellBusy() {
        owner.busy(!served.none() || size() > 0);
    }

    private void fewer() {
        if (size() == 0) {
            clock.rest();
        }
        tellBusy();
    }

    // Not under the lock.

    /** Takes this one out, wherever it stands; false if it does not wait. */
    boolean takeOut(PeerMessage one) {
        boolean found;
        synchronized (lock) {
            found = lanes[one.lane].remove(one, clock.now());
            fewer();
        }
        room.see(lanes[one.lane]);
        return found;
    }

    /** Takes out the oldest of the most urgent that wait, for whoever ends it; null if nothing waits. */
    @Nullable
    PeerMessage takeAny() {
        PeerMessage found = null;
        synchronized (lock) {
            for (int lane = 0; lane < lanes.length && found == null; lane++) {
                found = lanes[lane].take(clock.now());
                lanes[lane].settled();
            }
            fewer();
        }
        seeToRoom();
        return found;
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
        seeToRoom();
        boolean again = clock.setTimer();
        for (PeerMessage one = due.poll(); one != null; one = due.poll()) {
            owner.returned(one);
        }
        if (again) {
            tryToHaveLooked();
        }
    }

    /** Has the clock looked at, if need be. If nobody does any more, what waits is returned here. */
    void haveLooked() {
        if (!clock.ask()) {
            for (PeerMessage one = takeAny(); one != null; one = takeAny()) {
                owner.returned(one);
            }
        }
    }

    /** The same. If there is no memory for it, whoever comes next does it. */
    void tryToHaveLooked() {
        try {
            haveLooked();
        } catch (Throwable failure) {
            Log.thrown(Level.ERROR, this, "what waits may not be looked at in time", failure);
        }
    }
}
