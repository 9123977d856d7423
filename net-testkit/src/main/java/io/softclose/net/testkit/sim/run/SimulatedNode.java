/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.run;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Connection.Direction;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.NetworkEvents;
import io.softclose.net.NetworkException;
import io.softclose.net.PeerId;
import io.softclose.net.SendResult;
import io.softclose.net.ShutdownReport;
import io.softclose.net.spi.ClosePlan;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.IdentityExchange;
import io.softclose.net.spi.LanePlan;
import io.softclose.net.spi.Link;
import io.softclose.net.testkit.sim.ledger.Ledger;
import io.softclose.net.testkit.sim.ledger.LedgerSide;
import io.softclose.net.testkit.sim.ledger.Sent;
import io.softclose.net.testkit.sim.scenario.Scenario;
import io.softclose.net.testkit.sim.scenario.UserCode;
import io.softclose.net.testkit.sim.scenario.WatchedPolicy;
import io.softclose.net.testkit.sim.world.Host;
import io.softclose.net.testkit.sim.world.LinkEnd;
import io.softclose.net.testkit.sim.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A node of a simulation: a network whose application sends, closes and fails by chance, and tells the ledger. */
final class SimulatedNode implements NetworkEvents {
    private static final int PORT = 6180;
    private static final List<DisconnectReason> REASONS = List.of(DisconnectReason.values());

    private final World sim;
    private final Host host;
    private final Ledger ledger;
    private final SplittableRandom random;
    private final WatchedPolicy policy;
    private final Limits limits;
    private final LanePlan lanes;
    private final Network network;
    private final UserCode user;
    private final MessageSource messages;
    private final RequestSource requests;
    private final MessageHandlers handlers;
    private final Complaints complaints;
    private final Consumer<LedgerSide> onOpen;
    private final List<Connection> dialled = new ArrayList<>();
    /** Of a hundred callbacks, how many do something. */
    private final int reacting;

    private int sendsLeft = 2_000;
    private int roomAwaited;
    private boolean shutDown;
    private @Nullable Order shutDownOrder;
    /** Orders to close connections that were not open yet. */
    private final Map<Connection, Order> early = new HashMap<>();

    SimulatedNode(
            World sim,
            Place place,
            Ledger ledger,
            ClosePolicy chosen,
            Scenario scenario,
            Chances chances,
            UnaryOperator<Message> spoiling,
            Consumer<LedgerSide> onOpen) {
        this.sim = sim;
        host = place.host();
        this.ledger = ledger;
        complaints = new Complaints(ledger);
        random = chances.usual();
        this.onOpen = onOpen;
        user = new UserCode(sim, random.split(), scenario);
        policy = new WatchedPolicy(chosen, sim::steps, user);
        handlers = new MessageHandlers(sim, ledger, chances.handling(), user, this::react);
        limits = handlers.bounding(scenario.limits(random)).build();
        messages = new MessageSource(random.split(), limits, scenario, spoiling);
        lanes = policy.lanes(limits);
        requests = new RequestSource(sim, ledger, chances.asking(), user, scenario, limits, lanes);
        requests.answersOn(handlers.answering());
        reacting = random.nextInt(3) == 0 ? 30 : 0;
        byte[] id = new byte[PeerId.LENGTH];
        random.nextBytes(id);
        var builder = Network.builder()
                .identityExchange(place.proven().isPresent() ? IdentityExchange.proven() : SimulatedNode::plaintext)
                .peerId(place.proven().orElse(PeerId.of(id)))
                // What closes here is what a run says, and nothing else.
                .oneConnectionPerPeer(false)
                .transport(place.transport())
                .closePolicy(policy)
                .limits(limits)
                .events(this);
        handlers.install(builder);
        MessageSource.PROTOCOLS.forEach(protocol -> builder.answerLater(protocol, requests::answer));
        network = builder.build();
    }

    /** As any plaintext, but that thousands of networks do not say so in the log. */
    private static IdentityExchange.Session plaintext(Link link, Direction direction, Optional<PeerId> dialled) {
        return IdentityExchange.plaintext().begin(link, direction, dialled);
    }

    Host host() {
        return host;
    }

    // What it is told to do.

    void listen() {
        try {
            network.listen(host.address(PORT));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void dial(SimulatedNode other) {
        if (!shutDown) {
            InetSocketAddress to = other.host.address(random.nextInt(40) == 0 ? PORT + 1 : PORT);
            Connection connection;
            try {
                connection = network.dial(to);
            } catch (NetworkException noLoopLeft) {
                return;
            }
            dialled.add(connection);
            if (random.nextInt(25) == 0) {
                sim.after(randomTime(Duration.ofMillis(100)), () -> closeDialled(connection));
            }
        }
    }

    /** Closes a connection that may not be open yet. */
    private void closeDialled(Connection connection) {
        LedgerSide side = ledger.sideOf(connection);
        if (side == null) {
            connection.close();
            ClosePlan plan = policy.planned(DisconnectReason.REQUESTED_BY_PEER_MANAGER);
            early.put(connection, new Order(plan, ledger.now() + Ledger.nanos(plan.deadline())));
        } else if (!side.closed()) {
            close(side);
        }
    }

    void shutDown(Duration budget) {
        note("shuts down within", budget);
        long started = ledger.now();
        var end = network.shutdown(budget);
        if (!shutDown) {
            shutDown = true;
            var unused = end.whenComplete((report, failure) -> hasShutDown(report));
        }
        ClosePlan plan = policy.planned(DisconnectReason.NETWORK_SHUTDOWN);
        Order order = new Order(plan, started + shorter(plan.deadline(), budget));
        for (LedgerSide side : ledger.sides()) {
            if (!side.closed() && side.isOf(policy)) {
                side.shutDown(plan, order.by());
            }
        }
        // Of connections that are born from now on the earliest is true.
        if (shutDownOrder == null || order.by() < shutDownOrder.by()) {
            shutDownOrder = order;
        }
    }

    private void hasShutDown(@Nullable ShutdownReport report) {
        if (report == null) {
            ledger.violated(host.host() + ": its shutdown has no report");
        } else {
            note("has shut down, unhandled:", report.unhandled());
            ledger.shutDown(policy, report);
        }
    }

    /** Sends on every connection, and shuts down. */
    void rush(Duration budget) {
        for (LedgerSide side : List.copyOf(ledger.sides())) {
            if (side.isOf(policy) && !side.closed()) {
                burst(side);
            }
        }
        shutDown(budget);
    }

    /** Sends some messages. */
    void burst(LedgerSide side) {
        for (int left = 1 + random.nextInt(30); left > 0; left--) {
            send(side);
        }
    }

    /** Makes some requests. */
    void asks(LedgerSide side) {
        requests.burst(side);
    }

    /** Sends as much as a large send buffer holds. */
    void flood(LedgerSide side) {
        for (int left = 200; left > 0; left--) {
            send(side);
        }
    }

    /** Sends a message now and then, for as long as it may. */
    void talk(LedgerSide side, Duration until) {
        if (!side.closed() && sim.now().compareTo(until) < 0) {
            send(side);
            sim.after(randomTime(Duration.ofMillis(20)), () -> talk(side, until));
        }
    }

    void send(LedgerSide side) {
        if (sendsLeft == 0) {
            return;
        }
        sendsLeft--;
        Message message = messages.next(side);
        boolean readable = messages.lastIsReadable();
        boolean listened = message.timeToLive().isPresent() || !readable || random.nextInt(5) > 0;
        int lane = lanes.classifier().laneOf(message);
        Sent one = side.offering(message, lane, message.size() > lanes.wholeSize(lane, limits), listened);
        one.readable = readable;
        SendResult result = listened
                ? side.connection().send(message, (ended, outcome) -> {
                    user.takesTime();
                    side.outcomes().told(one, ended, outcome);
                    react(side);
                })
                : side.connection().send(message);
        if (result.accepted()) {
            side.accepted(one);
        } else if (result == SendResult.OUTBOX_FULL && random.nextInt(4) == 0) {
            awaitRoom(side, message);
        }
    }

    private void awaitRoom(LedgerSide side, Message message) {
        roomAwaited++;
        side.connection().onRoom(message, () -> {
            roomAwaited--;
            send(side);
        });
    }

    void close(LedgerSide side) {
        DisconnectReason reason = random.nextInt(4) == 0
                ? REASONS.get(random.nextInt(REASONS.size()))
                : DisconnectReason.REQUESTED_BY_PEER_MANAGER;
        long started = side.now();
        if (random.nextInt(3) == 0) {
            Duration deadline = random.nextInt(6) == 0 ? Duration.ZERO : randomTime(Duration.ofSeconds(2));
            note("closes " + side.link().name() + " for " + reason + " within", deadline);
            side.connection().close(reason, deadline);
            ClosePlan plan = policy.planned(reason);
            side.closeOrdered(plan, started + shorter(plan.deadline(), deadline));
        } else {
            note("closes " + side.link().name() + " for", reason);
            side.connection().close(reason);
            ClosePlan plan = policy.planned(reason);
            side.closeOrdered(plan, started + Ledger.nanos(plan.deadline()));
        }
    }

    void abort(LedgerSide side) {
        note("aborts", side.link().name());
        side.connection().abort();
        side.abortOrdered();
    }

    // What it is told.

    @Override
    public void connected(Connection connection) {
        LinkEnd link = sim.serving();
        if (link == null) {
            ledger.violated(connection + " opens outside its link's events");
            return;
        }
        LedgerSide side = ledger.opened(connection, link, policy, lanes.lanes().size(), limits);
        handlers.opened(side);
        for (Order order : new Order[] {early.get(connection), shutDownOrder}) {
            if (order != null) {
                side.closeOrdered(order.plan(), order.by());
            }
        }
        connection.closed().whenComplete((report, failure) -> {
            if (report == null) {
                ledger.violated(connection + " has no report, but " + failure);
            } else {
                note("has closed " + link.name() + ":", report.ending() + ", " + report.detail());
                ledger.closed(side, report);
            }
        });
        onOpen.accept(side);
        react(side);
    }

    @Override
    public void disconnected(Connection connection, CloseReport report) {
        react();
    }

    @Override
    public void protocolViolation(Connection connection, String detail) {
        complaints.ofPeer(connection, detail);
    }

    @Override
    public void writeStalled(Connection connection, Duration waited) {
        LedgerSide side = ledger.sideOf(connection);
        if (side != null) {
            side.writeStalled();
        }
        react();
    }

    @Override
    public void callbackFailed(Connection connection, String callback, Throwable failure) {
        complaints.ofCallback(connection, failure);
    }

    /** The application does something in a callback, or fails. */
    private void react(@Nullable LedgerSide side) {
        if (reacting > 0 && side != null && !side.closed() && random.nextInt(100) < reacting) {
            if (random.nextInt(100) == 0) {
                close(side);
            }
            send(side);
        }
        react();
    }

    private void react() {
        user.mayThrow();
    }

    // At the end.

    /** What must be true of the node once everything is over. */
    void checkAtTheEnd() {
        for (Connection connection : dialled) {
            if (!connection.closed().toCompletableFuture().isDone()
                    || !connection.account().balanced()) {
                ledger.violated(connection + " was dialled and has not closed, or does not balance");
            }
        }
        if (roomAwaited > 0) {
            ledger.violated(host.host() + ": " + roomAwaited + " actions still wait for room");
        }
        if (!network.shutdown(Duration.ZERO).toCompletableFuture().isDone()
                || !network.connections().isEmpty()) {
            ledger.violated(host.host() + ": has not shut down, with " + network.connections());
        }
    }

    /** Longer than zero. */
    private Duration randomTime(Duration most) {
        return Duration.ofNanos(1 + random.nextLong(most.toNanos()));
    }

    private static long shorter(Duration one, Duration other) {
        return Math.min(Ledger.nanos(one), Ledger.nanos(other));
    }

    private void note(String what, Object about) {
        sim.note(host.host() + " " + what + " " + about);
    }

    /** A plan for a close, and when it must be over. */
    private record Order(ClosePlan plan, long by) {}
}
