/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.shutdown;

import io.softclose.bench.shutdown.BarrierLoad.Voters;
import io.softclose.bench.shutdown.Bottleneck.Turns;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.policy.drain.GracefulPolicy;
import io.softclose.policy.priority.ConsensusPriorityPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a node that ends may have before it.
 *
 * @param turns whose bytes go next through the bottleneck
 * @param voters which connections have votes
 * @param rules what its connections close by
 */
public record BarrierCase(Turns turns, Voters voters, Rules rules) {
    /** How a node ends. */
    public enum Ending {
        /** As a network that shuts down, behind its barrier. */
        AS_ONE("as one"),
        /** Connection by connection, in the same moment and with the same deadline: there is no barrier. */
        ONE_BY_ONE("one by one");

        private final String label;

        Ending(String label) {
            this.label = label;
        }

        @Override
        public String toString() {
            return label;
        }
    }

    /** Close policies, by what they make of votes and bulk. */
    public enum Rules {
        /** {@code consensus-priority} as by default: bulk may start for a quarter of the time of votes. */
        SHARES("consensus-priority"),
        /** The same, with as much time for bulk as for votes. */
        EQUAL_SHARES("consensus-priority, equal times"),
        /** {@code graceful}: all messages in one lane, so that there is no barrier. What differs is what chance makes of it. */
        ONE_LANE("graceful");

        private final String label;

        Rules(String label) {
            this.label = label;
        }

        ClosePolicy policy() {
            return switch (this) {
                case SHARES -> ConsensusPriorityPolicy.defaults();
                case EQUAL_SHARES ->
                    ConsensusPriorityPolicy.builder()
                            .recoverable(lane -> lane.withDrainTimeout(VOTES_TIME))
                            .bulk(lane -> lane.withDrainTimeout(VOTES_TIME))
                            .build();
                case ONE_LANE -> GracefulPolicy.defaults();
            };
        }

        @Override
        public String toString() {
            return label;
        }
    }

    /** As critical messages have by default. */
    private static final Duration VOTES_TIME = Duration.ofSeconds(20);

    /** All that differ: with one lane it makes no difference who has votes. */
    public static List<BarrierCase> all() {
        List<BarrierCase> all = new ArrayList<>();
        for (Turns turns : Turns.values()) {
            for (Voters voters : Voters.values()) {
                for (Rules rules : Rules.values()) {
                    if (rules != Rules.ONE_LANE || voters == Voters.ALL) {
                        all.add(new BarrierCase(turns, voters, rules));
                    }
                }
            }
        }
        return all;
    }

    @Override
    public String toString() {
        return turns + ", votes on " + voters + ", " + rules;
    }
}
