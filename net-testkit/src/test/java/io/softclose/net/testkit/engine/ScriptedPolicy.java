/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import io.softclose.net.DisconnectReason;
import io.softclose.net.Limits;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.ClosePlan;
import io.softclose.net.spi.ClosePlan.Admission;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.CloseSnapshot;
import io.softclose.net.spi.Lane;
import io.softclose.net.spi.LaneClassifier;
import io.softclose.net.spi.LanePlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A policy that answers what the test says, and writes down what it was asked. Unless told otherwise it seals, drains
 * everything, and leaves with a half-close.
 */
final class ScriptedPolicy implements ClosePolicy {
    static final Duration DEADLINE = Duration.ofSeconds(10);
    static final Duration STALL_TIMEOUT = Duration.ofSeconds(5);
    static final Duration ASK_AGAIN = Duration.ofSeconds(1);

    private final List<DisconnectReason> planned = new ArrayList<>();
    private final List<CloseSnapshot> asked = new ArrayList<>();
    private List<Lane> lanes = List.of();
    private boolean nameless;
    private LaneClassifier classifier = message -> Math.min(message.priority(), Math.max(0, lanes.size() - 1));
    private Function<DisconnectReason, ClosePlan> planning =
            reason -> new ClosePlan(Admission.SEAL, DEADLINE, STALL_TIMEOUT);
    private Function<CloseSnapshot, CloseDecision> deciding = ScriptedPolicy::drainThenFinish;

    static CloseDecision drainThenFinish(CloseSnapshot snapshot) {
        return snapshot.sealed() && snapshot.drained()
                ? CloseDecision.finish()
                : CloseDecision.drain(snapshot, ASK_AGAIN);
    }

    /** Uses these lanes, most urgent first. A message's priority is the index of its lane. */
    ScriptedPolicy lanes(Lane... wanted) {
        lanes = List.of(wanted);
        return this;
    }

    /** Uses lanes with these names, roomy ones without a burst limit. */
    ScriptedPolicy lanes(String... names) {
        lanes = List.of(names).stream()
                .map(name -> new Lane(name, 1024, 1 << 20, Long.MAX_VALUE))
                .toList();
        return this;
    }

    ScriptedPolicy classifies(LaneClassifier wanted) {
        classifier = wanted;
        return this;
    }

    ScriptedPolicy plans(Admission admission, Duration deadline, Duration stallTimeout) {
        return plans(reason -> new ClosePlan(admission, deadline, stallTimeout));
    }

    ScriptedPolicy plans(Function<DisconnectReason, ClosePlan> wanted) {
        planning = wanted;
        return this;
    }

    ScriptedPolicy decides(Function<CloseSnapshot, CloseDecision> wanted) {
        deciding = wanted;
        return this;
    }

    /** The reasons it was asked to plan for. */
    List<DisconnectReason> planned() {
        return List.copyOf(planned);
    }

    /** The snapshots it was asked to decide on. */
    List<CloseSnapshot> asked() {
        return List.copyOf(asked);
    }

    /** Throws from now on when it is asked for its name. */
    ScriptedPolicy forgetsItsName() {
        nameless = true;
        return this;
    }

    @Override
    public String name() {
        if (nameless) {
            throw new IllegalStateException("deliberate");
        }
        return "scripted";
    }

    @Override
    public LanePlan lanes(Limits limits) {
        List<Lane> chosen = lanes.isEmpty() ? LanePlan.single(limits).lanes() : lanes;
        return new LanePlan(chosen, message -> classifier.laneOf(message));
    }

    @Override
    public ClosePlan plan(DisconnectReason reason) {
        planned.add(reason);
        return planning.apply(reason);
    }

    @Override
    public CloseDecision decide(CloseSnapshot snapshot) {
        asked.add(snapshot);
        return deciding.apply(snapshot);
    }
}
