/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.tls;

import static java.util.Objects.requireNonNull;

import io.softclose.net.DisconnectReason;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.NetworkEvents;
import io.softclose.net.PeerId;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.WeakHashMap;

/**
 * Who may come in: a set of peers that changes at run time, such as a validator set. Whoever is removed is not let in any
 * more; to have its connections closed as well, see {@link #closingRemoved}. Thread-safe.
 */
public final class TrustedPeers implements PeerTrust {
    // Guarded by itself. Whoever observes a network is kept by that, and not by a set that outlives it.
    private final Set<StalePeers> watchers = Collections.newSetFromMap(new WeakHashMap<>());

    // Written under the lock, one after the other.
    private volatile Set<PeerId> peers;

    private TrustedPeers(Set<PeerId> peers) {
        this.peers = peers;
    }

    /** A set that begins with these. */
    public static TrustedPeers of(PeerId... peers) {
        return of(Set.of(peers));
    }

    /** A set that begins with these. */
    public static TrustedPeers of(Set<PeerId> peers) {
        return new TrustedPeers(Set.copyOf(peers));
    }

    @Override
    public boolean trusts(PeerId peer) {
        return peers.contains(peer);
    }

    /** Who is trusted now. */
    public Set<PeerId> peers() {
        return peers;
    }

    /** Trusts one more peer. */
    public synchronized void add(PeerId peer) {
        Set<PeerId> more = new TreeSet<>(peers);
        more.add(requireNonNull(peer, "peer"));
        replace(more);
    }

    /** Trusts a peer no more. */
    public synchronized void remove(PeerId peer) {
        Set<PeerId> fewer = new TreeSet<>(peers);
        fewer.remove(requireNonNull(peer, "peer"));
        replace(fewer);
    }

    /** Trusts these and nobody else. */
    public void replace(Set<PeerId> trusted) {
        Set<PeerId> removed;
        synchronized (this) {
            removed = new TreeSet<>(peers);
            peers = Set.copyOf(trusted);
            removed.removeAll(peers);
        }
        List<StalePeers> told;
        synchronized (watchers) {
            told = List.copyOf(watchers);
        }
        removed.forEach(peer -> told.forEach(watcher -> watcher.removed(peer)));
    }

    /**
     * Observes a network so that connections of peers that are trusted no more close as {@linkplain
     * DisconnectReason#STALE_CONNECTION stale}, under the network's policy. To be given to {@link
     * NetworkBuilder#events}. A peer that has proved nothing is trusted by nobody, and closed at once.
     *
     * @param next observes the network, too
     */
    public NetworkEvents closingRemoved(NetworkEvents next) {
        StalePeers stale = new StalePeers(this, requireNonNull(next, "next"));
        synchronized (watchers) {
            watchers.add(stale);
        }
        return stale;
    }
}
