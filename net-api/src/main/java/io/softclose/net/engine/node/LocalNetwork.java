/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.node;

import static java.util.Objects.requireNonNull;

import io.softclose.net.Connection;
import io.softclose.net.Connection.Direction;
import io.softclose.net.Listener;
import io.softclose.net.Network;
import io.softclose.net.NetworkException;
import io.softclose.net.Peer;
import io.softclose.net.PeerId;
import io.softclose.net.PeerReport;
import io.softclose.net.ShutdownReport;
import io.softclose.net.engine.KnownLoops;
import io.softclose.net.engine.NetworkSettings;
import io.softclose.net.engine.connection.PeerConnection;
import io.softclose.net.engine.node.InboundDoor.Answer;
import io.softclose.net.engine.node.InboundDoor.Place;
import io.softclose.net.engine.peer.Peers;
import io.softclose.net.engine.stream.BatchPool;
import io.softclose.net.engine.stream.InputBudget;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.spi.Scheduler;
import io.softclose.net.spi.Transport;
import io.softclose.net.spi.Transport.LinkAcceptor;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The local node: listens, dials, and owns what comes of that until its {@link Shutdown}. Thread-safe. */
public final class LocalNetwork implements Network {
    /** AptosNet's TRANSPORT_TIMEOUT, its limit for flushing and closing. */
    private static final Duration DEFAULT_BUDGET = Duration.ofSeconds(30);

    /** How long whoever closes waits: the budget, and some more for a transport's threads, and links that linger. */
    private static final Duration CLOSE_WAIT = DEFAULT_BUDGET.plusSeconds(5);

    private static final String SHUT_DOWN = "the network has been shut down";

    private final NetworkSettings settings;
    private final AtomicLong ids = new AtomicLong();
    private final Roster roster;
    private final Peers peers;
    private final Listeners listeners = new Listeners();
    private final InboundDoor door;
    private final Dialler dialler;
    private final Shutdown shutdown;
    private final LoopScheduler scheduler = new LoopScheduler(this::firstLoop);

    /**
     * A network that has opened nothing yet.
     *
     * @throws IllegalArgumentException if the settings make no handshake message, because a name is too long
     */
    public LocalNetwork(NetworkSettings settings) {
        this(settings, LocalNetwork::lastThread, ExitHook.Hooks.OF_THE_PROCESS);
    }

    /** Not a daemon, whoever makes it: the process is not to end before the shutdown has. */
    private static Thread lastThread(Runnable task) {
        Thread thread = new Thread(task, "softclose-shutdown");
        thread.setDaemon(false);
        return thread;
    }

    /** As the public one, with threads from somewhere else, and exits that are somebody else's. */
    LocalNetwork(NetworkSettings settings, ThreadFactory threads, ExitHook.Hooks hooks) {
        this.settings = settings;
        door = new InboundDoor(settings.limits());
        dialler = new Dialler(
                settings.transport(),
                settings.ways().nameResolver(),
                settings.limits().dialTimeout());
        settings.self().handshake().encode();
        roster = new Roster(new InputBudget(settings.limits().inputBytes()), door, this::connectionLeft);
        peers = new Peers(settings, roster, ids::get);
        shutdown = new Shutdown(settings, roster, this::closeEntrances, this::closeTheRest, threads, hooks);
    }

    private void connectionLeft() {
        shutdown.endIfDeserted();
    }

    private void closeEntrances() {
        listeners.closeAll();
        door.close();
        peers.shut();
    }

    private List<PeerReport> closeTheRest() {
        dialler.close();
        return peers.end();
    }

    Roster roster() {
        return roster;
    }

    @Override
    public PeerId peerId() {
        return settings.self().peerId();
    }

    @Override
    public Listener listen(SocketAddress local) throws IOException {
        start();
        Transport.Listener bound = settings.transport().listen(requireNonNull(local, "local"), this::accept);
        Listener listener = listeners.add(bound);
        if (closing()) {
            listener.close();
            requireRunning();
        }
        return listener;
    }

    @Override
    public Connection dial(PeerId peer, SocketAddress remote) {
        return dial(Optional.of(peer), remote);
    }

    @Override
    public Connection dial(SocketAddress remote) {
        return dial(Optional.empty(), remote);
    }

    private Connection dial(Optional<PeerId> peer, SocketAddress remote) {
        requireNonNull(remote, "remote");
        start();
        Dial dial = new Dial(peer);
        try {
            dialler.dial(remote, dial);
            return dial.connection();
        } catch (Throwable refused) {
            dial.forget();
            throw DialFailures.refusal(remote, refused);
        }
    }

    @Override
    public Peer peer(PeerId peer) {
        return peers.peer(requireNonNull(peer, "peer"));
    }

    @Override
    public List<Peer> peers() {
        return peers.all();
    }

    @Override
    public List<Connection> connections() {
        return roster.connections().stream()
                .filter(PeerConnection::isListed)
                .map(Connection.class::cast)
                .toList();
    }

    @Override
    public Scheduler scheduler() {
        return scheduler;
    }

    private EventLoop firstLoop() {
        start();
        try {
            return settings.transport().nextLoop();
        } catch (RejectedExecutionException closed) {
            throw new NetworkException("the network's scheduler: its transport has been closed", closed);
        }
    }

    @Override
    public CompletionStage<ShutdownReport> shutdown() {
        return shutdown(DEFAULT_BUDGET);
    }

    @Override
    public CompletionStage<ShutdownReport> shutdown(Duration budget) {
        return shutdown.within(budget);
    }

    @Override
    public void close() {
        KnownLoops.refuseToWait("close()", "shutdown(), whose stage tells of its end");
        ShutdownWait.await(shutdown().toCompletableFuture(), CLOSE_WAIT);
    }

    private LinkHandler accept(Link link) {
        Answer answer = roster.isShut() ? Refusal.SHUTDOWN : door.arrive(link.remoteAddress(), link.loop());
        if (!(answer instanceof Place place)) {
            return turnAway(link, (Refusal) answer);
        }
        LinkHandler handler = null;
        try {
            handler = connect(Direction.INBOUND, Optional.empty(), link, made -> door.enter(place, made));
        } finally {
            if (handler == null) {
                door.giveUp(place);
            }
        }
        return handler == null ? turnAway(link, Refusal.SHUTDOWN) : handler;
    }

    private LinkHandler turnAway(Link link, Refusal refusal) {
        RefusedLink refused = new RefusedLink(link, settings, door, refusal);
        refused.begin();
        return refused;
    }

    /**
     * Makes a link's connection.
     *
     * @param taker given the connection before its link's first event
     * @return the handler of the link's events; null if the network shuts down
     */
    private @Nullable LinkHandler connect(
            Direction direction, Optional<PeerId> peer, Link link, Consumer<PeerConnection> taker) {
        EventLoop loop = link.loop();
        BatchPool batches = roster.share(loop);
        boolean entered = false;
        try {
            PeerConnection connection =
                    new PeerConnection(ids.incrementAndGet(), direction, peer, link, settings, batches, peers);
            LinkHandler handler = connection.linkHandler();
            taker.accept(connection);
            // The last step: what was not entered need not be struck off.
            entered = roster.enter(connection);
            return entered ? handler : null;
        } finally {
            if (!entered) {
                roster.release(loop);
            }
        }
    }

    /** Something is to be opened. */
    private void start() {
        requireRunning();
        shutdown.prepare();
    }

    @Override
    public boolean closing() {
        return roster.isShut();
    }

    private void requireRunning() {
        if (closing()) {
            throw new NetworkException(SHUT_DOWN);
        }
    }

    /** Makes the connection of a dial, and takes it back if the transport refuses after all. */
    private final class Dial implements LinkAcceptor {
        private final Optional<PeerId> peer;
        private @Nullable PeerConnection connection;

        Dial(Optional<PeerId> peer) {
            this.peer = peer;
        }

        @Override
        public LinkHandler accept(Link link) {
            if (connection != null) {
                throw new IllegalStateException("acceptor: asked again (expected: once for each dial)");
            }
            LinkHandler handler = connect(Direction.OUTBOUND, peer, link, made -> connection = made);
            if (handler == null) {
                throw new NetworkException(SHUT_DOWN);
            }
            return handler;
        }

        @Override
        public Optional<PeerId> expectedPeer() {
            return peer;
        }

        PeerConnection connection() {
            PeerConnection dialled = connection;
            if (dialled == null) {
                throw new NetworkException(
                        "the transport " + settings.transport().name() + " asked for no handler");
            }
            dialled.list();
            return dialled;
        }

        void forget() {
            PeerConnection refused = connection;
            if (refused != null) {
                roster.forget(refused);
            }
        }
    }
}
