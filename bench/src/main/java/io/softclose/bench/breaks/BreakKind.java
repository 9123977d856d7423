/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.breaks;

import java.util.SplittableRandom;

/** What ends a connection, or at least tries to. */
public enum BreakKind {
    /** The way between is gone: both ends are reset. */
    RESET(17),
    /** Both ends see an end that the other never said. */
    CUT(13),
    /** Nothing passes for a while, then both ends are reset. */
    STALL(8),
    /** Nothing passes for a while, and one end gives its peer up. */
    DEAD(6),
    /** One end gives its peer up, though the way is fine. */
    HEALTH(9),
    /** One end trusts its peer no more, and again soon after. */
    STALE(9),
    /** One end closes, and the relay breaks what that takes. */
    BROKEN_CLOSE(14),
    ABORT(8),
    /** One end dials once more, so that one of two connections has to go. */
    DUPLICATE(8),
    /** One node shuts down within a short time, and starts anew. */
    RESTART(4),
    /** The same, at once. */
    CRASH(4);

    private static final int ALL = 100;

    private final int percent;

    BreakKind(int percent) {
        this.percent = percent;
    }

    /** Any of them, some more often than others. */
    static BreakKind any(SplittableRandom random) {
        int left = random.nextInt(ALL);
        for (BreakKind kind : values()) {
            left -= kind.percent;
            if (left < 0) {
                return kind;
            }
        }
        throw new IllegalStateException("percents: less than " + ALL + " in all");
    }
}
