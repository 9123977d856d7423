/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.peer;

import org.jspecify.annotations.Nullable;

/**
 * Messages in a row, the oldest first. They are the row's own links, so none is in two, and to put one in or to take one out
 * takes no memory: nothing gets lost if there is none. Not thread-safe.
 */
final class MessageRow {
    private @Nullable PeerMessage oldest;
    private @Nullable PeerMessage youngest;
    private int size;
    private long bytes;

    int size() {
        return size;
    }

    /** How long the payloads of all are together. */
    long bytes() {
        return bytes;
    }

    /** The first; the others follow by {@link PeerMessage#younger}. Null if there is none. */
    @Nullable
    PeerMessage oldest() {
        return oldest;
    }

    /** Adds one behind all others. */
    void add(PeerMessage one) {
        requireNotHere(one);
        PeerMessage before = youngest;
        if (before == null) {
            oldest = one;
        } else {
            before.younger = one;
        }
        youngest = one;
        count(one);
    }

    /** Puts one before all others. */
    void putFirst(PeerMessage one) {
        requireNotHere(one);
        one.younger = oldest;
        oldest = one;
        if (youngest == null) {
            youngest = one;
        }
        count(one);
    }

    /** One that stood in the row twice would make it endless. */
    private void requireNotHere(PeerMessage one) {
        if (one.younger != null || one == youngest) {
            throw new IllegalStateException("message: waits already (expected: in no row)");
        }
    }

    /** Takes the oldest out; null if there is none. */
    @Nullable
    PeerMessage poll() {
        PeerMessage first = oldest;
        if (first != null) {
            takeOut(null, first);
        }
        return first;
    }

    /** Takes this one out; false if it is not here. */
    boolean remove(PeerMessage one) {
        PeerMessage before = null;
        PeerMessage next = oldest;
        while (next != null && next != one) {
            before = next;
            next = next.younger;
        }
        if (next == null) {
            return false;
        }
        takeOut(before, one);
        return true;
    }

    /** Moves those whose time has come to another row, oldest first: they wait no longer. */
    void moveDue(long now, MessageRow due) {
        PeerMessage before = null;
        for (PeerMessage one = oldest; one != null; ) {
            PeerMessage after = one.younger;
            if (now - one.endsAt() >= 0) {
                takeOut(before, one);
                one.leave(now);
                due.add(one);
            } else {
                before = one;
            }
            one = after;
        }
    }

    private void takeOut(@Nullable PeerMessage before, PeerMessage one) {
        PeerMessage after = one.younger;
        if (before == null) {
            oldest = after;
        } else {
            before.younger = after;
        }
        if (after == null) {
            youngest = before;
        }
        one.younger = null;
        size--;
        bytes -= one.message.size();
    }

    private void count(PeerMessage one) {
        size++;
        bytes += one.message.size();
    }
}
