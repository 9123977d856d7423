/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.run;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection.Reading;
import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.testkit.sim.ledger.Ledger;
import io.softclose.net.testkit.sim.ledger.LedgerSide;
import io.softclose.net.testkit.sim.ledger.RareStates;
import io.softclose.net.testkit.sim.scenario.Hardship;
import io.softclose.net.testkit.sim.scenario.Scenario;
import io.softclose.net.testkit.sim.tls.TlsHost;
import io.softclose.net.testkit.sim.world.Host;
import io.softclose.net.testkit.sim.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/** One random run, from its seed alone: hosts, connections, what their applications do, and what goes wrong. */
public final class SimulationRun {
    /** Far more than a run of a few connections needs. */
    private static final long MOST_EVENTS = 3_000_000;
    /** So many more for each: one of 155 ends has come to rest after 3.3 million. */
    private static final long EVENTS_PER_CONNECTION = 40_000;
    /** In how many of a hundred runs there are requests. */
    private static final int ASKING_PERCENT = 25;
    /** In how many of a hundred runs a node with some more connections shuts down while it sends on all of them. */
    private static final int RUSH_PERCENT = 15;

    /** Longer than any close may take. */
    private static final Duration LONGEST_BUDGET = Duration.ofSeconds(40);

    private final Chances chances;
    private final SplittableRandom random;
    private final SplittableRandom asking;
    private final boolean asks;
    private final SplittableRandom rushing;
    private final World sim;
    private final Ledger ledger;
    private final Scenario scenario;
    private final UnaryOperator<Message> spoiling;
    private final boolean layered;
    private final List<SimulatedNode> nodes = new ArrayList<>();

    /**
     * A run that has not begun.
     *
     * @param policies makes a node's policy
     * @param spoiling makes some payloads such that cannot be read
     * @param layered whether all links speak TLS
     */
    public SimulationRun(
            long seed,
            Function<RandomGenerator, ? extends ClosePolicy> policies,
            UnaryOperator<Message> spoiling,
            boolean layered) {
        this.spoiling = spoiling;
        this.layered = layered;
        chances = Chances.of(seed);
        random = chances.usual();
        asking = chances.asking();
        asks = asking.nextInt(100) < ASKING_PERCENT;
        rushing = new SplittableRandom(seed ^ 0x369DEA0F31A53F85L);
        sim = new World(seed);
        ledger = new Ledger(sim, layered);
        sim.observe(ledger);
        scenario = Scenario.random(random);
        sim.conditions(scenario.conditions(random));
        for (int i = 0; i < scenario.hosts(); i++) {
            Host host = sim.newHost("node" + i, 1 + random.nextInt(2), scenario.sockets(random));
            ClosePolicy policy = policies.apply(random);
            nodes.add(newNode(host, policy));
        }
    }

    private SimulatedNode newNode(Host host, ClosePolicy policy) {
        SimulatedNode[] node = new SimulatedNode[1];
        node[0] = new SimulatedNode(
                sim, placeOn(host), ledger, policy, scenario, chances.split(), spoiling, side -> plan(node[0], side));
        return node[0];
    }

    private Place placeOn(Host host) {
        if (!layered) {
            return new Place(host, host, Optional.empty());
        }
        TlsHost secured = new TlsHost(sim, host, nodes.size(), random.split(), ledger::follow);
        return new Place(host, secured, Optional.of(secured.peerId()));
    }

    public World world() {
        return sim;
    }

    /** Runs to the end; what is violated is in the answer. */
    public Result run() {
        sim.note("scenario: " + scenario);
        nodes.get(0).listen();
        for (int i = 0; i < scenario.connections(); i++) {
            SimulatedNode dialler = nodes.get(1 + random.nextInt(nodes.size() - 1));
            sim.after(within(Duration.ofMillis(50)), () -> dialler.dial(nodes.get(0)));
        }
        Faults faults = new Faults(sim, random.split(), scenario, nodes, layered);
        for (int i = 0; i < scenario.faults(); i++) {
            faults.plan(within(scenario.activity()));
        }
        for (int left = scenario.has(Hardship.NO_MEMORY) ? 1 + random.nextInt(5) : 0; left > 0; left--) {
            faults.planShortage(within(scenario.activity()));
        }
        if (scenario.has(Hardship.DYING_LOOP)) {
            faults.planDeath(within(scenario.activity()));
        }
        planShutdowns();
        if (rushing.nextInt(100) < RUSH_PERCENT) {
            planRush();
        }
        sim.blocksWhile(this::goesOn);
        while (goesOn() && sim.step()) {}
        if (ledger.violations().isEmpty()) {
            checkAtTheEnd();
        }
        return result();
    }

    private boolean goesOn() {
        long most = MOST_EVENTS + EVENTS_PER_CONNECTION * scenario.connections();
        if (sim.steps() > most) {
            ledger.violated("does not come to rest within " + most + " events");
        }
        return ledger.violations().isEmpty();
    }

    /** Each node is shut down in the end, some in the middle. */
    private void planShutdowns() {
        for (SimulatedNode node : nodes) {
            Duration at = random.nextInt(4) == 0 ? within(scenario.activity()) : scenario.activity();
            Duration budget = random.nextInt(3) == 0 ? within(Duration.ofSeconds(1)) : LONGEST_BUDGET;
            sim.after(at, () -> node.shutDown(budget));
        }
    }

    /** The node that everybody dials has some more connections, and shuts down right after it has sent on each. */
    private void planRush() {
        for (int left = 2 + rushing.nextInt(5); left > 0; left--) {
            SimulatedNode dialler = nodes.get(1 + rushing.nextInt(nodes.size() - 1));
            sim.after(Duration.ofMillis(rushing.nextInt(10)), () -> dialler.dial(nodes.get(0)));
        }
        Duration at = scenario.activity().multipliedBy(1 + rushing.nextInt(3)).dividedBy(4);
        Duration budget = rushing.nextBoolean() ? Duration.ofMillis(1 + rushing.nextInt(1_000)) : LONGEST_BUDGET;
        sim.after(at, () -> nodes.get(0).rush(budget));
    }

    /** What one end of a connection will do, from the time when it opens. */
    private void plan(SimulatedNode node, LedgerSide side) {
        for (int left = random.nextInt(6); left > 0; left--) {
            at(side, within(scenario.activity()), () -> node.burst(side));
        }
        if (scenario.has(Hardship.SLOW_PATH)) {
            at(side, within(Duration.ofMillis(100)), () -> node.flood(side));
        }
        if (scenario.has(Hardship.TALK)) {
            node.talk(side, scenario.activity().multipliedBy(2));
        }
        planRequests(node, side);
        planClose(node, side);
        planPauses(side);
    }

    private void planRequests(SimulatedNode node, LedgerSide side) {
        for (int left = asks ? 1 + asking.nextInt(5) : 0; left > 0; left--) {
            Duration time = Duration.ofNanos(asking.nextLong(scenario.activity().toNanos()));
            at(side, time, () -> node.asks(side));
        }
    }

    private void planClose(SimulatedNode node, LedgerSide side) {
        if (scenario.has(Hardship.TOGETHER)) {
            // The same moment on the network's clock for both ends.
            Duration left = scenario.activity().dividedBy(2).minus(sim.now());
            at(side, left.isNegative() ? Duration.ZERO : left, () -> node.close(side));
        }
        // Closes at round times, so that both ends often close at once.
        for (int left = random.nextInt(3); left > 0; left--) {
            at(side, scenario.activity().dividedBy(1 + random.nextInt(4)), () -> node.close(side));
        }
        if (random.nextInt(15) == 0) {
            at(side, within(scenario.activity()), () -> node.abort(side));
        }
    }

    private void planPauses(LedgerSide side) {
        int pauses = scenario.has(Hardship.RESTLESS) ? 1 + random.nextInt(30) : random.nextInt(5) == 0 ? 1 : 0;
        for (int left = pauses; left > 0; left--) {
            Duration pause = within(scenario.activity());
            at(side, pause, () -> side.receives(Reading.PAUSED));
            at(side, pause.plus(within(Duration.ofMillis(500))), () -> side.receives(Reading.RESUMED));
        }
    }

    /** Does something at a time, on the connection's loop or as any other thread would. */
    private void at(LedgerSide side, Duration time, Runnable action) {
        boolean onLoop = random.nextBoolean();
        sim.after(time, onLoop ? () -> onLoop(side, action) : action);
    }

    private static void onLoop(LedgerSide side, Runnable action) {
        try {
            side.link().loop().execute(action);
        } catch (RejectedExecutionException dead) {
            action.run();
        }
    }

    private void checkAtTheEnd() {
        ledger.checkAtTheEnd();
        nodes.forEach(SimulatedNode::checkAtTheEnd);
        try {
            sim.verifyNoLeaks();
        } catch (AssertionError found) {
            ledger.violated(String.valueOf(found.getMessage()));
        }
    }

    private Result result() {
        Set<String> endStates = new TreeSet<>();
        int closes = 0;
        RareStates rare = new RareStates(layered);
        for (LedgerSide side : ledger.sides()) {
            rare.look(side, ledger.peerOf(side));
            CloseReport report = side.report();
            if (report != null) {
                closes++;
                endStates.add(endState(side, report));
            }
        }
        return new Result(
                sim.steps(),
                sim.trace().fingerprint(),
                closes,
                endStates,
                rare.counts(),
                List.copyOf(ledger.violations()));
    }

    private static String endState(LedgerSide side, CloseReport report) {
        Set<Outcome> outcomes = EnumSet.noneOf(Outcome.class);
        for (Outcome outcome : Outcome.values()) {
            if (report.account().count(outcome) > 0) {
                outcomes.add(outcome);
            }
        }
        return report.reason() + " " + report.ending() + " " + side.states() + " " + outcomes;
    }

    private Duration within(Duration most) {
        return Duration.ofNanos(random.nextLong(most.toNanos()));
    }

    /**
     * What came of a run.
     *
     * @param events how many there were
     * @param fingerprint of all of them
     * @param closes how many connections' ends have closed
     * @param endStates how: reason, ending, states passed, and which outcomes there were
     * @param rareStates how often each rare state was reached
     * @param violations what was not as it must be
     */
    public record Result(
            long events,
            long fingerprint,
            int closes,
            Set<String> endStates,
            Map<String, Long> rareStates,
            List<String> violations) {}
}
