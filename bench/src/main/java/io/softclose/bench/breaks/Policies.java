/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.breaks;

import io.softclose.net.Message;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.policy.drain.DropPolicy;
import io.softclose.policy.drain.GracefulPolicy;
import io.softclose.policy.drain.TimedDrainPolicy;
import io.softclose.policy.priority.ConsensusPriorityPolicy;
import io.softclose.policy.priority.MessageClass;
import java.time.Duration;
import java.util.SplittableRandom;

/** The project's close policies, with times that suit breaks that follow one another quickly. */
final class Policies {
    private static final Duration FULL = Duration.ofSeconds(2);
    private static final Duration SHORT = Duration.ofMillis(300);

    private Policies() {}

    /** Any of them. */
    static ClosePolicy any(SplittableRandom random) {
        return switch (random.nextInt(8)) {
            case 0 -> DropPolicy.builder().transportTimeout(SHORT).build();
            case 1 ->
                TimedDrainPolicy.builder()
                        .drainTime(SHORT)
                        .shortDrainTime(SHORT)
                        .finishTimeout(FULL)
                        .shortFinishTimeout(SHORT)
                        .build();
            case 2, 3, 4 ->
                GracefulPolicy.builder()
                        .drainTimeout(FULL)
                        .shortDrainTimeout(SHORT)
                        .finishTimeout(FULL)
                        .shortFinishTimeout(SHORT)
                        .stallTimeout(Duration.ofSeconds(1))
                        .build();
            default ->
                ConsensusPriorityPolicy.builder()
                        .classifier(Policies::classOf)
                        .critical(lane -> lane.withDrainTimeout(FULL))
                        .recoverable(lane -> lane.withDrainTimeout(FULL))
                        .bulk(lane -> lane.withDrainTimeout(FULL.dividedBy(2)))
                        .shortDrainTimeout(SHORT)
                        .finishTimeout(FULL)
                        .shortFinishTimeout(SHORT)
                        .stallTimeout(Duration.ofSeconds(1))
                        .build();
        };
    }

    private static MessageClass classOf(Message message) {
        return switch (Cargo.lane(message)) {
            case 0 -> MessageClass.CRITICAL;
            case 1 -> MessageClass.RECOVERABLE;
            default -> MessageClass.BULK;
        };
    }
}
