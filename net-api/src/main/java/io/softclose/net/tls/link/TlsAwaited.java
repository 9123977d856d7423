/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.tls.link;

/**
 * What whoever is above a link waits to be told: that it can write again, that nothing which has arrived is left, or that
 * what it wrote has left. Loop only.
 */
final class TlsAwaited {
    private final SealedOutput output;
    private boolean room;
    private boolean look;
    /** How much had left when it was told last. */
    private long flushedBefore;

    TlsAwaited(SealedOutput output) {
        this.output = output;
    }

    /** A write was not taken whole. */
    void room() {
        room = true;
    }

    /** It asked whether nothing is left; if something is, it is to hear of the next change. Returns what it is given. */
    boolean look(boolean nothingLeft) {
        look = !nothingLeft;
        return nothingLeft;
    }

    /** Whether there is room, and it waits for that. */
    boolean hasRoom() {
        return room && output.allGiven();
    }

    /** It is told of room. */
    void roomTold() {
        room = false;
    }

    /** Whether the link below can be written to and that concerns it: records of the protocol's own are no progress. */
    boolean isWorthTelling() {
        return hasRoom() || look || output.flushedPlainBytes() > flushedBefore;
    }

    /** It is told that it can write, and looks at everything. */
    void told() {
        room = false;
        flushedBefore = output.flushedPlainBytes();
    }
}
