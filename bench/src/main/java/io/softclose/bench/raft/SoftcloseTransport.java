/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.raft;

import io.microraft.RaftEndpoint;
import io.microraft.RaftNode;
import io.microraft.model.message.RaftMessage;
import io.microraft.transport.Transport;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.ConnectionState;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.NetworkEvents;
import io.softclose.net.Peer;
import io.softclose.net.PeerAccount;
import io.softclose.net.PeerId;
import io.softclose.net.ProtocolId;
import io.softclose.net.Providers;
import io.softclose.net.ReturnedMessage;
import io.softclose.net.SendResult;
import io.softclose.net.ShutdownReport;
import io.softclose.net.connectivity.ConnectivityManager;
import io.softclose.net.connectivity.ConnectivitySettings;
import io.softclose.net.tls.TlsIdentity;
import io.softclose.net.tls.TlsSettings;
import io.softclose.net.tls.TlsTransport;
import io.softclose.net.tls.TrustedPeers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * MicroRaft's transport over a network of Softclose's. Messages are addressed to peers, so those that a connection could not deliver go to
 * the next one. They wait for that as long as Raft's own heartbeats take: after that it has sent newer ones. Sends never block, as MicroRaft wants
 * it; one that is refused is dropped, which it makes up for. Thread-safe.
 */
final class SoftcloseTransport implements Transport, NetworkEvents {
    private static final ProtocolId RAFT = ProtocolId.of(64, "raft");
    private static final Duration WAIT = Duration.ofSeconds(1);
    private static final Duration SHUTDOWN = Duration.ofSeconds(2);
    private static final long STOP_SECONDS = 30;
    private static final Duration RECONNECT = Duration.ofMillis(250);
    private static final int MOST_FAULTS = 10;

    /** What an operating system would hold of a connection over such paths: see the test network's nodes. */
    private static final int SOCKET_BUFFER_BYTES = 64 * 1024;

    private final List<PeerId> ids;
    private final RaftCodec codec;
    private final Network network;
    private final ConnectivityManager connectivity;
    /** By node; none for this one. Kept, so that their accounts are. */
    private final List<Optional<Peer>> peers;

    private final AtomicLong ended = new AtomicLong();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private volatile @Nullable RaftNode node;
    private volatile boolean measuring;

    // For the thread that ends it.
    private @Nullable CompletionStage<ShutdownReport> shutdown;

    /** A node's transport, which has opened nothing yet. */
    SoftcloseTransport(int index, TlsIdentity identity, List<PeerId> ids, RaftSettings settings, RaftCodec codec) {
        this.ids = ids;
        this.codec = codec;
        TrustedPeers trusted = TrustedPeers.of(
                ids.stream().filter(id -> !id.equals(identity.peerId())).collect(Collectors.toSet()));
        network = Network.builder()
                .peerId(identity.peerId())
                .transport(() -> TlsTransport.over(
                        settings.transport().open(SOCKET_BUFFER_BYTES), TlsSettings.of(identity, trusted)))
                .closePolicy(Providers.closePolicy(settings.policy()))
                .peerWait(WAIT)
                .handle(RAFT, this::received)
                .events(this)
                .build();
        List<Optional<Peer>> others = new ArrayList<>();
        for (int other = 0; other < ids.size(); other++) {
            others.add(other == index ? Optional.empty() : Optional.of(network.peer(ids.get(other))));
        }
        peers = List.copyOf(others);
        connectivity = new ConnectivityManager(
                network,
                trusted::peers,
                ConnectivitySettings.builder()
                        .interval(RECONNECT)
                        .backoff(RECONNECT, RECONNECT.multipliedBy(4))
                        .jitter(RECONNECT.dividedBy(2))
                        .stableAfter(RECONNECT)
                        .build(),
                new Random(settings.seed() * ids.size() + index));
    }

    /** Accepts connections, at the address that is returned. */
    InetSocketAddress listen() throws IOException {
        return (InetSocketAddress) network.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .localAddress();
    }

    /** Dials the others, and hands on what comes. */
    void receive(RaftNode receiver, Map<PeerId, List<SocketAddress>> addresses) {
        node = receiver;
        connectivity.addresses(addresses);
        connectivity.start();
    }

    /** Whether it has an open connection to each other node. */
    boolean connectedToAll() {
        return peers.stream()
                .flatMap(Optional::stream)
                .allMatch(peer -> peer.connection()
                        .filter(connection -> connection.state() == ConnectionState.OPEN)
                        .isPresent());
    }

    /** Counts connections that end from now on. */
    void begin() {
        measuring = true;
    }

    @Override
    public void send(RaftEndpoint target, RaftMessage message) {
        Optional<Peer> peer = peers.get(((RaftMember) target).index());
        // Refused is dropped: Raft sends again what has no answer.
        peer.map(other -> other.send(Message.of(RAFT, 0, codec.encode(message))))
                .filter(result -> !EXPECTED.contains(result))
                .ifPresent(result -> fault("a message was refused: " + result));
    }

    /** What a bad network or the end makes of a send. */
    private static final List<SendResult> EXPECTED =
            List.of(SendResult.ACCEPTED, SendResult.OUTBOX_FULL, SendResult.CLOSING, SendResult.NOT_CONNECTED);

    @Override
    public boolean isReachable(RaftEndpoint endpoint) {
        return peers.get(((RaftMember) endpoint).index())
                .flatMap(Peer::connection)
                .isPresent();
    }

    private void received(Connection connection, Message message) {
        RaftNode receiver = node;
        if (receiver == null) {
            return;
        }
        try {
            RaftMessage read = codec.decode(message.payload());
            PeerId claimed = ids.get(((RaftMember) read.getSender()).index());
            if (connection.provenPeer().filter(claimed::equals).isPresent()) {
                receiver.handle(read);
            } else {
                fault("a message of " + claimed + " came from " + connection.provenPeer());
            }
        } catch (MalformedRaftMessageException malformed) {
            fault("a message was malformed: " + malformed.getMessage());
        }
    }

    private void fault(String what) {
        if (faults.size() < MOST_FAULTS) {
            faults.add(what);
        }
    }

    /** Begins to end it. Idempotent. */
    void shutdown() {
        measuring = false;
        connectivity.close();
        shutdown = network.shutdown(SHUTDOWN);
    }

    /** Waits for its end. */
    void awaitShutdown() throws InterruptedException {
        CompletionStage<ShutdownReport> over = shutdown;
        if (over == null) {
            return;
        }
        try {
            ShutdownReport report =
                    over.toCompletableFuture().get(SHUTDOWN.toSeconds() + STOP_SECONDS, TimeUnit.SECONDS);
            if (!report.balanced()) {
                fault("a connection's account does not balance: " + report);
            }
        } catch (ExecutionException | TimeoutException e) {
            fault("a network has not shut down: " + e);
        }
    }

    /** What it did. */
    RaftResult.Traffic traffic() {
        long accepted = 0;
        long lost = 0;
        long handedOver = 0;
        for (Peer peer : peers.stream().flatMap(Optional::stream).toList()) {
            PeerAccount account = peer.account();
            accepted += account.messages().total().accepted();
            lost += account.messages().total().lost();
            handedOver += account.handedOver();
            if (!account.balanced()) {
                fault("the account of peer " + peer.peerId() + " does not balance: " + account);
            }
        }
        return new RaftResult.Traffic(accepted, lost, handedOver, ended.get(), List.copyOf(faults));
    }

    @Override
    public void disconnected(Connection connection, CloseReport report) {
        if (measuring && report.account().total().accepted() > 0) {
            ended.incrementAndGet();
        }
        if (!report.account().balanced()) {
            fault("the account of connection " + connection.id() + " does not balance");
        }
    }

    @Override
    public void returned(Peer peer, ReturnedMessage message) {
        // Counted in the peer's account; Raft has sent newer ones.
    }
}
