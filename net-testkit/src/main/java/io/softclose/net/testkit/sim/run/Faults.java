/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.run;

import io.softclose.net.testkit.sim.SimLink;
import io.softclose.net.testkit.sim.scenario.Scenario;
import io.softclose.net.testkit.sim.world.Host;
import io.softclose.net.testkit.sim.world.World;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Things that go wrong, by chance. */
final class Faults {
    private final World sim;
    private final SplittableRandom random;
    private final List<SimulatedNode> nodes;
    private final Scenario scenario;
    private final List<Consumer<SimLink>> linkFaults =
            new ArrayList<>(List.of(SimLink::cut, this::cutSoon, this::cutSoon, SimLink::vanish, this::vanishBothWays));

    /**
     * None so far.
     *
     * @param layered whether a layer notices ends that nobody sent, so that there may be some
     */
    Faults(World sim, SplittableRandom random, Scenario scenario, List<SimulatedNode> nodes, boolean layered) {
        if (layered) {
            linkFaults.addAll(Collections.nCopies(linkFaults.size(), this::forgeEndSoon));
        }
        this.sim = sim;
        this.scenario = scenario;
        this.random = random;
        this.nodes = nodes;
    }

    /** Has one thing go wrong at this time. */
    void plan(Duration at) {
        sim.after(
                at,
                switch (random.nextInt(8)) {
                    case 0 -> () -> sim.jump(some(Duration.ofSeconds(random.nextBoolean() ? 1 : 30)));
                    case 1, 2 -> () -> one().host().pause(some(Duration.ofSeconds(2)));
                    case 3, 4 -> this::partition;
                    case 5 -> this::newConditions;
                    default -> this::breakLink;
                });
    }

    /** Has a loop of one host die at this time. */
    void planDeath(Duration at) {
        Host host = one().host();
        int which = random.nextInt(64);
        sim.after(at, () -> host.loopDies(which, new IOException("the loop has died, on purpose")));
    }

    /** Has one host lend no buffers for a while from this time on, or seldom. */
    void planShortage(Duration at) {
        double refused = random.nextBoolean() ? 1 : random.nextDouble();
        Host host = one().host();
        sim.after(at, () -> host.memory().refuse(refused));
        sim.after(at.plus(some(Duration.ofMillis(300))), () -> host.memory().refuse(0));
    }

    private void partition() {
        Host one = one().host();
        Host other = one().host();
        sim.partition(one, other);
        // Perhaps longer than any close may take.
        sim.after(some(Duration.ofSeconds(random.nextBoolean() ? 1 : 60)), () -> sim.heal(one, other));
    }

    private void newConditions() {
        sim.conditions(one().host(), one().host(), scenario.conditions(random));
    }

    private void breakLink() {
        List<SimLink> links = one().host().openLinks();
        if (!links.isEmpty()) {
            linkFaults.get(random.nextInt(linkFaults.size())).accept(links.get(random.nextInt(links.size())));
        }
    }

    private void cutSoon(SimLink link) {
        link.cutAfter(random.nextInt(2_000));
    }

    private void forgeEndSoon(SimLink link) {
        link.forgeEndAfter(random.nextInt(5_000));
    }

    private void vanishBothWays(SimLink link) {
        link.vanish();
        SimLink peer = link.peer();
        if (peer != null) {
            peer.vanish();
        }
    }

    private SimulatedNode one() {
        return nodes.get(random.nextInt(nodes.size()));
    }

    private Duration some(Duration most) {
        return Duration.ofNanos(random.nextLong(most.toNanos()));
    }
}
