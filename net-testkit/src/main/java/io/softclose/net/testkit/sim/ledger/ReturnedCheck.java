/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.ledger;

import io.softclose.net.Outcome;
import io.softclose.net.ReturnedMessage;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Checks what one close returns, in order: the very objects, once each, with their outcomes, lane by lane, in the order of
 * their acceptance; those that expired or could not be read, when they ended.
 */
final class ReturnedCheck {
    private final Consumer<String> violated;
    /** The last number by lane and form. */
    private final Map<Integer, Integer> last = new HashMap<>();

    private int lane;

    ReturnedCheck(Consumer<String> violated) {
        this.violated = violated;
    }

    /**
     * The next returned message.
     *
     * @param which what is known of this very object; null if nothing is
     * @return whether it may be returned
     */
    boolean check(ReturnedMessage one, @Nullable Sent which) {
        if (which == null || !which.plain() || !which.accepted || which.returned) {
            violated.accept("returned, but not accepted, or returned before: " + one + " " + which);
            return false;
        }
        which.returned = true;
        if (one.outcome() == Outcome.WRITTEN || one.outcome() == Outcome.DELIVERED) {
            violated.accept("returned although " + one.outcome() + ": " + which);
        }
        if (which.listened && which.outcome != one.outcome()) {
            violated.accept("returned as " + one.outcome() + ": " + which);
        }
        int form = 2 * which.lane + (which.streamed ? 1 : 0);
        boolean ordered = one.outcome() != Outcome.EXPIRED && which.readable;
        if (which.lane < lane || (ordered && last.getOrDefault(form, -1) >= which.number)) {
            violated.accept("returned out of order, after lane " + lane + " and " + last.get(form) + ": " + which);
        }
        lane = which.lane;
        if (ordered) {
            last.put(form, which.number);
        }
        return true;
    }

    /** Whether a message that ended so must be returned: if it did not go, and did not end for itself before the close. */
    static boolean expected(Sent one) {
        boolean mayEndBefore = one.outcome == Outcome.EXPIRED || !one.readable;
        return one.plain()
                && one.outcome != null
                && one.outcome != Outcome.WRITTEN
                && one.outcome != Outcome.DELIVERED
                && (!mayEndBefore || one.endedWhileClosing);
    }
}
