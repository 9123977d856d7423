/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.ledger;

import io.softclose.net.Message;
import io.softclose.net.Outcome;
import org.jspecify.annotations.Nullable;

/** What the ledger knows of one message that a connection was offered. */
public final class Sent {
    static final long NEVER = Long.MAX_VALUE;
    static final long UNKNOWN = -1;

    /** What it is to its peer. */
    enum Kind {
        MESSAGE,
        REQUEST,
        ANSWER
    }

    final Kind kind;
    final Message message;
    /** Counts the sender's offers; accepted ones are in this order. */
    final int number;

    final int lane;
    /** Whether it is longer than a frame. */
    final boolean streamed;
    /** Whether its sender wants to be told how it ends. */
    final boolean listened;
    /** On the network's clock. */
    final long expiresAt;

    /** Whether its payload can be read. */
    public boolean readable = true;

    boolean accepted;

    @Nullable
    Outcome outcome;
    /** When it ended, on the network's clock. */
    long endedAt;
    /** Whether the connection was closing when it ended. */
    boolean endedWhileClosing;

    /** The request that it answers. */
    @Nullable
    Sent request;

    /** Whether a request's reply has completed. */
    boolean replied;
    /** Whether it is known that the peer has not got it, and never will. */
    boolean neverSeen;

    boolean returned;
    /** Whether a handler was called with it. */
    boolean handled;
    /** Whether that handler has returned, or its stage is complete. */
    boolean done;
    /** Where its first byte stands in what its link was given. */
    long start = UNKNOWN;
    /** Where its last byte ends there, once the last frame has started. */
    long end = UNKNOWN;

    Sent(Kind kind, Message message, int number, int lane, boolean streamed, boolean listened, long expiresAt) {
        this.kind = kind;
        this.message = message;
        this.number = number;
        this.lane = lane;
        this.streamed = streamed;
        this.listened = listened;
        this.expiresAt = expiresAt;
    }

    /** Whether it is a plain message, which comes back if it does not go, and must be handled if it does. */
    boolean plain() {
        return kind == Kind.MESSAGE;
    }

    /** What became of it, as its link shows: for what nobody tells of. */
    Outcome shown(OwnStream stream) {
        if (within(stream.flushed())) {
            return Outcome.WRITTEN;
        }
        return within(stream.taken()) ? Outcome.UNCERTAIN : Outcome.UNSENT;
    }

    boolean started() {
        return start != UNKNOWN;
    }

    /** Whether all of it is among the first so many bytes of its link. */
    boolean within(long bytes) {
        return end != UNKNOWN && end <= bytes;
    }

    /** Whether this may become of it, given what was taken and flushed. */
    boolean mayEndAs(Outcome how, OwnStream stream, long now) {
        return switch (how) {
            case DELIVERED -> handled;
            case WRITTEN -> within(stream.flushed());
            case UNCERTAIN -> stream.flushesLater() && within(stream.taken()) && !within(stream.flushed());
            case UNSENT -> !handled && !within(stream.taken());
            case DISCARDED -> !handled && !started();
            case EXPIRED -> !handled && !started() && expiresAt <= now;
            case HANDED_OVER -> !handled && !within(stream.taken());
        };
    }

    /** Whether a handler may be called with it now. */
    boolean mayBeHandled() {
        boolean mayHaveLeft = outcome == null
                || outcome == Outcome.WRITTEN
                || outcome == Outcome.DELIVERED
                || outcome == Outcome.UNCERTAIN;
        return accepted && !handled && mayHaveLeft && !neverSeen;
    }

    @Override
    public String toString() {
        return kind + " " + number + " (lane " + lane + (streamed ? ", streamed" : "") + ", " + message.size()
                + " bytes, " + (outcome == null ? "pending" : outcome)
                + (done ? ", handled" : handled ? ", being handled" : "")
                + (started() ? ", at " + start + (end == UNKNOWN ? " on" : " to " + end) : "") + ")";
    }
}
