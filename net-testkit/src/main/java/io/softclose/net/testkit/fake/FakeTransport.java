/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.fake;

import static java.util.Objects.requireNonNull;

import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.spi.Require;
import io.softclose.net.spi.Transport;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A transport of {@link FakeLink}s on one {@link ManualEventLoop}: nothing happens on it but what the test says. Dials
 * succeed unless the test says otherwise; inbound links come from {@link #accept}. Takes {@link InetSocketAddress}es,
 * and binds none of them. Closing it leaves the loop running, for the events that follow.
 *
 * <p>A test ends with {@link #verifyNoLeaks}.
 */
public final class FakeTransport implements Transport {
    /** First of the ports that listeners on port 0 and dialling ends get. */
    private static final int FIRST_FREE_PORT = 49_152;

    private final ManualEventLoop loop;

    // Shared.
    private final List<FakeLink> links = new CopyOnWriteArrayList<>();
    private final Map<InetSocketAddress, FakeListener> listeners = new ConcurrentHashMap<>();
    private final AtomicInteger nextPort = new AtomicInteger(FIRST_FREE_PORT);
    private volatile Consumer<FakeLink> dialScript = FakeLink::connect;
    private volatile boolean closed;

    /** A transport with a loop of its own. */
    public FakeTransport() {
        this(new ManualEventLoop());
    }

    /** A transport on this loop. */
    public FakeTransport(ManualEventLoop loop) {
        this.loop = requireNonNull(loop, "loop");
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public Listener listen(SocketAddress local, LinkAcceptor acceptor) throws IOException {
        InetSocketAddress wanted = requireInet("local", local);
        requireNonNull(acceptor, "acceptor");
        requireOpen("listen on " + local);
        InetSocketAddress bound =
                wanted.getPort() == 0 ? new InetSocketAddress(wanted.getAddress(), nextPort.getAndIncrement()) : wanted;
        FakeListener listener = new FakeListener(bound, acceptor);
        if (listeners.putIfAbsent(bound, listener) != null) {
            throw new BindException("listen on " + bound + ": already in use");
        }
        return listener;
    }

    @Override
    public ManualEventLoop nextLoop() {
        requireOpen("the next loop");
        return loop;
    }

    @Override
    public FakeLink dial(SocketAddress remote, Duration timeout, LinkAcceptor acceptor) {
        return dial(loop, remote, timeout, acceptor);
    }

    @Override
    public FakeLink dial(EventLoop on, SocketAddress remote, Duration timeout, LinkAcceptor acceptor) {
        if (on != loop) {
            throw new IllegalArgumentException("loop: " + on + " (expected: this transport's)");
        }
        requireInet("remote", remote);
        Require.positive("timeout", timeout);
        requireOpen("dial " + remote);
        FakeLink link = newLink(freeAddress(), remote);
        LinkHandler handler = requireNonNull(acceptor.accept(link), "handler");
        links.add(link);
        Consumer<FakeLink> script = dialScript;
        loop.post(() -> {
            link.handledBy(handler);
            link.failAfter(timeout);
            script.accept(link);
        });
        return link;
    }

    @Override
    public void close() {
        closed = true;
        listeners.clear();
        loop.post(() -> links.forEach(link -> link.abort(null)));
    }

    private void requireOpen(String what) {
        if (closed) {
            throw new RejectedExecutionException(what + ": the transport is closed");
        }
    }

    /** The loop that everything of this transport runs on. */
    public ManualEventLoop loop() {
        return loop;
    }

    /** Dials from now on succeed. */
    public void dialsSucceed() {
        dialScript = FakeLink::connect;
    }

    /** Dials from now on fail for this cause. */
    public void dialsFail(Throwable cause) {
        requireNonNull(cause, "cause");
        dialScript = link -> link.fail(cause);
    }

    /** Dials from now on hang until their timeout, or until {@link FakeLink#connect} or {@link FakeLink#fail}. */
    public void dialsHang() {
        dialScript = link -> {};
    }

    /**
     * Has somebody dial a listener.
     *
     * @param local the listener's address
     * @return the accepted link, up once the loop has run; closed, with its {@link FakeLink#refusal}, if the acceptor
     *     threw
     * @throws IllegalArgumentException if nobody listens there
     */
    public FakeLink accept(SocketAddress local) {
        return accept(local, freeAddress());
    }

    /**
     * As {@link #accept(SocketAddress)}.
     *
     * @param remote where the link comes from
     */
    public FakeLink accept(SocketAddress local, SocketAddress remote) {
        FakeListener listener = listeners.get(requireInet("local", local));
        if (listener == null) {
            throw new IllegalArgumentException("local: " + local + " (expected: one of " + listeners.keySet() + ")");
        }
        FakeLink link = newLink(local, requireNonNull(remote, "remote"));
        links.add(link);
        loop.post(() -> {
            try {
                link.handledBy(listener.acceptor.accept(link));
                link.connect();
            } catch (RuntimeException refused) {
                link.refusedBy(refused);
            }
        });
        return link;
    }

    /** Every link there has been, in the order of their making. */
    public List<FakeLink> links() {
        return List.copyOf(links);
    }

    /** The addresses that are listened on. */
    public List<InetSocketAddress> listening() {
        return List.copyOf(listeners.keySet());
    }

    /**
     * Fails if anything is left of what the test did: a listener, a link that is not closed, a lent buffer, a timer that
     * has neither run nor been cancelled, a task that waits; or if a task threw or a caller broke the contract of {@link
     * FakeLink}. Call it when everything has been closed and the loop has run.
     *
     * @throws AssertionError with all that was found
     */
    public void verifyNoLeaks() {
        Findings findings = new Findings();
        if (!listeners.isEmpty()) {
            findings.add("listeners: " + listeners.keySet() + " not closed (expected: none)");
        }
        if (loop.readyTasks() > 0) {
            findings.add("ready tasks: " + loop.readyTasks() + " (expected: 0, the loop has come to rest)");
        }
        if (loop.pendingTimers() > 0) {
            findings.add("timers: " + loop.pendingTimers() + " neither run nor cancelled (expected: 0)");
        }
        findings.addFailureOf(loop::verify);
        for (FakeLink link : links) {
            findings.addFailureOf(link::verify);
            findings.addFailureOf(link::verifyNoLeaks);
        }
        findings.verify();
    }

    private FakeLink newLink(SocketAddress local, SocketAddress remote) {
        return new FakeLink(loop, local, remote);
    }

    private InetSocketAddress freeAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), nextPort.getAndIncrement());
    }

    private static InetSocketAddress requireInet(String name, SocketAddress address) {
        if (requireNonNull(address, name) instanceof InetSocketAddress inet) {
            return inet;
        }
        throw new IllegalArgumentException(name + ": " + address + " (expected: an InetSocketAddress)");
    }

    private final class FakeListener implements Listener {
        private final InetSocketAddress localAddress;
        private final LinkAcceptor acceptor;

        FakeListener(InetSocketAddress localAddress, LinkAcceptor acceptor) {
            this.localAddress = localAddress;
            this.acceptor = acceptor;
        }

        @Override
        public SocketAddress localAddress() {
            return localAddress;
        }

        @Override
        public void close() {
            listeners.remove(localAddress, this);
        }
    }
}
