/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.peers;

import static java.util.Objects.requireNonNull;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Connection.RoomWait;
import io.softclose.net.ConnectionState;
import io.softclose.net.HandshakeException;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.NetworkEvents;
import io.softclose.net.Outcome;
import io.softclose.net.OutcomeListener;
import io.softclose.net.Peer;
import io.softclose.net.PeerAccount;
import io.softclose.net.PeerId;
import io.softclose.net.ProtocolId;
import io.softclose.net.Reply;
import io.softclose.net.SendResult;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.testkit.beside.Introductions;
import io.softclose.net.testkit.sim.SimLink;
import io.softclose.net.testkit.sim.SimNetwork;
import io.softclose.net.testkit.sim.SimTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One of two nodes: it sends to the other as a peer, dials it while it has no connection, and starts anew now and then. */
final class PeerNode implements NetworkEvents {
    static final ProtocolId PROTOCOL = ProtocolId.CONSENSUS_DIRECT_SEND_BCS;
    private static final int PORT = 6180;
    private static final int MAX_FRAME = 512;
    /** Links are slow, and what waits is to be gone when all has settled. */
    private static final int MOST_WAITERS = 6;

    private static final Duration DIAL_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(3);
    /** After that, a connection that is on its way has opened or failed; the rest is for its timers. */
    static final Duration MOST_OPENING = DIAL_TIMEOUT.plus(HANDSHAKE_TIMEOUT).plusMillis(100);

    private static final Duration MOST_PATIENCE = Duration.ofMillis(100);
    private static final Duration MOST_HANDLING = Duration.ofMillis(6);

    final SimTransport host;
    final PeerId id;
    final PeerLedger ledger;
    private final ClosePolicy policy;
    private final SplittableRandom random;
    private final List<Peer> peers = new ArrayList<>();

    /** When handlers are done with a message; null if at once. */
    private @Nullable SimNetwork handlesLater;

    private @Nullable PeerNode other;
    private @Nullable Network network;
    /** How many dials have no result yet. */
    private int dialling;

    PeerNode(SimTransport host, PeerId id, PeerLedger ledger, ClosePolicy policy, SplittableRandom random) {
        this.host = host;
        this.id = id;
        this.ledger = ledger;
        this.policy = policy;
        this.random = random;
    }

    /** A new process: it knows nothing of what was before. */
    void start(PeerNode peer) {
        ledger.starts();
        other = peer;
        network = Network.builder()
                .peerId(id)
                .transport(host)
                .closePolicy(policy)
                .identityExchange(new Introductions(id))
                .limits(Limits.builder()
                        .maxFrameSize(MAX_FRAME)
                        .dialTimeout(DIAL_TIMEOUT)
                        .handshakeTimeout(HANDSHAKE_TIMEOUT)
                        .build())
                .events(this)
                .handleAsync(PROTOCOL, this::handle)
                .answer(PROTOCOL, (connection, request) -> {
                    peer.ledger.handled(request.payload().getInt(0), connection);
                    return request.withPayload(new byte[1]);
                })
                .build();
        dialling = 0;
        peers.add(network().peer(peer.id));
        try {
            network().listen(host.address(PORT));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** From now on handlers take some time, which passes here. */
    void takesItsTime(SimNetwork sim) {
        handlesLater = sim;
    }

    private CompletionStage<Void> handle(Connection connection, Message message) {
        requireNonNull(other, "other").ledger.handled(message.payload().getInt(0), connection);
        SimNetwork sim = handlesLater;
        CompletableFuture<Void> stage = new CompletableFuture<>();
        if (sim == null) {
            stage.complete(null);
        } else {
            sim.after(some(MOST_HANDLING), () -> stage.complete(null));
        }
        return stage;
    }

    Network network() {
        return requireNonNull(network, "network");
    }

    private Peer peer() {
        return peers.get(peers.size() - 1);
    }

    /** The process ends, with no time for anything. */
    void stop(Duration budget) {
        ledger.stops();
        var unused = network().shutdown(budget);
    }

    void dial() {
        PeerNode to = requireNonNull(other, "other");
        dialling++;
        var unused = network().dial(to.id, to.host.address(PORT));
    }

    /** Dials if there is no connection, as whoever sees to connections does. */
    void seeToConnection() {
        if (peer().connection().isEmpty() && dialling == 0) {
            dial();
        }
    }

    List<Connection> open() {
        return network().connections().stream()
                .filter(one -> one.state() == ConnectionState.OPEN)
                .toList();
    }

    /** Whether a connection's link exists now, be it that the connection opens later. */
    Predicate<Connection> ofThisMoment() {
        List<Connection> known = network().connections();
        // The network does not show what it accepts before that has shaken hands; who dialled has a port for each.
        List<SocketAddress> diallers =
                host.openLinks().stream().map(SimLink::remoteAddress).toList();
        return connection -> known.contains(connection)
                || (connection.direction() == Connection.Direction.INBOUND
                        && diallers.contains(connection.remoteAddress()));
    }

    /** A policy may take messages while it drains. */
    private static boolean mayTake(Connection connection) {
        return !connection.protocols().isEmpty();
    }

    /** Sends one message, of any kind. Some of those who find no room wait for it. */
    void send() {
        int lane = random.nextInt(TwoLanes.LANES);
        boolean streamed = random.nextInt(6) == 0;
        Duration wait = random.nextInt(4) == 0 ? some(Duration.ofSeconds(2)) : Duration.ofSeconds(10);
        PeerLedger.Sent one = ledger.begin(lane, streamed, wait);
        byte[] payload = new byte[streamed ? MAX_FRAME + random.nextInt(6 * MAX_FRAME) : 4 + random.nextInt(300)];
        ByteBuffer.wrap(payload).putInt(one.number);
        Message message = Message.of(PROTOCOL, 1 - lane, payload);
        if (random.nextInt(10) == 0) {
            message = message.withTimeToLive(some(Duration.ofSeconds(3)));
        }
        // Requests do not wait for the handlers of messages, so with slow ones there is no order between the two.
        if (handlesLater == null && random.nextInt(5) == 0) {
            ask(one, message);
        } else if (send(one, message) == SendResult.OUTBOX_FULL && ledger.room.waiting() < MOST_WAITERS) {
            awaitRoom(one, message);
        }
        tellIfConnected();
    }

    private void tellIfConnected() {
        if (network().connections().stream().anyMatch(PeerNode::mayTake)) {
            ledger.connected();
        }
    }

    private SendResult send(PeerLedger.Sent one, Message message) {
        SendResult result = peer().send(message, listener(one), one.wait);
        if (result.accepted()) {
            ledger.accepted(one);
        }
        tellIfConnected();
        return result;
    }

    private OutcomeListener listener(PeerLedger.Sent one) {
        return new OutcomeListener() {
            @Override
            public void ended(Message message, Outcome outcome) {
                ledger.ended(one, outcome);
            }

            @Override
            public void handedOver(Message message) {
                ledger.handedOver(one);
            }
        };
    }

    /** Sends another one, of the same size, as soon as there is room. Some give up. */
    private void awaitRoom(PeerLedger.Sent like, Message message) {
        Peer at = peer();
        RoomLedger.Waiter waiter = ledger.room.begin(at, like.lane);
        RoomWait wait = at.onRoom(message, () -> {
            ledger.room.told(waiter);
            if (at == peer()) {
                PeerLedger.Sent one = ledger.begin(like.lane, like.streamed, like.wait);
                byte[] payload = new byte[message.size()];
                ByteBuffer.wrap(payload).putInt(one.number);
                ledger.room.sent(waiter, send(one, message.withPayload(payload)));
            }
        });
        if (random.nextInt(4) == 0) {
            network().scheduler().schedule(some(MOST_PATIENCE).toNanos(), () -> {
                if (wait.cancel()) {
                    ledger.room.gaveUp(waiter);
                }
            });
        }
    }

    /** Some requests are given up. */
    private void ask(PeerLedger.Sent one, Message message) {
        Reply reply = peer().request(message, one.wait);
        boolean mayBeDropped =
                message.timeToLive().isPresent() || (policy instanceof TwoLanes lanes && lanes.throwsAway());
        ledger.asked(one, mayBeDropped, reply);
        if (random.nextInt(10) == 0) {
            var unused =
                    network().scheduler().schedule(some(Duration.ofSeconds(1)).toNanos(), reply::cancel);
        }
    }

    private Duration some(Duration most) {
        return Duration.ofNanos(1 + random.nextLong(most.toNanos()));
    }

    List<PeerAccount> accounts() {
        return peers.stream().map(Peer::account).toList();
    }

    /** How many messages wait although there is an open connection. */
    long waitsThoughOpen() {
        return peer().connection().isPresent() ? peer().account().waiting() : 0;
    }

    @Override
    public void connected(Connection connection) {
        ledger.connected();
        if (connection.direction() == Connection.Direction.OUTBOUND) {
            dialling = Math.max(0, dialling - 1);
        }
    }

    @Override
    public void disconnected(Connection connection, CloseReport report) {
        if (connection.direction() == Connection.Direction.OUTBOUND
                && connection.protocols().isEmpty()) {
            dialling = Math.max(0, dialling - 1);
        }
        ledger.closed(connection, report);
    }

    @Override
    public void inboundRefused(SocketAddress remote, HandshakeException cause) {}

    @Override
    public void protocolViolation(Connection connection, String detail) {}
}
