/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.breaks;

import static java.util.Objects.requireNonNull;

import io.softclose.bench.lab.AnyTransport;
import io.softclose.bench.lab.BreakingRelay;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.HandshakeException;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.MessageHandler;
import io.softclose.net.Network;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.NetworkEvents;
import io.softclose.net.Peer;
import io.softclose.net.PeerAccount;
import io.softclose.net.PeerId;
import io.softclose.net.ProtocolId;
import io.softclose.net.ReturnedMessage;
import io.softclose.net.connectivity.ConnectivityManager;
import io.softclose.net.connectivity.ConnectivitySettings;
import io.softclose.net.spi.Transport;
import io.softclose.net.tls.TlsIdentity;
import io.softclose.net.tls.TlsSettings;
import io.softclose.net.tls.TlsTransport;
import io.softclose.net.tls.TrustedPeers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One of two nodes: it sends to the other as a peer, is kept connected to it, and starts anew now and then. */
final class BreakNode {
    static final ProtocolId PROTOCOL = ProtocolId.CONSENSUS_DIRECT_SEND_BCS;
    static final int FRAME_BYTES = 8 * 1024;

    /** What is told of an end in the middle of a message, be it made up or of a peer that is out of time. */
    private static final String CUT_OFF = "cuts off a message";

    private static final Duration MOST = Duration.ofSeconds(20);
    private static final Duration CONNECTING = Duration.ofSeconds(2);
    private static final ConnectivitySettings CONNECTIVITY = ConnectivitySettings.builder()
            .interval(Duration.ofMillis(20))
            .backoff(Duration.ofMillis(10), Duration.ofMillis(80))
            .jitter(Duration.ofMillis(10))
            .stableAfter(Duration.ZERO)
            .build();
    private static final Limits LIMITS = Limits.builder()
            .maxFrameSize(FRAME_BYTES)
            .outboxMessages(256)
            .dialTimeout(CONNECTING)
            .handshakeTimeout(CONNECTING)
            .build();

    final Ledger ledger;
    private final String name;
    private final AnyTransport kind;
    private final Security security;
    private final TlsIdentity identity = TlsIdentity.fresh();
    private final TrustedPeers trusted = TrustedPeers.of();
    private final BreakingRelay.Door door;
    private final SplittableRandom random;
    private final Consumer<String> violations;
    private final ExecutorService handlers = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "handlers");
        thread.setDaemon(true);
        return thread;
    });
    /** By start. The application keeps its peers, so that their accounts are not forgotten. */
    private final Map<Integer, Peer> peers = new TreeMap<>();

    /** How often an end came in the middle of a message. */
    private final AtomicInteger cutOff = new AtomicInteger();

    private @Nullable BreakNode other;
    private volatile @Nullable Start now;

    /** What there is from one start of the node to its end. */
    record Start(int number, Network network, Peer peer, ConnectivityManager manager) {}

    /**
     * A node that has not started.
     *
     * @param door where the other one reaches it
     */
    BreakNode(
            String name,
            AnyTransport kind,
            Security security,
            BreakingRelay.Door door,
            SplittableRandom random,
            Consumer<String> violations) {
        this.name = name;
        this.kind = kind;
        this.security = security;
        this.door = door;
        this.random = random;
        this.violations = violations;
        ledger = new Ledger(name, violations);
    }

    PeerId id() {
        return identity.peerId();
    }

    /** Says who the other one is. */
    void meets(BreakNode peer) {
        other = peer;
        trusted.add(peer.id());
    }

    private BreakNode other() {
        return requireNonNull(other, "other");
    }

    /** As a new process: it knows nothing of what was before. */
    void start() throws IOException {
        int number = peers.size() + 1;
        Network network = network(number);
        InetSocketAddress address =
                (InetSocketAddress) network.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .localAddress();
        door.leadsTo(address);
        Peer peer = network.peer(other().id());
        peers.put(number, peer);
        ConnectivityManager manager = new ConnectivityManager(network, trusted::peers, CONNECTIVITY);
        manager.addresses(other().id(), List.of(other().door.address()));
        now = new Start(number, network, peer, manager);
        manager.start();
    }

    private Network network(int number) {
        NetworkBuilder builder =
                Network.builder().peerId(id()).closePolicy(Policies.any(random)).limits(LIMITS);
        MessageHandler handler = (connection, message) -> handled(number, connection, message);
        if (random.nextInt(3) == 0) {
            builder.handle(PROTOCOL, handler, handlers);
        } else {
            builder.handle(PROTOCOL, handler);
        }
        Events events = new Events(number);
        return switch (security) {
            case MUTUAL_TLS ->
                builder.transport(() -> TlsTransport.over(transport(), TlsSettings.of(identity, trusted)))
                        .events(trusted.closingRemoved(events))
                        .build();
            case PLAINTEXT ->
                builder.transport(this::transport).plaintext().events(events).build();
        };
    }

    private Transport transport() {
        return kind.open(AnyTransport.SMALL_BUFFER);
    }

    private void handled(int number, Connection connection, Message message) {
        if (!Cargo.intact(message)) {
            violations.accept(name + ": a message is damaged: " + message);
            return;
        }
        other().ledger.handled(Cargo.number(message), Ended.number(number, connection.id()));
    }

    Start now() {
        return requireNonNull(now, "now");
    }

    /** Whether an open connection leads to the other node. */
    boolean connected() {
        return now().peer().connection().isPresent();
    }

    /** Ends it; it may start anew. */
    void stop(Duration budget) {
        Start ending = now();
        ending.manager().close();
        var unused = ending.network()
                .shutdown(budget)
                .toCompletableFuture()
                .orTimeout(budget.plus(MOST).toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    /** Ends it for good. */
    void end(Duration budget) {
        stop(budget);
        handlers.shutdown();
    }

    void distrust() {
        trusted.remove(other().id());
    }

    void trustAgain() {
        trusted.add(other().id());
    }

    /** Dials the other node, whether or not there is a connection. */
    void dial() {
        var unused = now().network().dial(other().id(), other().door.address());
    }

    /** How often an end came in the middle of a message. */
    int cutOff() {
        return cutOff.get();
    }

    /** What became of the messages of each start. */
    Map<Integer, PeerAccount> accounts() {
        Map<Integer, PeerAccount> accounts = new TreeMap<>();
        peers.forEach((start, peer) -> accounts.put(start, peer.account()));
        return accounts;
    }

    /** What no message is asked for must not happen. */
    private final class Events implements NetworkEvents {
        private final int start;
        private final Map<Connection, Long> opened = new ConcurrentHashMap<>();

        Events(int start) {
            this.start = start;
        }

        @Override
        public void connected(Connection connection) {
            opened.put(connection, System.nanoTime());
        }

        @Override
        public void disconnected(Connection connection, CloseReport report) {
            Long from = opened.remove(connection);
            ledger.closed(start, connection, from == null ? System.nanoTime() : from, report);
        }

        @Override
        public void inboundRefused(SocketAddress remote, HandshakeException cause) {}

        @Override
        public void protocolViolation(Connection connection, String detail) {
            if (detail.endsWith(CUT_OFF)) {
                cutOff.incrementAndGet();
            } else {
                violations.accept(name + ": " + connection + ": protocol violation: " + detail);
            }
        }

        @Override
        public void unhandled(Connection connection, ProtocolId protocol) {
            violations.accept(name + ": " + connection + ": not handled: " + protocol);
        }

        @Override
        public void returned(Peer peer, ReturnedMessage message) {
            violations.accept(name + ": returned, though it has a listener: " + message);
        }

        @Override
        public void callbackFailed(Connection connection, String callback, Throwable failure) {
            violations.accept(name + ": " + callback + " threw " + failure);
        }
    }
}
