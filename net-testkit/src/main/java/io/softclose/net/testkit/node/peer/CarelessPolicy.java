/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.node.peer;

import io.softclose.net.DisconnectReason;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.CloseDecision.Finish;
import io.softclose.net.spi.CloseDecision.Parting;
import io.softclose.net.spi.ClosePlan;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.CloseSnapshot;
import io.softclose.net.testkit.node.fixture.PatientPolicy;

/** Closes the socket as soon as it has written what it began, whatever the peer still has to say or to read. */
public final class CarelessPolicy implements ClosePolicy {
    @Override
    public String name() {
        return "careless";
    }

    @Override
    public ClosePlan plan(DisconnectReason reason) {
        return PatientPolicy.DEFAULT.plan(reason);
    }

    @Override
    public CloseDecision decide(CloseSnapshot snapshot) {
        return new Finish(Parting.AT_ONCE);
    }
}
