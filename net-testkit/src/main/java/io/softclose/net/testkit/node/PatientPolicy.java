/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.node;

import io.softclose.net.DisconnectReason;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.ClosePlan;
import io.softclose.net.spi.ClosePlan.Admission;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.CloseSnapshot;
import java.time.Duration;

/**
 * Sends everything and waits for the peer's end, with enough time for every close that does not hang.
 *
 * @param stallTimeout the most the peer may take nothing
 */
record PatientPolicy(Duration stallTimeout) implements ClosePolicy {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    static final PatientPolicy DEFAULT = new PatientPolicy(PATIENCE);

    @Override
    public String name() {
        return "patient";
    }

    @Override
    public ClosePlan plan(DisconnectReason reason) {
        return new ClosePlan(Admission.SEAL, PATIENCE, stallTimeout);
    }

    @Override
    public CloseDecision decide(CloseSnapshot snapshot) {
        return snapshot.sealed() && snapshot.drained()
                ? CloseDecision.finish()
                : CloseDecision.drain(snapshot, PATIENCE);
    }
}
