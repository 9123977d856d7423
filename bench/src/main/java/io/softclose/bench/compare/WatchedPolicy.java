/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.compare;

import io.softclose.net.DisconnectReason;
import io.softclose.net.Limits;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.CloseDecision.Discard;
import io.softclose.net.spi.CloseDecision.Drain;
import io.softclose.net.spi.CloseDecision.Finish;
import io.softclose.net.spi.CloseDecision.Parting;
import io.softclose.net.spi.ClosePlan;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.CloseSnapshot;
import io.softclose.net.spi.LanePlan;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A policy that decides as another one does, and tells of each decision in words.
 *
 * @param policy which decides
 * @param lanes the names of its lanes
 * @param told hears each decision
 */
record WatchedPolicy(ClosePolicy policy, List<String> lanes, Consumer<String> told) implements ClosePolicy {
    @Override
    public String name() {
        return policy.name();
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
        CloseDecision decision = policy.decide(snapshot);
        told.accept(inWords(decision));
        return decision;
    }

    private String inWords(CloseDecision decision) {
        if (decision instanceof Drain drain) {
            return drain.laneOrder().isEmpty() ? "wait" : "drain " + names(drain.laneOrder());
        }
        if (decision instanceof Discard discard) {
            return "discard " + names(discard.lanes().stream().sorted().toList());
        }
        Finish finish = (Finish) decision;
        return finish.parting() == Parting.HALF_CLOSE ? "finish, and wait for the peer's end" : "finish at once";
    }

    private String names(Collection<Integer> indices) {
        return indices.stream().map(lanes::get).collect(Collectors.joining(", "));
    }
}
