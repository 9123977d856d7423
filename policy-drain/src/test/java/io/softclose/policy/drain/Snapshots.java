/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.drain;

import io.softclose.net.DisconnectReason;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.CloseSnapshot;
import io.softclose.net.spi.CloseSnapshot.LaneSnapshot;
import java.time.Duration;
import java.util.List;

/** A close whose account is drained, sealed and just started, until the test says otherwise. */
record Snapshots(
        DisconnectReason reason,
        Duration elapsed,
        Duration granted,
        boolean sealed,
        Duration idle,
        long queued,
        int owed,
        int awaited) {

    /** A close under the policy's own deadline for a reason. */
    static Snapshots of(ClosePolicy policy, DisconnectReason reason) {
        return new Snapshots(reason, Duration.ZERO, policy.plan(reason).deadline(), true, Duration.ZERO, 0, 0, 0);
    }

    Snapshots after(Duration time) {
        return new Snapshots(reason, time, granted, sealed, idle, queued, owed, awaited);
    }

    /** A close that was given another time than its plan asked for. */
    Snapshots within(Duration deadline) {
        return new Snapshots(reason, elapsed, deadline, sealed, idle, queued, owed, awaited);
    }

    Snapshots notSealed() {
        return new Snapshots(reason, elapsed, granted, false, idle, queued, owed, awaited);
    }

    Snapshots idleFor(Duration time) {
        return new Snapshots(reason, elapsed, granted, sealed, time, queued, owed, awaited);
    }

    Snapshots withQueued(long messages) {
        return new Snapshots(reason, elapsed, granted, sealed, idle, messages, owed, awaited);
    }

    Snapshots withAnswers(int owedAnswers, int awaitedAnswers) {
        return new Snapshots(reason, elapsed, granted, sealed, idle, queued, owedAnswers, awaitedAnswers);
    }

    CloseSnapshot snapshot() {
        Duration remaining = granted.minus(elapsed);
        return new CloseSnapshot(
                reason,
                elapsed,
                remaining.isNegative() ? Duration.ZERO : remaining,
                sealed,
                idle,
                List.of(new LaneSnapshot("default", queued, 100 * queued)),
                0,
                0,
                Duration.ZERO,
                false,
                owed,
                awaited);
    }
}
