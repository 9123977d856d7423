/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.policy;

import io.softclose.net.DisconnectReason;
import io.softclose.net.Limits;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.ClosePlan;
import io.softclose.net.spi.ClosePlan.Admission;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.CloseSnapshot;
import io.softclose.net.spi.CloseSnapshot.LaneSnapshot;
import io.softclose.net.spi.Lane;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A close in virtual time that counts messages instead of sending them: it asks the policy as the engine does, at the
 * start and after each event, until the policy finishes or the plan's deadline passes. Used once.
 */
final class SimulatedClose {
    /** The time between two events, unless the deadline is so far away that there would be too many. */
    private static final long TICK_NANOS = Duration.ofMillis(1).toNanos();

    private static final long MOST_TICKS = 50_000;
    /** How long the last admission takes to arrive in its lane. */
    private static final long SEALING_NANOS = Duration.ofMillis(5).toNanos();

    private static final int MESSAGES_PER_TICK = 16;
    private static final long MESSAGE_BYTES = 100;

    /** What there is to send: messages in each lane at the start, and whether one more arrives at each event. */
    record Load(int queuedPerLane, boolean arriving) {}

    /** What the peer does. */
    enum Peer {
        /** Takes some messages at each event. */
        READING,
        /** Takes nothing; one message of the first lane, if it has any, is stuck on its way. */
        DEAD
    }

    /** How it was when the policy finished, or the deadline passed. */
    enum Ending {
        /** The policy said so, or its plan leaves no time for anything else. */
        FINISHED,
        /** Not finished, but every message that could still be started is gone: the engine only waits for a flush. */
        NOTHING_LEFT_TO_START,
        MESSAGES_LEFT
    }

    private final ClosePolicy policy;
    private final DisconnectReason reason;
    private final Load load;
    private final Peer peer;
    private final ClosePlan plan;
    private final List<String> laneNames;
    private final long[] queued;
    private final long stuck;
    private final long tick;

    private long now;
    private long progressAt;
    private long idleSince;
    private long written;
    private @Nullable CloseSnapshot lastSnapshot;
    private @Nullable CloseDecision lastDecision;

    SimulatedClose(ClosePolicy policy, DisconnectReason reason, Load load, Peer peer) {
        this.policy = policy;
        this.reason = reason;
        this.load = load;
        this.peer = peer;
        this.plan = policy.plan(reason);
        this.laneNames =
                policy.lanes(Limits.defaults()).lanes().stream().map(Lane::name).toList();
        this.queued = new long[laneNames.size()];
        Arrays.fill(queued, load.queuedPerLane());
        this.stuck = peer == Peer.DEAD ? Math.min(1, load.queuedPerLane()) : 0;
        this.tick = Math.max(TICK_NANOS, plan.deadline().toNanos() / MOST_TICKS);
    }

    Ending run() {
        long deadline = plan.deadline().toNanos();
        if (deadline == 0) {
            return Ending.FINISHED;
        }
        while (now < deadline) {
            CloseSnapshot snapshot = snapshot(deadline - now);
            CloseDecision decision = policy.decide(snapshot);
            lastSnapshot = snapshot;
            lastDecision = decision;
            requireLanesOf(snapshot, decision);
            if (decision instanceof CloseDecision.Finish) {
                return Ending.FINISHED;
            }
            boolean askAtOnce = decision instanceof CloseDecision.Discard discard && discard(discard.lanes());
            if (!askAtOnce) {
                if (decision instanceof CloseDecision.Drain drain && peer == Peer.READING) {
                    write(drain.laneOrder());
                }
                passTime();
            }
        }
        return Arrays.stream(queued).sum() == stuck ? Ending.NOTHING_LEFT_TO_START : Ending.MESSAGES_LEFT;
    }

    /** What the policy saw last; null if it was never asked. */
    @Nullable
    CloseSnapshot lastSnapshot() {
        return lastSnapshot;
    }

    /** What the policy decided last; null if it was never asked. */
    @Nullable
    CloseDecision lastDecision() {
        return lastDecision;
    }

    /** Fails if a decision names a lane that its snapshot does not have. */
    static void requireLanesOf(CloseSnapshot snapshot, CloseDecision decision) {
        Collection<Integer> named = decision instanceof CloseDecision.Drain drain
                ? drain.laneOrder()
                : decision instanceof CloseDecision.Discard discard ? discard.lanes() : List.of();
        if (!snapshot.allLanes().containsAll(named)) {
            throw new AssertionError("lanes: " + named + " (expected: of " + snapshot.allLanes() + ") on " + snapshot);
        }
    }

    private CloseSnapshot snapshot(long remaining) {
        List<LaneSnapshot> lanes = IntStream.range(0, queued.length)
                .mapToObj(lane -> new LaneSnapshot(laneNames.get(lane), queued[lane], queued[lane] * MESSAGE_BYTES))
                .toList();
        return new CloseSnapshot(
                reason,
                Duration.ofNanos(now),
                Duration.ofNanos(remaining),
                plan.admission() == Admission.SEAL && now >= SEALING_NANOS,
                Duration.ofNanos(now - idleSince),
                lanes,
                stuck * MESSAGE_BYTES,
                written,
                Duration.ofNanos(now - progressAt),
                false,
                0,
                0);
    }

    private boolean discard(Collection<Integer> lanes) {
        boolean discarded = false;
        for (int lane : lanes) {
            long kept = lane == 0 ? stuck : 0;
            discarded |= queued[lane] > kept;
            queued[lane] = kept;
        }
        return discarded;
    }

    private void write(List<Integer> laneOrder) {
        long left = MESSAGES_PER_TICK;
        for (int lane : laneOrder) {
            long count = Math.min(left, queued[lane]);
            queued[lane] -= count;
            left -= count;
        }
        if (left < MESSAGES_PER_TICK) {
            written += MESSAGES_PER_TICK - left;
            progressAt = now;
        }
    }

    private void passTime() {
        now += tick;
        boolean admitting = plan.admission() == Admission.KEEP_OPEN || now < SEALING_NANOS;
        if (load.arriving() && admitting) {
            queued[queued.length - 1]++;
        }
        if (Arrays.stream(queued).sum() > 0) {
            idleSince = now;
        }
    }
}
