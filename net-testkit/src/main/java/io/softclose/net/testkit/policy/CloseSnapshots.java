/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.policy;

import io.softclose.net.DisconnectReason;
import io.softclose.net.DisconnectReason.Drain;
import io.softclose.net.Limits;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.CloseSnapshot;
import io.softclose.net.spi.CloseSnapshot.LaneSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Snapshots of every kind that an engine could show to a policy, the same ones each time. */
final class CloseSnapshots {
    private static final long SEED = 0x5eed_c105eL;
    private static final int SNAPSHOTS_PER_REASON = 2_000;

    private final Random random = new Random(SEED);
    private final DisconnectReason reason;
    private final List<String> lanes;
    private final long deadline;

    private CloseSnapshots(ClosePolicy policy, DisconnectReason reason) {
        this.reason = reason;
        this.lanes = policy.lanes(Limits.defaults()).lanes().stream()
                .map(lane -> lane.name())
                .toList();
        this.deadline = policy.plan(reason).deadline().toNanos();
    }

    /** Snapshots of this policy's lanes around this policy's deadlines, for every reason that it is asked about. */
    static List<CloseSnapshot> of(ClosePolicy policy) {
        List<CloseSnapshot> snapshots = new ArrayList<>();
        for (DisconnectReason reason : DisconnectReason.values()) {
            if (reason.drain() != Drain.NONE) {
                CloseSnapshots source = new CloseSnapshots(policy, reason);
                for (int i = 0; i < SNAPSHOTS_PER_REASON; i++) {
                    snapshots.add(source.next());
                }
            }
        }
        return snapshots;
    }

    private CloseSnapshot next() {
        long elapsed = anyElapsed();
        List<LaneSnapshot> queued = lanes.stream().map(this::anyLane).toList();
        long onTheWay = random.nextBoolean() ? 0 : 1 + random.nextInt(1 << 20);
        boolean waiting = onTheWay > 0 || queued.stream().anyMatch(lane -> lane.queuedMessages() > 0);
        return new CloseSnapshot(
                reason,
                Duration.ofNanos(elapsed),
                Duration.ofNanos(anyRemaining(elapsed)),
                random.nextBoolean(),
                Duration.ofNanos(waiting ? 0 : upTo(elapsed)),
                queued,
                onTheWay,
                random.nextInt(1 << 20),
                Duration.ofNanos(upTo(elapsed)),
                random.nextInt(4) == 0,
                anyAnswers(),
                anyAnswers());
    }

    /** Mostly none. */
    private int anyAnswers() {
        return random.nextInt(4) == 0 ? random.nextInt(1, 200) : 0;
    }

    /** Mostly within the deadline, often right beside a bound. */
    private long anyElapsed() {
        return switch (random.nextInt(7)) {
            case 0 -> 0;
            case 1 -> 1;
            case 2 -> Math.max(0, deadline - 1);
            case 3 -> deadline;
            case 4 -> deadline + upTo(deadline);
            case 5 -> upTo(Math.min(deadline, Duration.ofSeconds(1).toNanos()));
            default -> upTo(deadline);
        };
    }

    /** What the plan leaves, or less if the application has set an earlier deadline. */
    private long anyRemaining(long elapsed) {
        long planned = Math.max(0, deadline - elapsed);
        return switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> upTo(planned);
            default -> planned;
        };
    }

    private LaneSnapshot anyLane(String name) {
        long messages = switch (random.nextInt(4)) {
            case 0, 1 -> 0;
            case 2 -> 1;
            default -> upTo(1 << 20);
        };
        return new LaneSnapshot(name, messages, messages * upTo(4096));
    }

    private long upTo(long most) {
        return (long) (random.nextDouble() * most);
    }
}
