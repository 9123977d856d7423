/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.node;

import io.softclose.net.HandshakeException;
import io.softclose.net.HandshakeException.Failure;
import io.softclose.net.Limits;
import io.softclose.net.engine.connection.PeerConnection;
import io.softclose.net.spi.EventLoop;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets inbound links in. Handshakes under way and open connections are bounded apart, so that a peer that says nothing
 * takes no connection's place. When there are as many handshakes as there may be, the host with the most of them makes
 * room: its oldest one ends, at once if that host has more than its share and the newcomer is another, or else once it
 * has had a second. Thread-safe.
 */
final class InboundDoor {
    /** How long a handshake of a quick peer takes at most; until then it is not ended for others without need. */
    private static final long SETTLED_NANOS = Duration.ofSeconds(1).toNanos();

    /** Links that are turned away and stay for a moment, at most; more are reset at once. */
    private static final int MOST_PARTING = 64;

    /** A host with more than this part of all handshakes has more than its share. */
    private static final int SHARES = 4;

    /** Of bytes of an IPv6 address, those that say in which network it is: a host has all addresses of one. */
    private static final int IPV6_NETWORK_BYTES = 8;

    /** Where links come from that have no internet address. */
    private static final Object THIS_HOST = new Object();

    private final Limits limits;

    // Guarded by this. Nothing that is not ours is called under it, but for the clock of a loop.
    /** Handshakes by host, the oldest first. */
    private final Map<Object, LinkedHashSet<Place>> handshakes = new HashMap<>();

    private final Map<PeerConnection, Place> taken = new HashMap<>();
    /** Links that are turned away, and whose peers have not ended them yet. */
    private final Set<RefusedLink> parting = new HashSet<>();

    private int handshakeCount;
    private int openCount;
    private long arrivals;

    InboundDoor(Limits limits) {
        this.limits = limits;
    }

    /** What an inbound link gets. */
    sealed interface Answer permits Place, Refusal {}

    /** A place for one inbound link. Guarded by the door. */
    static final class Place implements Answer {
        final Object host;
        final EventLoop loop;
        final long arrivedAt;
        final long number;

        @Nullable
        PeerConnection connection;

        boolean open;
        boolean lost;

        private Place(Object host, EventLoop loop, long number) {
            this.host = host;
            this.loop = loop;
            this.number = number;
            arrivedAt = loop.nanoTime();
        }

        private boolean settled() {
            return loop.nanoTime() - arrivedAt >= SETTLED_NANOS;
        }
    }

    /**
     * A place for a link that has arrived, for which another one may have to end.
     *
     * @param loop the link's
     * @return a place, or why there is none
     */
    Answer arrive(SocketAddress remote, EventLoop loop) {
        Place victim = null;
        Place place;
        synchronized (this) {
            if (openCount >= limits.maxInboundConnections()) {
                return Refusal.CONNECTIONS;
            }
            Object host = hostOf(remote);
            if (handshakeCount >= limits.maxHandshakes()) {
                victim = victim(host);
                if (victim == null) {
                    return Refusal.HANDSHAKES;
                }
                victim.lost = true;
                forgetHandshake(victim);
            }
            place = new Place(host, loop, ++arrivals);
            handshakes.computeIfAbsent(host, any -> new LinkedHashSet<>()).add(place);
            handshakeCount++;
        }
        PeerConnection ending = victim == null ? null : victim.connection;
        if (ending != null) {
            ending.refuse(new HandshakeException(
                    Failure.TIMEOUT,
                    "handshake: not complete, and given up for a newer one (expected: at most " + limits.maxHandshakes()
                            + " handshakes at a time)"));
        }
        return place;
    }

    /**
     * Whether a link that is turned away may stay until its peer has ended it, or its time is over; then it is {@linkplain
     * #parted parted}.
     */
    synchronized boolean mayPart(RefusedLink refused) {
        return parting.size() < MOST_PARTING && parting.add(refused);
    }

    /** A link that was turned away is gone. */
    synchronized void parted(RefusedLink refused) {
        parting.remove(refused);
    }

    /** Ends the links that are turned away. */
    void close() {
        List<RefusedLink> left;
        synchronized (this) {
            left = List.copyOf(parting);
        }
        left.forEach(RefusedLink::abort);
    }

    /** The connection that has a place is this one. */
    synchronized void enter(Place place, PeerConnection connection) {
        place.connection = connection;
        taken.put(connection, place);
    }

    /** A place is not needed. */
    synchronized void giveUp(Place place) {
        if (place.connection != null) {
            taken.remove(place.connection);
        }
        if (!place.lost) {
            forgetHandshake(place);
        }
    }

    /**
     * A connection has shaken hands; true if it may be open. It keeps its place until it {@linkplain #leave leaves}.
     * Outbound ones always may.
     */
    synchronized boolean opens(PeerConnection connection) {
        Place place = taken.get(connection);
        if (place == null) {
            return true;
        }
        if (place.lost || openCount >= limits.maxInboundConnections()) {
            return false;
        }
        forgetHandshake(place);
        place.open = true;
        openCount++;
        return true;
    }

    /** A connection has ended. */
    synchronized void leave(PeerConnection connection) {
        Place place = taken.remove(connection);
        if (place == null) {
            return;
        }
        if (place.open) {
            openCount--;
        } else if (!place.lost) {
            forgetHandshake(place);
        }
    }

    private void forgetHandshake(Place place) {
        LinkedHashSet<Place> ofHost = handshakes.get(place.host);
        if (ofHost != null && ofHost.remove(place)) {
            handshakeCount--;
            if (ofHost.isEmpty()) {
                handshakes.remove(place.host);
            }
        }
    }

    /** Whose handshake ends for a newcomer; null if the newcomer is to be turned away instead. */
    private @Nullable Place victim(Object newcomer) {
        LinkedHashSet<Place> most = new LinkedHashSet<>();
        Place oldest = null;
        for (LinkedHashSet<Place> ofHost : handshakes.values()) {
            Place first = ofHost.iterator().next();
            boolean older = oldest == null || first.number < oldest.number;
            if (ofHost.size() > most.size() || (ofHost.size() == most.size() && older)) {
                most = ofHost;
                oldest = first;
            }
        }
        if (oldest == null || oldest.connection == null) {
            return null;
        }
        boolean greedy = !oldest.host.equals(newcomer) && most.size() > limits.maxHandshakes() / SHARES;
        return greedy || oldest.settled() ? oldest : null;
    }

    private static Object hostOf(SocketAddress remote) {
        if (!(remote instanceof InetSocketAddress inet) || inet.getAddress() == null) {
            return THIS_HOST;
        }
        byte[] address = inet.getAddress().getAddress();
        return ByteBuffer.wrap(address, 0, Math.min(address.length, IPV6_NETWORK_BYTES));
    }
}
