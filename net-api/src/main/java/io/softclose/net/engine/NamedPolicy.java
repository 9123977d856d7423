/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine;

import static java.util.Objects.requireNonNull;

import io.softclose.net.DisconnectReason;
import io.softclose.net.Limits;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.ClosePlan;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.CloseSnapshot;
import io.softclose.net.spi.LanePlan;

/** A policy that was asked for its name once: reports, which must be made, do not depend on its answering again. */
record NamedPolicy(ClosePolicy policy, String name) implements ClosePolicy {
    /** Asks for the name, unless that was done before. */
    static ClosePolicy of(ClosePolicy policy) {
        return policy instanceof NamedPolicy
                ? policy
                : new NamedPolicy(policy, requireNonNull(policy.name(), "name() answered null"));
    }

    @Override
    public LanePlan lanes(Limits limits) {
        return policy.lanes(limits);
    }

    @Override
    public ClosePlan plan(DisconnectReason reason) {
        return policy.plan(reason);
    }

    @Override
    public CloseDecision decide(CloseSnapshot snapshot) {
        return policy.decide(snapshot);
    }
}
