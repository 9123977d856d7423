/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.ledger;

import static java.util.Objects.requireNonNull;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.ShutdownReport;
import io.softclose.net.spi.Link;
import io.softclose.net.testkit.sim.ledger.evidence.SentPayload;
import io.softclose.net.testkit.sim.ledger.evidence.WireTap;
import io.softclose.net.testkit.sim.scenario.WatchedPolicy;
import io.softclose.net.testkit.sim.world.LinkEnd;
import io.softclose.net.testkit.sim.world.SimLoop;
import io.softclose.net.testkit.sim.world.SimObserver;
import io.softclose.net.testkit.sim.world.World;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An account of a whole simulation that shares nothing with the engine: what each connection accepted and what became of
 * it, as seen by the senders, by the links, and by the receivers' handlers. It compares them after every event and at the
 * end, see docs/simulation.md for what must be true.
 */
public final class Ledger implements SimObserver {
    /** More than anybody reads; the first is what counts. */
    private static final int MOST_VIOLATIONS = 10;

    private final World network;
    private final boolean layered;
    private final List<LedgerSide> sides = new ArrayList<>();
    private final List<LedgerSide> open = new ArrayList<>();
    private final IdentityHashMap<Connection, LedgerSide> byConnection = new IdentityHashMap<>();
    private final IdentityHashMap<LinkEnd, LedgerSide> byLink = new IdentityHashMap<>();
    private final IdentityHashMap<LinkEnd, OwnStream> streams = new IdentityHashMap<>();
    private final List<String> violations = new ArrayList<>();

    /**
     * A ledger of a network.
     *
     * @param layered whether links have layers over them, so that somebody else {@linkplain #follow says} what passes
     *     through these
     */
    public Ledger(World network, boolean layered) {
        this.network = network;
        this.layered = layered;
    }

    /** A connection is open. */
    public LedgerSide opened(Connection connection, LinkEnd link, WatchedPolicy policy, int lanes, Limits limits) {
        OwnStream stream = requireNonNull(streams.get(link), "stream");
        LedgerSide side = new LedgerSide(this, sides.size(), connection, link, stream, policy, lanes, limits);
        sides.add(side);
        open.add(side);
        byConnection.put(connection, side);
        byLink.put(link, side);
        return side;
    }

    /** A connection's report has come. */
    public void closed(LedgerSide side, CloseReport report) {
        side.closed(report);
        open.remove(side);
    }

    /** A network's shutdown is over, of those connections that have this policy. */
    public void shutDown(WatchedPolicy policy, ShutdownReport report) {
        Set<CloseReport> reported = Collections.newSetFromMap(new IdentityHashMap<>());
        reported.addAll(report.connections());
        long least = 0;
        long most = 0;
        for (LedgerSide side : sides) {
            if (side.isOf(policy)) {
                least += reported.contains(side.report()) ? side.handlers().leastLeft() : 0;
                most += reported.contains(side.report()) ? side.handlers().mostLeft() : 0;
                side.handlers().shutDown(report);
            }
        }
        if (report.unhandled() < least || report.unhandled() > most) {
            violated("a shutdown reports " + report.unhandled() + " unhandled messages (expected: " + least + " to "
                    + most + ")");
        }
    }

    /**
     * A handler is called, on the loop or, for a protocol of which that is {@linkplain HandlerCheck#offLoop known}, off it.
     *
     * @return what it has; null if that is nothing that was sent to it
     */
    @Nullable
    public Sent handled(Connection connection, Message message) {
        LedgerSide receiver = byConnection.get(connection);
        ByteBuffer payload = message.payload();
        int from = message.size() < SentPayload.LEAST ? -1 : SentPayload.sender(payload);
        LedgerSide sender = from >= 0 && from < sides.size() ? sides.get(from) : null;
        if (receiver == null || sender == null || sender.link().peer() != receiver.link()) {
            violated("handled " + message + " on " + connection + ", but it was sent on no peer of it");
            return null;
        }
        return sender.handled(SentPayload.number(payload), SentPayload.intact(payload), receiver);
    }

    @Nullable
    public LedgerSide sideOf(Connection connection) {
        return byConnection.get(connection);
    }

    public List<LedgerSide> sides() {
        return sides;
    }

    @Override
    public void linkMade(LinkEnd link) {
        if (!layered) {
            follow(link, new SocketStream(link));
        }
    }

    /** This is what passes through a link, on which nothing has been written. */
    public void follow(LinkEnd link, OwnStream stream) {
        streams.put(link, stream);
        WireTap wire = new WireTap(new WireTap.Listener() {
            @Override
            public void begins(long at) {
                LedgerSide side = byLink.get(link);
                if (side != null) {
                    side.starts().begins(at);
                }
            }

            @Override
            public void starts(int sender, int number, long at) {
                LedgerSide side = byLink.get(link);
                if (side == null) {
                    violated(link.name() + ": a message on the wire before the connection is open");
                } else {
                    side.starts().starts(sender, number, at);
                }
            }

            @Override
            public void ends(int sender, int number, long at) {
                LedgerSide side = byLink.get(link);
                if (side != null) {
                    side.starts().ends(sender, number, at);
                }
            }
        });
        stream.tap((bytes, taken) -> {
            LedgerSide side = byLink.get(link);
            if (side != null) {
                side.starts().writes();
            }
            wire.offered(bytes, taken);
        });
    }

    @Override
    public void afterEvent() {
        SimLoop loop = network.ranLast();
        if (loop != null) {
            for (LedgerSide side : open) {
                if (side.link().loop() == loop) {
                    side.check();
                }
            }
        }
    }

    @Override
    public void beforeTimePasses() {
        for (LedgerSide side : open) {
            side.checkAtRest();
        }
    }

    /** An open end of which this is true; null if there is none. */
    @Nullable
    LedgerSide first(Predicate<LedgerSide> wanted) {
        for (LedgerSide side : open) {
            if (wanted.test(side)) {
                return side;
            }
        }
        return null;
    }

    /** What must be true once everything has been closed and nothing is left to happen. */
    public void checkAtTheEnd() {
        for (LedgerSide side : open) {
            violated(side.link().name() + ": never closed");
        }
        for (LedgerSide side : sides) {
            new EndRules(this, side, peerOf(side)).check();
        }
    }

    /** The other end, if it has opened. */
    @Nullable
    public LedgerSide peerOf(LedgerSide side) {
        LinkEnd there = side.link().peer();
        return there == null ? null : byLink.get(there);
    }

    /** What passed through a link; null if nobody was ever asked to handle it. */
    @Nullable
    OwnStream streamOf(LinkEnd link) {
        return streams.get(link);
    }

    public List<String> violations() {
        return violations;
    }

    public void violated(String what) {
        if (violations.size() < MOST_VIOLATIONS) {
            violations.add(what);
            network.note("VIOLATED: " + what);
        }
    }

    public long now() {
        return network.scheduler().now();
    }

    /** Whether a link's loop is paused, so that what is due on it must wait. */
    boolean paused(Link link) {
        return ((SimLoop) link.loop()).paused();
    }

    /** Whether what is due on a link's loop may have been due for a while. */
    boolean late(Link link) {
        return ((SimLoop) link.loop()).late();
    }

    public static long nanos(Duration duration) {
        return duration.compareTo(Duration.ofDays(365)) > 0
                ? Duration.ofDays(365).toNanos()
                : duration.toNanos();
    }
}
