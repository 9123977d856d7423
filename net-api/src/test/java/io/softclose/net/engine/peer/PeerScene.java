/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection.Direction;
import io.softclose.net.ConnectionState;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.NetworkEvents;
import io.softclose.net.Outcome;
import io.softclose.net.Peer;
import io.softclose.net.PeerId;
import io.softclose.net.ProtocolId;
import io.softclose.net.SendResult;
import io.softclose.net.engine.HandLoop;
import io.softclose.net.engine.HandTransport.HandLink;
import io.softclose.net.engine.NetworkSettings;
import io.softclose.net.engine.TimedLoop;
import io.softclose.net.engine.connection.HandNetwork;
import io.softclose.net.engine.connection.NarrowLink;
import io.softclose.net.engine.connection.PeerConnection;
import io.softclose.net.engine.connection.Registry;
import io.softclose.net.engine.outbox.Envelope;
import io.softclose.net.engine.stream.BatchPool;
import io.softclose.net.engine.stream.InputBudget;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.LanePlan;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.Scheduler.Timer;
import io.softclose.net.spi.Transport;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A peer and its connections, on a loop that may lack memory for tasks and timers. They have one lane. */
final class PeerScene implements Transport {
    static final PeerId PEER = PeerId.parse("ab".repeat(PeerId.LENGTH));
    private static final long ROOMY = 1 << 20;

    private final HandLoop tasks = new HandLoop();
    private final TimedLoop timed = new TimedLoop(tasks);
    private final Scarce loop = new Scarce();
    private final AtomicLong lastId = new AtomicLong();
    private final BatchPool batches = new BatchPool();
    final NetworkSettings settings;
    final Peers peers;
    private final Registry direct = new Direct();
    /** What listeners heard, in order. */
    final List<String> heard = new ArrayList<>();

    PeerScene() {
        this(2);
    }

    /** With lanes of this many messages. */
    PeerScene(int outboxMessages) {
        this(outboxMessages, new NetworkEvents() {});
    }

    PeerScene(NetworkEvents events) {
        this(2, events);
    }

    private PeerScene(int outboxMessages, NetworkEvents events) {
        Limits limits = Limits.builder().outboxMessages(outboxMessages).build();
        settings = HandNetwork.withLanes(LanePlan.single(limits), limits, HandNetwork.owning(this, events));
        peers = new Peers(settings, HandNetwork.NO_REGISTRY, lastId::get);
    }

    Peer peer() {
        return peers.peer(PEER);
    }

    /** Offers a message, whose outcome is heard. */
    SendResult send(String label) {
        return peer().send(message(label), this::hear);
    }

    /** The same, to wait for so long. */
    SendResult send(String label, Duration wait) {
        return peer().send(message(label), this::hear, wait);
    }

    void hear(Message message, Outcome outcome) {
        heard.add(label(message) + " " + outcome);
    }

    static Message message(String label) {
        ProtocolId protocol = HandNetwork.MESSAGE.protocol();
        return Message.of(protocol, 0, label.getBytes(StandardCharsets.US_ASCII));
    }

    static String label(Message message) {
        return StandardCharsets.US_ASCII.decode(message.payload()).toString();
    }

    /** A connection to the peer that is open. */
    Talk connect() {
        return connect(direct);
    }

    Talk connect(Registry registry) {
        Talk talk = dial(registry);
        talk.connection().linkHandler().onRead(HandNetwork.handshake());
        run();
        assertEquals(ConnectionState.OPEN, talk.connection().state());
        return talk;
    }

    /** A connection to the peer that waits for its handshake. */
    Talk dial() {
        return dial(direct);
    }

    private Talk dial(Registry registry) {
        HandLink bare = new HandLink(tasks);
        NarrowLink link = new NarrowLink(bare, loop);
        link.widen(ROOMY);
        PeerConnection connection = new PeerConnection(
                lastId.incrementAndGet(), Direction.OUTBOUND, Optional.of(PEER), link, settings, batches, registry);
        bare.connect(connection.linkHandler());
        run();
        return new Talk(connection, link);
    }

    /** Runs one task of the loop's, if there is any. */
    void runTask() {
        tasks.runTask();
    }

    void run() {
        tasks.runAll();
    }

    void pass(Duration time) {
        run();
        timed.pass(time);
        run();
    }

    /** The next tasks that are given to the loop, this many, find no memory. */
    void lackMemoryForTasks(int most) {
        loop.tasksToFail = most;
    }

    /** The next timers, this many, find no memory. */
    void lackMemoryForTimers(int most) {
        loop.timersToFail = most;
    }

    /** As the peers; without lambdas of the JDK's, which would hide from a model checker who holds the line's lock. */
    private final class Direct implements Registry {
        private LocalPeer local() {
            return (LocalPeer) peer();
        }

        @Override
        public InputBudget inputBudget() {
            return peers.inputBudget();
        }

        @Override
        public boolean opens(PeerConnection connection) {
            return true;
        }

        @Override
        public void identified(PeerConnection connection) {
            local().line().identified(connection);
        }

        @Override
        public void opened(PeerConnection connection) {
            local().opened(connection);
        }

        @Override
        public void closing(PeerConnection connection) {
            local().line().closing(connection);
        }

        @Override
        public void handsOver(PeerConnection connection, List<List<Envelope>> byLane) {
            local().line().inherit(connection, byLane);
        }

        @Override
        public void handedOver(PeerConnection connection) {
            local().goOn(connection);
        }

        @Override
        public void told(PeerConnection connection, @Nullable CloseReport report) {}
    }

    /** A connection, and the link that it writes to. */
    record Talk(PeerConnection connection, NarrowLink link) {}

    @Override
    public String name() {
        return "scarce";
    }

    @Override
    public EventLoop nextLoop() {
        return loop;
    }

    @Override
    public Listener listen(SocketAddress local, LinkAcceptor acceptor) {
        throw new UnsupportedOperationException("listen");
    }

    @Override
    public Link dial(EventLoop on, SocketAddress remote, Duration timeout, LinkAcceptor acceptor) {
        throw new UnsupportedOperationException("dial");
    }

    @Override
    public void close() {}

    private final class Scarce implements EventLoop {
        private int tasksToFail;
        private int timersToFail;

        @Override
        public boolean inEventLoop() {
            return timed.inEventLoop();
        }

        @Override
        public void execute(Runnable task) {
            if (tasksToFail > 0) {
                tasksToFail--;
                throw new OutOfMemoryError("deliberate: no memory for a task");
            }
            timed.execute(task);
        }

        @Override
        public Timer schedule(long delayNanos, Runnable task) {
            if (timersToFail > 0) {
                timersToFail--;
                throw new OutOfMemoryError("deliberate: no memory for a timer");
            }
            return timed.schedule(delayNanos, task);
        }

        @Override
        public long nanoTime() {
            return timed.nanoTime();
        }
    }
}
