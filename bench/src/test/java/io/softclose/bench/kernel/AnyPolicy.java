/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.kernel;

import io.softclose.net.spi.ClosePolicy;
import io.softclose.policy.drain.DropPolicy;
import io.softclose.policy.drain.GracefulPolicy;
import io.softclose.policy.drain.TimedDrainPolicy;
import io.softclose.policy.priority.ConsensusPriorityPolicy;
import java.time.Duration;

/** Every close policy of this project, with so much time that only what a scenario does makes it run out. */
enum AnyPolicy {
    GRACEFUL {
        @Override
        ClosePolicy policy() {
            return GracefulPolicy.builder()
                    .drainTimeout(PATIENCE)
                    .finishTimeout(PATIENCE)
                    .stallTimeout(PATIENCE)
                    .build();
        }
    },
    /** With its own drain time, because that is what it is about. */
    TIMED_DRAIN {
        @Override
        ClosePolicy policy() {
            return TimedDrainPolicy.builder().finishTimeout(PATIENCE).build();
        }
    },
    DROP {
        @Override
        ClosePolicy policy() {
            return DropPolicy.builder().transportTimeout(PATIENCE).build();
        }
    },
    CONSENSUS_PRIORITY {
        @Override
        ClosePolicy policy() {
            return ConsensusPriorityPolicy.builder()
                    .critical(lane -> lane.withDrainTimeout(PATIENCE))
                    .recoverable(lane -> lane.withDrainTimeout(PATIENCE))
                    .bulk(lane -> lane.withDrainTimeout(PATIENCE))
                    .finishTimeout(PATIENCE)
                    .stallTimeout(PATIENCE)
                    .build();
        }
    };

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** The policy. */
    abstract ClosePolicy policy();

    /** Whether sends are refused from the start of a close on. */
    boolean seals() {
        return this != TIMED_DRAIN;
    }

    /** The lane of the message of this number. */
    int laneOf(int sequence) {
        return this == CONSENSUS_PRIORITY && !Cargo.urgent(sequence) ? 1 : 0;
    }
}
