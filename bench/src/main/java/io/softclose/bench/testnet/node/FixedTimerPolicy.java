/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.node;

import io.softclose.net.DisconnectReason;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.CloseDecision.Finish;
import io.softclose.net.spi.CloseDecision.Parting;
import io.softclose.net.spi.ClosePlan;
import io.softclose.net.spi.ClosePlan.Admission;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.CloseSnapshot;
import java.time.Duration;

/**
 * A baseline: takes no more sends, lets what is queued go for two seconds, whatever there is and however fast it goes, and closes without
 * waiting for the peer. So does Besu after its disconnect message ({@code NettyPeerConnection.closeConnection}, commit 0c770ea63d3d). Immutable and
 * thread-safe.
 */
final class FixedTimerPolicy implements ClosePolicy {
    /** The name that it is chosen by. */
    static final String NAME = "fixed-timer";

    static final Duration TIMER = Duration.ofSeconds(2);
    /** For the frame that is being written when the time is over. */
    private static final Duration DEADLINE = TIMER.plusMillis(500);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public ClosePlan plan(DisconnectReason reason) {
        return new ClosePlan(Admission.SEAL, DEADLINE, DEADLINE);
    }

    @Override
    public CloseDecision decide(CloseSnapshot snapshot) {
        Duration left = TIMER.minus(snapshot.elapsed());
        return left.isNegative() || left.isZero() ? new Finish(Parting.AT_ONCE) : CloseDecision.drain(snapshot, left);
    }
}
