/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.node;

import io.softclose.net.CloseReport;
import io.softclose.net.engine.KnownLoops;
import io.softclose.net.engine.connection.Barrier;
import io.softclose.net.engine.connection.PeerConnection;
import io.softclose.net.engine.connection.Registry;
import io.softclose.net.engine.stream.BatchPool;
import io.softclose.net.engine.stream.InputBudget;
import io.softclose.net.log.RateLimitedLog;
import io.softclose.net.spi.EventLoop;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A network's connections: each from before its link's first event until everybody has been told that it has closed, or
 * its dial is refused. What the connections of a loop share is kept for as long as the loop has any. Thread-safe.
 */
final class Roster implements Registry {
    /** Peers decide how many there are. */
    private static final RateLimitedLog GIVEN_UP = new RateLimitedLog(Level.WARNING);

    private final InputBudget inputBudget;
    private final InboundDoor door;
    private final Runnable whenLeft;

    // Guarded by this. Nothing that is not ours is called under it.
    private final Map<Long, PeerConnection> present = new TreeMap<>();
    private final IdentityHashMap<EventLoop, Share> shares = new IdentityHashMap<>();
    private final List<CloseReport> reports = new ArrayList<>();
    /** What connections that have closed have with handlers, in bytes. */
    private final Map<Long, Long> leftBehind = new HashMap<>();

    private long bytesLeftBehind;
    private boolean shut;
    /** Behind which the connections close that were there when it was shut. */
    private Barrier barrier = Barrier.NONE;

    private long unhandled;

    /**
     * An empty one.
     *
     * @param inputBudget what the connections' unfinished messages may take
     * @param door who counts those that are inbound
     * @param whenLeft run whenever a connection has left
     */
    Roster(InputBudget inputBudget, InboundDoor door, Runnable whenLeft) {
        this.inputBudget = inputBudget;
        this.door = door;
        this.whenLeft = whenLeft;
    }

    /** The batches of a loop, for a connection that is to be {@linkplain #enter entered} or {@linkplain #release not}. */
    synchronized BatchPool share(EventLoop loop) {
        Share share = shares.get(loop);
        if (share == null) {
            KnownLoops.add(loop);
            share = new Share();
            shares.put(loop, share);
        }
        share.connections++;
        return share.batches;
    }

    /** Takes back a {@link #share}. */
    synchronized void release(EventLoop loop) {
        Share share = shares.get(loop);
        if (share != null && --share.connections == 0) {
            shares.remove(loop);
        }
    }

    /** Enters a connection that holds its share; false if the roster is shut. */
    synchronized boolean enter(PeerConnection connection) {
        if (!shut) {
            if (present.isEmpty()) {
                LoopWatch.watch(this);
            }
            present.put(connection.id(), connection);
        }
        return !shut;
    }

    /** Strikes off a connection that never was. Its link will have no event. */
    void forget(PeerConnection connection) {
        connection.forget();
        strike(connection, null);
    }

    @Override
    public InputBudget inputBudget() {
        return inputBudget;
    }

    @Override
    public boolean opens(PeerConnection connection) {
        return door.opens(connection);
    }

    @Override
    public boolean leavesBehind(PeerConnection connection, long bytes) {
        synchronized (this) {
            door.leave(connection);
            if (bytes == 0 || leftBehind.containsKey(connection.id())) {
                return true;
            }
            if (bytesLeftBehind + bytes <= inputBudget.most()) {
                leftBehind.put(connection.id(), bytes);
                bytesLeftBehind += bytes;
                return true;
            }
        }
        GIVEN_UP.log(
                "{0}: what its handlers have is given up, for connections that are gone have left too much (expected: at most"
                        + " {1} bytes, Limits.inputBytes)",
                connection, inputBudget.most());
        return false;
    }

    @Override
    public void told(PeerConnection connection, @Nullable CloseReport report) {
        strike(connection, report);
    }

    /** May be called again if it lacked memory. */
    private void strike(PeerConnection connection, @Nullable CloseReport report) {
        Barrier left;
        synchronized (this) {
            if (present.containsKey(connection.id())) {
                if (shut && report != null) {
                    reports.add(report);
                    unhandled += connection.unhandled();
                }
                present.remove(connection.id());
                if (present.isEmpty()) {
                    LoopWatch.forget(this);
                }
                door.leave(connection);
                Long handled = leftBehind.remove(connection.id());
                bytesLeftBehind -= handled == null ? 0 : handled;
                release(connection.loop());
            }
            left = barrier;
        }
        left.leave(connection);
        whenLeft.run();
    }

    /** Lets none in any more. Idempotent: answers with the same barrier again, for those that are in. */
    synchronized Barrier shut() {
        if (!shut) {
            barrier = new Barrier(present.values());
            shut = true;
        }
        return barrier;
    }

    synchronized boolean isShut() {
        return shut;
    }

    /** Whether it is shut and the last one has left. */
    synchronized boolean isDeserted() {
        return shut && present.isEmpty();
    }

    /** The connections now, in order of their ids. */
    synchronized List<PeerConnection> connections() {
        return new ArrayList<>(present.values());
    }

    /** The reports of those that have left since it was shut. */
    synchronized List<CloseReport> reports() {
        return new ArrayList<>(reports);
    }

    /** What handlers had not handled of those connections when the time for it was over. */
    synchronized long unhandled() {
        return unhandled;
    }

    /** How many loops have connections. */
    synchronized int loops() {
        return shares.size();
    }

    /** What the connections of one loop have in common. */
    private static final class Share {
        final BatchPool batches = new BatchPool();
        int connections;
    }
}
