/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.peer;

import io.softclose.net.CloseReport;
import io.softclose.net.Peer;
import io.softclose.net.PeerId;
import io.softclose.net.PeerReport;
import io.softclose.net.engine.NetworkSettings;
import io.softclose.net.engine.connection.PeerConnection;
import io.softclose.net.engine.connection.Registry;
import io.softclose.net.engine.outbox.Envelope;
import io.softclose.net.engine.stream.InputBudget;
import io.softclose.net.log.Log;
import java.lang.System.Logger.Level;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The peers of a network: those that the application keeps, have a connection, or have something that waits. The others are
 * forgotten, or whoever proves many identities, or asks for many, would fill the memory. Stands between the connections and
 * their registry, for what outlives them. Thread-safe.
 */
public final class Peers implements Registry {
    /** How often it tries to return what waits while there is no memory for it, and how long it waits in between. */
    private static final int MOST_TRIES = 100;

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final NetworkSettings settings;
    private final Registry registry;
    private final LongSupplier lastId;
    private final ReferenceQueue<LocalPeer> gone = new ReferenceQueue<>();

    // Guarded by this. Nothing that is not ours is called under it.
    private final Map<PeerId, Known> known = new HashMap<>();
    private boolean shut;

    /** A peer, for as long as anybody needs it. */
    private static final class Known extends WeakReference<LocalPeer> {
        final PeerId id;

        /** Itself, while it is busy. Written under its line's lock; read by nobody, but by the garbage collector. */
        @SuppressWarnings("unused")
        private volatile @Nullable LocalPeer busy;

        private Known(LocalPeer peer, Holder holder, ReferenceQueue<LocalPeer> gone) {
            super(peer, gone);
            id = peer.peerId();
            holder.known = this;
        }
    }

    /** Keeps a busy peer by way of what is known of it. */
    private static final class Holder implements LocalPeer.Keeper {
        private @Nullable Known known;

        @Override
        public void keep(@Nullable LocalPeer busy) {
            Known peer = known;
            if (peer != null) {
                peer.busy = busy;
            }
        }
    }

    /**
     * Nobody is known yet.
     *
     * @param registry what the connections deal with otherwise
     * @param lastId the number of the connection that was made last; they count up
     */
    public Peers(NetworkSettings settings, Registry registry, LongSupplier lastId) {
        this.settings = settings;
        this.registry = registry;
        this.lastId = lastId;
    }

    /** A peer, who may have no connection. */
    public Peer peer(PeerId id) {
        return local(id);
    }

    /** Those who are known now. */
    public synchronized List<Peer> all() {
        return List.copyOf(present());
    }

    private synchronized LocalPeer local(PeerId id) {
        forgetGone();
        Known before = known.get(id);
        LocalPeer peer = before == null ? null : before.get();
        if (peer == null) {
            Holder holder = new Holder();
            peer = new LocalPeer(id, settings, lastId, holder);
            known.put(id, new Known(peer, holder, gone));
            if (shut) {
                peer.line().shut();
            }
        }
        return peer;
    }

    private synchronized Optional<LocalPeer> present(PeerId id) {
        Known one = known.get(id);
        return one == null ? Optional.empty() : Optional.ofNullable(one.get());
    }

    private void forgetGone() {
        for (Object one = gone.poll(); one != null; one = gone.poll()) {
            Known lost = (Known) one;
            known.remove(lost.id, lost);
        }
    }

    /** Lets nothing wait any more. Idempotent. */
    public void shut() {
        List<LocalPeer> all;
        synchronized (this) {
            shut = true;
            all = present();
        }
        all.forEach(peer -> peer.line().shut());
    }

    /**
     * No connection is left, and none will come: lets nothing wait any more, and returns what does. The last connection may
     * have ended while whoever shuts down has not come to {@link #shut} yet. Throws nothing, or the shutdown would not end;
     * without memory it tries again for a while.
     */
    public List<PeerReport> end() {
        for (int tries = 1; true; tries++) {
            try {
                return endAll();
            } catch (Throwable failure) {
                if (tries == MOST_TRIES || !(failure instanceof VirtualMachineError)) {
                    Log.thrown(Level.ERROR, this, "what waited for peers is not all told", failure);
                    return List.of();
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private List<PeerReport> endAll() {
        shut();
        List<LocalPeer> all;
        synchronized (this) {
            all = present();
        }
        List<PeerReport> reports = new ArrayList<>(all.size());
        all.forEach(peer -> peer.end().ifPresent(reports::add));
        return reports;
    }

    private List<LocalPeer> present() {
        List<LocalPeer> all = new ArrayList<>(known.size());
        for (Known one : known.values()) {
            LocalPeer peer = one.get();
            if (peer != null) {
                all.add(peer);
            }
        }
        return all;
    }

    @Override
    public InputBudget inputBudget() {
        return registry.inputBudget();
    }

    @Override
    public boolean opens(PeerConnection connection) {
        return registry.opens(connection);
    }

    @Override
    public boolean leavesBehind(PeerConnection connection, long bytes) {
        return registry.leavesBehind(connection, bytes);
    }

    @Override
    public void told(PeerConnection connection, @Nullable CloseReport report) {
        try {
            connection.addressee().flatMap(this::present).ifPresent(peer -> peer.handled(connection));
        } finally {
            registry.told(connection, report);
        }
    }

    @Override
    public void identified(PeerConnection connection) {
        connection.addressee().ifPresent(peer -> local(peer).line().identified(connection));
    }

    @Override
    public void opened(PeerConnection connection) {
        connection.addressee().ifPresent(peer -> local(peer).opened(connection));
    }

    @Override
    public void closing(PeerConnection connection) {
        connection.addressee().ifPresent(peer -> local(peer).line().closing(connection));
    }

    @Override
    public boolean replaced(PeerConnection connection) {
        return connection.addressee().isPresent()
                && local(connection.addressee().get()).replaced(connection);
    }

    @Override
    public void handsOver(PeerConnection connection, List<List<Envelope>> byLane) {
        connection.addressee().ifPresent(peer -> local(peer).line().inherit(connection, byLane));
    }

    @Override
    public void handedOver(PeerConnection connection) {
        connection.addressee().ifPresent(peer -> local(peer).goOn(connection));
    }
}
