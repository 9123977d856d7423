/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.ledger;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** In what order messages of one end start and are handled: within a lane and form as accepted, urgent lanes first. */
final class OrderCheck {
    private final Consumer<String> violated;
    /** The last number by lane and form. */
    private final int[] lastStarted;

    private final int[] lastHandled;
    /** Whole messages with a listener, by lane, that have neither started nor ended. */
    private final long[] unstartedWhole;

    OrderCheck(int lanes, Consumer<String> violated) {
        this.violated = violated;
        lastStarted = filled(2 * lanes);
        lastHandled = filled(2 * lanes);
        unstartedWhole = new long[lanes];
    }

    void accepted(Sent one) {
        unstartedWhole[one.lane] += countsAsUnstarted(one);
    }

    void endsUnstarted(Sent one) {
        unstartedWhole[one.lane] -= countsAsUnstarted(one);
    }

    void starts(Sent one) {
        if (one.kind == Sent.Kind.ANSWER) {
            // It is accepted when its lane has room, which nobody else sees.
            return;
        }
        if (lastStarted[form(one)] >= one.number) {
            violated.accept("starts before " + lastStarted[form(one)] + ", which was accepted after it: " + one);
        }
        lastStarted[form(one)] = one.number;
        unstartedWhole[one.lane] -= countsAsUnstarted(one);
    }

    void handled(Sent one) {
        if (one.kind == Sent.Kind.ANSWER) {
            return;
        }
        if (lastHandled[form(one)] >= one.number) {
            violated.accept("handled after " + lastHandled[form(one)] + ": " + one);
        }
        lastHandled[form(one)] = one.number;
    }

    /** Nothing of a lane that is named earlier may wait when a message is about to start. */
    void checkUrgency(Sent one, List<Integer> laneOrder) {
        for (int lane : laneOrder) {
            if (lane == one.lane) {
                return;
            }
            if (unstartedWhole[lane] > 0) {
                violated.accept(
                        "starts before " + unstartedWhole[lane] + " of the more urgent lane " + lane + ": " + one);
            }
        }
    }

    /** Whole messages of a lane that have neither started nor ended, as far as anybody is told. */
    long unstarted(int lane) {
        return unstartedWhole[lane];
    }

    /** The same of all lanes. */
    long unstarted() {
        return Arrays.stream(unstartedWhole).sum();
    }

    /** Nobody is told at once that a message without a listener was discarded. */
    private static int countsAsUnstarted(Sent one) {
        return one.listened && !one.streamed ? 1 : 0;
    }

    private static int form(Sent one) {
        return 2 * one.lane + (one.streamed ? 1 : 0);
    }

    private static int[] filled(int length) {
        int[] none = new int[length];
        Arrays.fill(none, -1);
        return none;
    }
}
