/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.world;

import static java.util.Objects.requireNonNull;

import io.softclose.net.spi.DialFailure;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.spi.Require;
import io.softclose.net.testkit.sim.SimLink;
import io.softclose.net.testkit.sim.SimSockets;
import io.softclose.net.testkit.sim.SimTransport;
import io.softclose.net.testkit.sim.kernel.Leaving;
import io.softclose.net.testkit.sim.kernel.SimSocket;
import io.softclose.net.testkit.sim.link.SimMemory;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** A host of the simulation: who listens on it, who dials from it, and how two links of it and another come together. */
public final class Host implements SimTransport {
    private static final int FIRST_FREE_PORT = 32_768;

    private final World network;
    private final String name;
    private final InetAddress address;
    private final List<SimLoop> loops;
    private final SimSockets sockets;
    private final SimMemory memory;
    private final Map<Integer, SimListener> listeners = new TreeMap<>();
    private final List<LinkEnd> links = new ArrayList<>();
    private int nextPort = FIRST_FREE_PORT;
    private int nextLoop;
    private boolean closed;

    Host(World network, String name, InetAddress address, List<SimLoop> loops, SimSockets sockets) {
        this.network = network;
        this.name = name;
        this.address = address;
        this.loops = List.copyOf(loops);
        this.sockets = sockets;
        memory = new SimMemory(network.scheduler(), network.random().split());
    }

    @Override
    public String name() {
        return "sim";
    }

    @Override
    public String host() {
        return name;
    }

    @Override
    public InetSocketAddress address(int port) {
        return new InetSocketAddress(address, port);
    }

    @Override
    public Listener listen(SocketAddress local, LinkAcceptor acceptor) throws IOException {
        InetSocketAddress wanted = requireInet("local", local);
        requireNonNull(acceptor, "acceptor");
        requireOpen("listen on " + local);
        if (wanted.isUnresolved()) {
            throw new UnknownHostException(wanted.getHostString());
        }
        if (!wanted.getAddress().equals(address) && !wanted.getAddress().isAnyLocalAddress()) {
            throw new BindException(local + ": not an address of host " + name);
        }
        int port = wanted.getPort() == 0 ? nextPort++ : wanted.getPort();
        if (listeners.containsKey(port)) {
            throw new BindException(local + ": in use");
        }
        SimListener listener = new SimListener(port, acceptor);
        listeners.put(port, listener);
        return listener;
    }

    @Override
    public EventLoop nextLoop() {
        requireOpen("the next loop");
        return loopInTurn();
    }

    @Override
    public Link dial(EventLoop loop, SocketAddress remote, Duration timeout, LinkAcceptor acceptor) {
        SimLoop own = own(loop);
        InetSocketAddress to = requireInet("remote", remote);
        Require.positive("timeout", timeout);
        requireNonNull(acceptor, "acceptor");
        requireOpen("dial " + remote);
        Host host = to.isUnresolved() ? null : network.hostAt(to);
        // Bytes for a host that does not exist go nowhere, which is any path that nobody uses.
        LinkEnd link = newLink(own, host == null ? this : host, address(nextPort++), to, ">");
        LinkHandler handler = requireNonNull(acceptor.accept(link), "handler");
        if (own.dead()) {
            // As a loop does that refuses the dial's first task: after the acceptor.
            throw new RejectedExecutionException("dial " + remote + ": the loop has died");
        }
        link.handledBy(handler);
        link.turns().post(() -> start(link, host, to, timeout));
        return link;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        List.copyOf(listeners.values()).forEach(SimListener::close);
        for (LinkEnd link : links) {
            link.turns().post(() -> link.turns().leave(null, Leaving.ABORT));
        }
        loops.forEach(SimLoop::stop);
    }

    @Override
    public void pause(Duration time) {
        network.trace().add(network.scheduler().now(), name, "pauses for ns", time.toNanos());
        loops.forEach(loop -> loop.pauseUntil(network.scheduler().now() + time.toNanos()));
    }

    /** One of its loops dies, and with it the links that it serves; the others go on. */
    public void loopDies(int index, Throwable cause) {
        loops.get(index % loops.size()).die(cause);
    }

    private boolean noLoopLeft() {
        return loops.stream().allMatch(SimLoop::dead);
    }

    public SimMemory memory() {
        return memory;
    }

    @Override
    public List<SimLink> openLinks() {
        return links.stream()
                .filter(link -> !link.isClosed())
                .<SimLink>map(link -> link)
                .toList();
    }

    List<Integer> listening() {
        return List.copyOf(listeners.keySet());
    }

    @Override
    public String toString() {
        return "SimTransport[" + name + "]";
    }

    private void start(LinkEnd link, @Nullable Host host, InetSocketAddress to, Duration timeout) {
        if (!link.life().isOpening()) {
            return;
        }
        if (to.isUnresolved()) {
            link.turns().failed(DialFailure.unresolved(to));
            return;
        }
        link.turns().failAfter(timeout);
        if (host != null) {
            link.socket().sendControl(() -> host.arrived(link, this));
        }
    }

    /** Somebody wants to connect. */
    private void arrived(LinkEnd dialling, Host from) {
        SimListener listener = listeners.get(dialling.remoteAddress().getPort());
        if (listener == null || closed || noLoopLeft()) {
            Throwable refused =
                    DialFailure.refused(dialling.remoteAddress(), new ConnectException("Connection refused"));
            network.path(this, from).carry(0, 0, () -> dialling.turns().failed(refused));
            return;
        }
        LinkEnd accepted = newLink(loopInTurn(), from, dialling.remoteAddress(), dialling.localAddress(), "<");
        accepted.meets(dialling);
        dialling.meets(accepted);
        SimSocket.join(dialling.socket(), accepted.socket());
        accepted.socket().sendControl(() -> {
            if (dialling.life().isOpening()) {
                dialling.turns().established();
                dialling.socket().sendControl(() -> listener.accept(accepted));
            } else {
                dialling.socket().sendControl(() -> {
                    accepted.socket().arriveReset();
                    listener.accept(accepted);
                });
            }
        });
    }

    /** The next one that lives; any if none does. */
    private SimLoop loopInTurn() {
        SimLoop loop = loops.get(nextLoop++ % loops.size());
        while (loop.dead() && !noLoopLeft()) {
            loop = loops.get(nextLoop++ % loops.size());
        }
        return loop;
    }

    private SimLoop own(EventLoop loop) {
        return loops.stream()
                .filter(own -> own == loop)
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("loop: " + loop + " (expected: one of this transport's)"));
    }

    private LinkEnd newLink(SimLoop loop, Host other, InetSocketAddress local, InetSocketAddress remote, String arrow) {
        LinkEnd link = new LinkEnd(
                network,
                loop,
                network.path(this, other),
                sockets,
                memory,
                network.random().split(),
                local,
                remote,
                name + arrow + (other == this ? "nowhere" : other.name) + "#"
                        + network.links().size());
        links.add(link);
        network.made(link);
        return link;
    }

    private void requireOpen(String what) {
        if (closed) {
            throw new RejectedExecutionException(what + ": the transport is closed");
        }
    }

    private static InetSocketAddress requireInet(String what, SocketAddress address) {
        if (requireNonNull(address, what) instanceof InetSocketAddress inet) {
            return inet;
        }
        throw new IllegalArgumentException(what + ": " + address + " (expected: an InetSocketAddress)");
    }

    private final class SimListener implements Listener {
        private final int port;
        private final LinkAcceptor acceptor;
        private boolean closed;

        SimListener(int port, LinkAcceptor acceptor) {
            this.port = port;
            this.acceptor = acceptor;
        }

        @Override
        public SocketAddress localAddress() {
            return address(port);
        }

        @Override
        public void close() {
            closed = true;
            listeners.remove(port, this);
        }

        /** A connection is complete: somebody is asked to handle it, if there is still somebody. */
        void accept(LinkEnd link) {
            link.turns().post(() -> {
                if (closed || !link.life().isOpening()) {
                    link.turns().leave(null, Leaving.ABORT);
                    return;
                }
                try {
                    link.handledBy(acceptor.accept(link));
                    link.turns().established();
                } catch (RuntimeException refused) {
                    network.found(name + ": its acceptor threw " + refused, refused);
                    link.turns().leave(refused, Leaving.ABORT);
                }
            });
        }
    }
}
