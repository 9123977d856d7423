/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.beside;

import io.softclose.net.DisconnectReason;
import io.softclose.net.DisconnectReason.Drain;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.ClosePlan;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.CloseSnapshot;
import java.time.Duration;

/** Sends all that was accepted, within half a minute, or a second if the link is probably broken. */
final class PatientPolicy implements ClosePolicy {
    static final Duration SHORT = Duration.ofSeconds(1);

    @Override
    public String name() {
        return "patient";
    }

    @Override
    public ClosePlan plan(DisconnectReason reason) {
        Duration time = reason.drain() == Drain.FULL ? Duration.ofSeconds(30) : SHORT;
        return new ClosePlan(ClosePlan.Admission.SEAL, time, time);
    }

    @Override
    public CloseDecision decide(CloseSnapshot now) {
        boolean done = now.sealed() && now.drained();
        return done ? CloseDecision.finish() : CloseDecision.drain(now, Duration.ofMillis(50));
    }
}
