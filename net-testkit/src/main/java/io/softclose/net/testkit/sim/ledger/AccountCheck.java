/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.ledger;

import io.softclose.net.Account;
import io.softclose.net.LaneAccount;
import io.softclose.net.Outcome;
import java.util.function.Consumer;

/** What one end accepted, and what its listeners were told, by lane; compared with what its connection's account says. */
final class AccountCheck {
    private static final Outcome[] OUTCOMES = Outcome.values();

    private final Consumer<String> violated;
    private final long[] accepted;
    private final long[] bareAccepted;
    /** Answers that may have been accepted, by lane: when, the account alone shows. */
    private final long[] given;
    /** What listeners were told, by lane and outcome. */
    private final long[] told;

    private long pending;
    private boolean changed;

    AccountCheck(int lanes, Consumer<String> violated) {
        this.violated = violated;
        accepted = new long[lanes];
        bareAccepted = new long[lanes];
        given = new long[lanes];
        told = new long[lanes * OUTCOMES.length];
    }

    void accepted(Sent one) {
        accepted[one.lane]++;
        bareAccepted[one.lane] += one.listened ? 0 : 1;
        changed = true;
    }

    /** An answer was given, and may be accepted from now on. */
    void given(Sent answer) {
        given[answer.lane]++;
        changed = true;
    }

    /** How many answers an account says were accepted. */
    long answers(Account account) {
        long answers = 0;
        for (int lane = 0; lane < accepted.length; lane++) {
            answers += account.lanes().get(lane).accepted() - accepted[lane];
        }
        return answers;
    }

    void told(Sent one, Outcome outcome) {
        told[one.lane * OUTCOMES.length + index(outcome)]++;
        changed = true;
    }

    /** Whether anything was accepted or told since it was last compared. */
    boolean changed() {
        return changed;
    }

    /** How many messages had no outcome when it was last compared. */
    long pending() {
        return pending;
    }

    void compare(Account account) {
        changed = false;
        pending = 0;
        for (int lane = 0; lane < accepted.length; lane++) {
            compare(lane, account.lanes().get(lane));
        }
    }

    private void compare(int lane, LaneAccount one) {
        long bareEnded = 0;
        for (Outcome outcome : OUTCOMES) {
            long bare = one.count(outcome) - told[lane * OUTCOMES.length + index(outcome)];
            if (bare < 0) {
                violated.accept("fewer " + outcome + " than listeners were told: " + one);
            }
            bareEnded += bare;
        }
        long left = one.pending();
        long answers = one.accepted() - accepted[lane];
        if (answers < 0 || answers > given[lane] || bareEnded > bareAccepted[lane] + answers || left < 0) {
            violated.accept("accepted " + accepted[lane] + ", " + bareAccepted[lane] + " without a listener, and gave "
                    + given[lane] + " answers, but its account says " + one);
        }
        pending += left;
    }

    @SuppressWarnings("EnumOrdinal") // an index into an array of this run, kept nowhere
    private static int index(Outcome outcome) {
        return outcome.ordinal();
    }
}
