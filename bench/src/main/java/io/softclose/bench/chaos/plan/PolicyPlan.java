/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.chaos.plan;

import io.softclose.net.spi.ClosePolicy;
import io.softclose.policy.drain.DropPolicy;
import io.softclose.policy.drain.GracefulPolicy;
import io.softclose.policy.drain.TimedDrainPolicy;
import io.softclose.policy.priority.ConsensusPriorityPolicy;
import java.time.Duration;

/**
 * A close policy and its settings.
 *
 * @param drainMillis for what is queued
 * @param finishMillis for what comes after it
 * @param stallMillis for a peer that takes nothing, where the policy has a setting for that
 */
public record PolicyPlan(Kind kind, int drainMillis, int finishMillis, int stallMillis) {
    /** The policies of this project. */
    public enum Kind {
        DROP,
        TIMED_DRAIN,
        GRACEFUL,
        CONSENSUS_PRIORITY
    }

    /** Whether sends are refused from the start of a close on. */
    public boolean seals() {
        return kind != Kind.TIMED_DRAIN;
    }

    /** Whether it sorts messages into the lanes of their classes. */
    public boolean sorts() {
        return kind == Kind.CONSENSUS_PRIORITY;
    }

    /** The policy. */
    public ClosePolicy policy() {
        Duration drain = Duration.ofMillis(drainMillis);
        Duration finish = Duration.ofMillis(finishMillis);
        Duration stall = Duration.ofMillis(stallMillis);
        return switch (kind) {
            case DROP -> DropPolicy.builder().transportTimeout(finish).build();
            case TIMED_DRAIN ->
                TimedDrainPolicy.builder()
                        .drainTime(drain)
                        .shortDrainTime(drain)
                        .finishTimeout(finish)
                        .shortFinishTimeout(finish)
                        .build();
            case GRACEFUL ->
                GracefulPolicy.builder()
                        .drainTimeout(drain)
                        .shortDrainTimeout(drain)
                        .finishTimeout(finish)
                        .shortFinishTimeout(finish)
                        .stallTimeout(stall)
                        .build();
            case CONSENSUS_PRIORITY ->
                ConsensusPriorityPolicy.builder()
                        .classifier(Cargo::urgencyOf)
                        .critical(lane -> lane.withDrainTimeout(drain))
                        .recoverable(lane -> lane.withDrainTimeout(drain.dividedBy(2)))
                        .bulk(lane -> lane.withDrainTimeout(drain.dividedBy(4)))
                        .shortDrainTimeout(drain)
                        .finishTimeout(finish)
                        .shortFinishTimeout(finish)
                        .stallTimeout(stall)
                        .build();
        };
    }
}
