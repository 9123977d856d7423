/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.stream;

import io.softclose.net.Outcome;

/**
 * How far a message has left its connection: its place in the link's stream tells, and the link's two numbers, what it
 * took and what it flushed to the operating system. Anything that ends a message on its way asks here for its outcome.
 */
enum Departure {
    /** The link took no byte of it: it can be taken back. */
    NONE,
    /** The link took a part of it: the peer cannot have it whole, though it may have that part. */
    PART,
    /** The link took all of it; nobody knows whether the operating system has it. */
    TAKEN,
    /** The operating system has all of it. */
    FLUSHED;

    /**
     * How far a message has left, all in positions of the link's stream.
     *
     * @param start of its first byte
     * @param end after its last byte; {@link Long#MAX_VALUE} while that is not put yet
     * @param taken after the last byte that the link took
     * @param flushed after the last byte that the operating system has
     */
    static Departure of(long start, long end, long taken, long flushed) {
        if (end <= flushed) {
            return FLUSHED;
        }
        if (end <= taken) {
            return TAKEN;
        }
        return start < taken ? PART : NONE;
    }

    /**
     * The outcome of a message of which nothing more goes.
     *
     * @param ofNone what becomes of one that has not begun to leave
     */
    Outcome outcome(Outcome ofNone) {
        return switch (this) {
            case NONE -> ofNone;
            case PART -> Outcome.UNSENT;
            case TAKEN -> Outcome.UNCERTAIN;
            case FLUSHED -> Outcome.WRITTEN;
        };
    }
}
