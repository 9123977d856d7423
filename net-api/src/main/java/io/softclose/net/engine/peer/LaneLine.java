/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.peer;

import io.softclose.net.engine.connection.PeerConnection;
import io.softclose.net.spi.Lane;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What waits of one lane, oldest first, and the way past it while nothing does. Guarded by the line's lock, but for the way. */
final class LaneLine {
    private final Lane lane;
    private ArrayDeque<PeerMessage> waiting = new ArrayDeque<>(0);
    private long bytes;
    /** Whether one has been taken out, and may come back. */
    private boolean taken;
    /** Who is to tell when it has room for what waits. */
    private @Nullable PeerConnection roomOf;

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
        return size() < lane.maxMessages() && bytes + size <= lane.maxBytes();
    }

    /** The youngest one begins to wait. */
    void add(PeerMessage one) {
        waiting.addLast(one);
        bytes += one.message.size();
        way = null;
    }

    /** What would wait if these, in order, waited before all others. */
    ArrayDeque<PeerMessage> behind(List<PeerMessage> older) {
        ArrayDeque<PeerMessage> all = new ArrayDeque<>(older.size() + waiting.size() + 1);
        all.addAll(older);
        all.addAll(waiting);
        return all;
    }

    /** From now on these wait. */
    void replace(ArrayDeque<PeerMessage> all) {
        waiting = all;
        bytes = 0;
        all.forEach(one -> bytes += one.message.size());
        way = null;
    }

    /** Takes the oldest out; null if none waits. It is {@linkplain #putBack put back} or {@linkplain #settled settled}. */
    @Nullable
    PeerMessage take() {
        PeerMessage oldest = waiting.pollFirst();
        if (oldest != null) {
            taken = true;
            bytes -= oldest.message.size();
        }
        return oldest;
    }

    /** What was taken out will not come back. */
    void settled() {
        taken = false;
    }

    /** Returns what was taken out. There is room in the queue: none has been added at this end. */
    void putBack(PeerMessage one) {
        taken = false;
        waiting.addFirst(one);
        bytes += one.message.size();
    }

    /** How many wait. */
    int size() {
        return waiting.size() + (taken ? 1 : 0);
    }

    /** Takes out those whose time has come, oldest first. */
    void takeDue(long now, Consumer<PeerMessage> taker) {
        for (Iterator<PeerMessage> each = waiting.iterator(); each.hasNext(); ) {
            PeerMessage one = each.next();
            if (now - one.endsAt() >= 0) {
                taker.accept(one);
                each.remove();
                bytes -= one.message.size();
            }
        }
    }

    /** Shows all that wait, oldest first. */
    void forEach(Consumer<PeerMessage> taker) {
        waiting.forEach(taker);
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
