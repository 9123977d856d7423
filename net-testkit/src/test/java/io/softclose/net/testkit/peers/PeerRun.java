/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.peers;

import io.softclose.net.Connection;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Outcome;
import io.softclose.net.PeerId;
import io.softclose.net.spi.ClosePlan.Admission;
import io.softclose.net.testkit.sim.SimConditions;
import io.softclose.net.testkit.sim.SimLink;
import io.softclose.net.testkit.sim.SimNetwork;
import io.softclose.net.testkit.sim.SimSockets;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** One random run, from its seed alone: two nodes, who send to each other as peers, while connections come and go. */
final class PeerRun {
    private static final Duration SETTLED = Duration.ofSeconds(25);
    private static final Duration LONGEST = Duration.ofSeconds(60);

    /** What happens to connections. */
    enum Troubles {
        /** Nothing goes wrong: both dial at once, and that is all. */
        NONE,
        /** The same, but the link of the one that has to go fails, and handlers take their time. */
        LOSER_FAILS,
        /** Anything. */
        MANY
    }

    private final Troubles troubles;
    private final boolean calm;
    private final SplittableRandom random;
    private final SimNetwork sim;
    private final List<String> violations = new ArrayList<>();
    private final Map<String, Long> rare = new TreeMap<>();
    private final PeerNode one;
    private final PeerNode other;
    private final Duration activity;

    /**
     * A run that has not begun.
     *
     * @param troubles what happens to connections
     */
    PeerRun(long seed, Troubles troubles) {
        this.troubles = troubles;
        calm = troubles != Troubles.MANY;
        random = new SplittableRandom(seed * 2 + (calm ? 1 : 0));
        sim = new SimNetwork(seed);
        activity = Duration.ofMillis(calm ? 1_500 : 2_000 + random.nextInt(4_000));
        one = node("one");
        other = node("other");
        sim.conditions(conditions());
        sim.conditions(one.host, other.host, conditions());
    }

    private PeerNode node(String name) {
        byte[] id = new byte[PeerId.LENGTH];
        random.nextBytes(id);
        SimSockets sockets =
                SimSockets.linux().withBuffers(2_000 + random.nextInt(20_000), 4_000 + random.nextInt(20_000));
        if (random.nextInt(3) == 0) {
            sockets = sockets.flushingLater(Duration.ofMillis(1));
        }
        Admission admission = random.nextInt(4) == 0 ? Admission.KEEP_OPEN : Admission.SEAL;
        TwoLanes policy = new TwoLanes(admission, random.nextInt(6) == 0);
        PeerLedger ledger = new PeerLedger(name, this::now, violations);
        return new PeerNode(
                sim.host(name, 1 + random.nextInt(2), sockets), PeerId.of(id), ledger, policy, random.split());
    }

    private Duration now() {
        return sim.now();
    }

    private SimConditions conditions() {
        Duration latency =
                Duration.ofMillis(random.nextInt(3) == 0 ? random.nextInt(calm ? 100 : 300) : random.nextInt(10));
        return SimConditions.loopback()
                .withLatency(latency)
                .withJitter(Duration.ofMillis(random.nextInt(20)))
                .withBytesPerSecond((calm ? 300_000 : 20_000) + random.nextInt(1_000_000))
                .withSegmentBytes(1_448);
    }

    void record() {
        sim.record();
    }

    List<String> recorded() {
        return sim.recorded();
    }

    /** Runs to the end; what is violated. */
    List<String> run() {
        one.start(other);
        other.start(one);
        sim.after(within(Duration.ofMillis(50)), one::dial);
        sim.after(within(Duration.ofMillis(50)), other::dial);
        traffic(one);
        traffic(other);
        if (troubles == Troubles.LOSER_FAILS) {
            one.takesItsTime(sim);
            other.takesItsTime(sim);
            lookForLoser();
        }
        if (!calm) {
            for (int faults = 1 + random.nextInt(6); faults > 0; faults--) {
                sim.after(within(activity), this::goWrong);
            }
        }
        seeTo(one);
        seeTo(other);
        sim.runFor(activity.plus(SETTLED));
        checkOneStays();
        one.ledger.room.checkNobodyWaitsForNothing();
        other.ledger.room.checkNobodyWaitsForNothing();
        one.stop(Duration.ofSeconds(5));
        other.stop(Duration.ofSeconds(5));
        sim.runFor(LONGEST);
        sim.run();
        one.ledger.room.checkNobodyWaits();
        other.ledger.room.checkNobodyWaits();
        one.ledger.check(one.accounts(), troubles == Troubles.NONE);
        other.ledger.check(other.accounts(), troubles == Troubles.NONE);
        if (troubles == Troubles.LOSER_FAILS) {
            // What the end that decides has heard. The other may hear of the failure later than of what comes on the
            // winner.
            undecided().ledger.checkOrder();
        }
        sim.verifyNoLeaks();
        one.ledger.replies().forEach((how, times) -> note("request " + how, times));
        other.ledger.replies().forEach((how, times) -> note("request " + how, times));
        note("told of room", one.ledger.room.told() + other.ledger.room.told());
        note("gave up room", one.ledger.room.gaveUp() + other.ledger.room.gaveUp());
        note("handed over", one.ledger.handedOver() + other.ledger.handedOver());
        for (Outcome outcome : Outcome.values()) {
            note(outcome.name(), one.ledger.count(outcome) + other.ledger.count(outcome));
        }
        if (!violations.isEmpty()) {
            one.ledger.reports().forEach(each -> violations.add("one: " + each));
            other.ledger.reports().forEach(each -> violations.add("other: " + each));
        }
        return violations;
    }

    Map<String, Long> rareStates() {
        return rare;
    }

    private void note(String state, long times) {
        rare.merge(state, times, Long::sum);
    }

    private void traffic(PeerNode node) {
        Duration pause = Duration.ofNanos(500_000 + random.nextInt(30_000_000));
        sim.after(pause, () -> {
            if (sim.now().compareTo(activity) < 0) {
                for (int burst = random.nextInt(8) == 0 ? 30 : 1; burst > 0; burst--) {
                    node.send();
                }
                note("waits though open", node.waitsThoughOpen() > 0 ? 1 : 0);
                note("two open", node.open().size() > 1 ? 1 : 0);
                traffic(node);
            }
        });
    }

    private void seeTo(PeerNode node) {
        sim.after(Duration.ofMillis(100 + random.nextInt(400)), () -> {
            if (sim.now().compareTo(activity.plus(SETTLED)) < 0) {
                node.seeToConnection();
                seeTo(node);
            }
        });
    }

    private void checkOneStays() {
        List<Connection> here = one.open();
        List<Connection> there = other.open();
        boolean same = here.size() == 1
                && there.size() == 1
                && here.get(0).direction() != there.get(0).direction();
        if (!same) {
            violations.add(sim.now() + ": open are " + here + " and " + there + " (expected: both ends of one)");
        }
        List<SimLink> ours = linksUp(one);
        List<SimLink> theirs = linksUp(other);
        if (!ours.stream().map(SimLink::peer).toList().equals(theirs)) {
            violations.add(sim.now() + ": links are " + ours + " and " + theirs + " (expected: both ends of one)");
        }
    }

    /** Without those that the kernel has not accepted: whoever dialled them has fallen silent. */
    private static List<SimLink> linksUp(PeerNode node) {
        return node.host.openLinks().stream().filter(SimLink::isOpen).toList();
    }

    /** The node with the greater id decides which of two connections goes. */
    private PeerNode deciding() {
        return one.id.compareTo(other.id) > 0 ? one : other;
    }

    private PeerNode undecided() {
        return deciding() == one ? other : one;
    }

    /** Cuts the link of the connection that goes, at some time while it drains. */
    private void lookForLoser() {
        sim.after(within(Duration.ofMillis(4)), () -> {
            List<SocketAddress> losers = deciding().network().connections().stream()
                    .filter(one -> one.state().closing())
                    .map(Connection::remoteAddress)
                    .toList();
            if (!losers.isEmpty() && random.nextInt(3) == 0) {
                note("loser cut", 1);
                deciding().host.openLinks().stream()
                        .filter(link -> losers.contains(link.remoteAddress()))
                        .forEach(SimLink::cut);
            } else if (sim.now().compareTo(activity) < 0) {
                lookForLoser();
            }
        });
    }

    private void goWrong() {
        PeerNode node = random.nextBoolean() ? one : other;
        switch (random.nextInt(8)) {
            case 0 -> links(node, SimLink::cut);
            case 1 -> links(node, link -> link.cutAfter(random.nextInt(3_000)));
            case 2 -> vanish(node);
            case 3 -> close(node, DisconnectReason.STALE_CONNECTION);
            case 4 -> close(node, DisconnectReason.NETWORK_HEALTH_CHECK_FAILURE);
            case 5 -> node.open().forEach(Connection::abort);
            case 6 -> {
                note("dialled nevertheless", 1);
                node.dial();
            }
            default -> restart(node);
        }
    }

    private void links(PeerNode node, Consumer<SimLink> fault) {
        node.host.openLinks().forEach(fault);
    }

    /** A black hole, until a health check of one end finds out; nobody tells the other. */
    private void vanish(PeerNode node) {
        links(node, SimLink::vanish);
        if (random.nextBoolean()) {
            links(node == one ? other : one, SimLink::vanish);
        }
        PeerNode finder = random.nextBoolean() ? one : other;
        Predicate<Connection> inTheHole = finder.ofThisMoment();
        sim.after(within(Duration.ofSeconds(3)), () -> close(finder, DisconnectReason.NETWORK_HEALTH_CHECK_FAILURE));
        // What was on its way may still open one, at each end another: a health check sees to each, whenever it opens.
        sim.after(
                PeerNode.MOST_OPENING,
                () -> close(finder.open().stream().filter(inTheHole), DisconnectReason.NETWORK_HEALTH_CHECK_FAILURE));
    }

    private static void close(PeerNode node, DisconnectReason reason) {
        close(node.open().stream(), reason);
    }

    private static void close(Stream<Connection> connections, DisconnectReason reason) {
        connections.forEach(connection -> {
            var unused = connection.close(reason);
        });
    }

    private void restart(PeerNode node) {
        note("restart", 1);
        if (random.nextBoolean()) {
            // Its machine is gone: nobody tells the other end.
            links(node, SimLink::vanish);
        }
        node.stop(Duration.ZERO);
        node.start(node == one ? other : one);
    }

    private Duration within(Duration most) {
        return Duration.ofNanos(random.nextLong(most.toNanos()));
    }
}
