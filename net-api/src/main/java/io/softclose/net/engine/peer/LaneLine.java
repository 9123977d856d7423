/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.peer;

import io.softclose.net.engine.connection.PeerConnection;
import io.softclose.net.engine.outbox.RoomWaiters;
import io.softclose.net.engine.outbox.RoomWaiters.Waiter;
import io.softclose.net.spi.Lane;
import org.jspecify.annotations.Nullable;

/**
 * What waits of one lane, oldest first, and the way past it while nothing does. Takes no memory, whatever waits. Guarded by the
 * line's lock, but for the way.
 */
final class LaneLine {
    private final Lane lane;
    private final MessageRow waiting = new MessageRow();
    /** Whether one has been taken out, and may come back. */
    private boolean taken;
    /** Who is to tell when it has room for what waits. */
    private @Nullable PeerConnection roomOf;
    /** Who is to be told of room, here or past the line. Thread-safe by themselves. */
    final RoomWaiters waiters = new RoomWaiters();
    /** What the connection past the line has been asked for the first of them. */
    PeerRoom.@Nullable Ask asked;
    /** Whether a task that tells them is on its way. */
    boolean telling;
    /** Whether an open connection could take what waits, and nobody is sure to see to that: there was no memory for it. */
    boolean stuck;

    /**
     * The connection that a message may go to at once. There is one only while nothing waits, and it is written under the
     * lock: so whoever finds one is younger than all that waited.
     */
    volatile @Nullable PeerConnection way;

    LaneLine(Lane lane) {
        this.lane = lane;
    }

    Lane lane() {
        return lane;
    }

    /** Whether one more message of this many bytes may wait. */
    boolean hasRoom(int size) {
        return size() < lane.maxMessages() && waiting.bytes() + size <= lane.maxBytes();
    }

    /** Whether there is the room that somebody waits for. */
    boolean hasRoom(Waiter waiter) {
        return waiter.hasRoom(size(), waiting.bytes());
    }

    /** The youngest one begins to wait. */
    void add(PeerMessage one, long now) {
        one.enter(now);
        waiting.add(one);
        way = null;
    }

    /** One that was accepted before all others waits again. */
    void putFirst(PeerMessage one, long now) {
        one.enter(now);
        waiting.putFirst(one);
        way = null;
    }

    /** Takes the oldest out; null if none waits. It is {@linkplain #putBack put back} or {@linkplain #settled settled}. */
    @Nullable
    PeerMessage take(long now) {
        PeerMessage first = waiting.poll();
        if (first != null) {
            taken = true;
            first.leave(now);
        }
        return first;
    }

    /** What was taken out will not come back. */
    void settled() {
        taken = false;
    }

    /** Returns what was taken out. */
    void putBack(PeerMessage one, long now) {
        taken = false;
        putFirst(one, now);
    }

    /** Takes this one out, wherever it stands; false if it does not wait here. */
    boolean remove(PeerMessage one, long now) {
        boolean found = waiting.remove(one);
        if (found) {
            one.leave(now);
        }
        return found;
    }

    /** How many wait. */
    int size() {
        return waiting.size() + (taken ? 1 : 0);
    }

    /** How many bytes the payloads of those are that are here. */
    long bytes() {
        return waiting.bytes();
    }

    /** How long one of them has waited by now. */
    long longestWait(long now) {
        long longest = 0;
        for (PeerMessage one = waiting.oldest(); one != null; one = one.younger) {
            longest = Math.max(longest, now - one.since());
        }
        return longest;
    }

    /** Takes out those whose time has come, and has the clock look when the next ones' will have. */
    void takeDue(LineClock clock, MessageRow due) {
        waiting.moveDue(clock.now(), due);
        for (PeerMessage one = waiting.oldest(); one != null; one = one.younger) {
            clock.lookBy(one.endsAt());
        }
    }

    /** A connection is to tell when it has room; says whether that is news. */
    boolean awaitRoomOf(PeerConnection connection) {
        boolean news = roomOf != connection;
        roomOf = connection;
        return news;
    }

    /** It has told. */
    void roomTold() {
        roomOf = null;
    }
}
