/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.NetworkEvents;
import io.softclose.net.PeerId;
import io.softclose.net.ProtocolId;
import io.softclose.net.SendResult;
import io.softclose.net.spi.ClosePlan;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.LanePlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A node of a simulation: a network whose application sends, closes and fails by chance, and tells the ledger. */
final class SimulatedNode implements NetworkEvents {
    private static final int PORT = 6180;
    private static final List<ProtocolId> PROTOCOLS = List.of(
            ProtocolId.CONSENSUS_DIRECT_SEND_BCS, ProtocolId.MEMPOOL_DIRECT_SEND, ProtocolId.DISCOVERY_DIRECT_SEND);
    private static final List<DisconnectReason> REASONS = List.of(DisconnectReason.values());
    /** What may legitimately be noticed of a peer that was cut off. */
    private static final String CUT_OFF = "the peer's end cuts off a message";

    /** What is noticed of a peer whose policy discarded a message that was being streamed, and let others follow. */
    private static final String GIVEN_UP = "stream header: ";

    private final SimNetwork sim;
    private final SimTransport host;
    private final Ledger ledger;
    private final SplittableRandom random;
    private final WatchedPolicy policy;
    private final Limits limits;
    private final LanePlan lanes;
    private final Network network;
    private final Consumer<LedgerSide> onOpen;
    private final List<Connection> dialled = new ArrayList<>();
    /** Of a hundred callbacks, how many do something, and how many throw. */
    private final int reacting;

    private final int throwing;
    private int sendsLeft = 2_000;
    private int roomAwaited;
    private boolean shutDown;
    private @Nullable Order shutDownOrder;
    /** Orders to close connections that were not open yet. */
    private final Map<Connection, Order> early = new HashMap<>();

    SimulatedNode(
            SimNetwork sim,
            SimTransport host,
            Ledger ledger,
            ClosePolicy chosen,
            Scenario scenario,
            SplittableRandom random,
            Consumer<LedgerSide> onOpen) {
        this.sim = sim;
        this.host = host;
        this.ledger = ledger;
        this.random = random;
        this.onOpen = onOpen;
        policy = new WatchedPolicy(chosen, sim::events);
        limits = scenario.limits(random);
        lanes = policy.lanes(limits);
        reacting = random.nextInt(3) == 0 ? 30 : 0;
        throwing = random.nextInt(4) == 0 ? 10 : 0;
        byte[] id = new byte[PeerId.LENGTH];
        random.nextBytes(id);
        var builder = Network.builder()
                .peerId(PeerId.of(id))
                .transport(host)
                .closePolicy(policy)
                .limits(limits)
                .events(this);
        PROTOCOLS.forEach(protocol -> builder.handle(protocol, this::onMessage));
        network = builder.build();
    }

    SimTransport host() {
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
            Connection connection = network.dial(to);
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
        shutDown = true;
        note("shuts down within", budget);
        long started = ledger.now();
        network.shutdown(budget);
        ClosePlan plan = policy.planned(DisconnectReason.NETWORK_SHUTDOWN);
        shutDownOrder = new Order(plan, started + shorter(plan.deadline(), budget));
        for (LedgerSide side : ledger.sides()) {
            if (!side.closed() && side.isOf(policy)) {
                side.closeOrdered(plan, shutDownOrder.by());
            }
        }
    }

    /** Sends some messages. */
    void burst(LedgerSide side) {
        for (int left = 1 + random.nextInt(30); left > 0; left--) {
            send(side);
        }
    }

    void send(LedgerSide side) {
        if (sendsLeft == 0) {
            return;
        }
        sendsLeft--;
        Message message = message(side);
        boolean listened = message.timeToLive().isPresent() || random.nextInt(5) > 0;
        int lane = lanes.classifier().laneOf(message);
        Sent one = side.offering(message, lane, message.size() > limits.chunkSize(), listened);
        SendResult result = listened
                ? side.connection().send(message, (ended, outcome) -> {
                    side.ended(one, ended, outcome);
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
        if (random.nextInt(3) == 0) {
            Duration deadline = random.nextInt(6) == 0 ? Duration.ZERO : randomTime(Duration.ofSeconds(2));
            note("closes " + side.link().name() + " for " + reason + " within", deadline);
            side.connection().close(reason, deadline);
            ClosePlan plan = policy.planned(reason);
            side.closeOrdered(plan, ledger.now() + shorter(plan.deadline(), deadline));
        } else {
            note("closes " + side.link().name() + " for", reason);
            side.connection().close(reason);
            ClosePlan plan = policy.planned(reason);
            side.closeOrdered(plan, ledger.now() + Ledger.nanos(plan.deadline()));
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
        SimLink link = sim.serving();
        if (link == null) {
            ledger.violated(connection + " opens outside its link's events");
            return;
        }
        LedgerSide side = ledger.opened(connection, link, policy, lanes.lanes().size());
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
        if (!detail.equals(CUT_OFF) && !detail.startsWith(GIVEN_UP)) {
            ledger.violated(connection + " says that its peer broke the protocol: " + detail);
        }
    }

    @Override
    public void callbackFailed(Connection connection, Throwable failure) {
        if (!(failure instanceof Deliberate)) {
            ledger.violated(connection + ": a callback failed: " + failure);
        }
    }

    private void onMessage(Connection connection, Message message) {
        ledger.handled(connection, message);
        react(ledger.sideOf(connection));
    }

    /** The application does something in a callback, or fails. */
    private void react(@Nullable LedgerSide side) {
        if (reacting > 0 && side != null && random.nextInt(100) < reacting) {
            if (random.nextInt(100) == 0) {
                close(side);
            }
            send(side);
        }
        react();
    }

    private void react() {
        if (throwing > 0 && random.nextInt(100) < throwing) {
            throw new Deliberate();
        }
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

    private Message message(LedgerSide side) {
        int chunk = limits.chunkSize();
        int size = switch (random.nextInt(20)) {
            case 0, 1 -> chunk + 1 + random.nextInt(6 * chunk);
            case 2, 3, 4 -> 1 + random.nextInt(chunk);
            default -> random.nextInt(100);
        };
        byte[] payload = SentPayload.make(
                (byte) random.nextInt(24), side.number(), side.offers(), Math.max(SentPayload.LEAST, size));
        ProtocolId protocol = PROTOCOLS.get(random.nextInt(PROTOCOLS.size()));
        int priority = random.nextInt(Message.MAX_PRIORITY + 1);
        Message message = random.nextBoolean()
                ? Message.of(protocol, priority, payload)
                : Message.of(protocol, priority, ByteBuffer.wrap(payload));
        return random.nextInt(6) == 0 ? message.withTimeToLive(randomTime(Duration.ofMillis(60))) : message;
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

    /** What the application throws to see what that does. */
    private static final class Deliberate extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Deliberate() {
            super("thrown on purpose", null, false, false);
        }
    }
}
