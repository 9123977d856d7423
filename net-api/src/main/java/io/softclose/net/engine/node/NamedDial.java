/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.node;

import static java.util.Objects.requireNonNull;

import io.softclose.net.PeerId;
import io.softclose.net.engine.Nanos;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.InputEnd;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.spi.Scheduler.Timer;
import io.softclose.net.spi.Transport.LinkAcceptor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A link that is dialled by a host's name: a stand-in for the link to come, on the loop which that will have. The name is
 * looked up off the loop; then its addresses are dialled one after the other, each within an equal share of the time that
 * is left, until one answers. From then on this is that link, and lets everything pass to it.
 *
 * <p>Until then the transport knows nothing of it. If its loop ends meanwhile, nobody is left to tell the handler but the
 * thread that looks names up; it does.
 */
final class NamedDial implements Link {
    /** More addresses of a name are not dialled: each would have next to no time. */
    static final int MOST_ADDRESSES = 16;

    private final Dialler dialler;
    private final EventLoop loop;
    private final InetSocketAddress name;
    private final Optional<PeerId> expected;

    // Shared.
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile @Nullable Link link;
    private volatile boolean over;

    // Confined to the loop, once started.
    private @Nullable LinkHandler handler;
    private @Nullable CompletableFuture<List<InetAddress>> lookup;
    private @Nullable Timer expiry;
    private @Nullable Link attempt;
    private @Nullable Throwable cause;
    private final Deque<InetAddress> candidates = new ArrayDeque<>();
    private final List<Throwable> failures = new ArrayList<>();
    private long deadlineAt;
    private Reading wanted = Reading.RESUMED;

    /**
     * A stand-in that does nothing yet.
     *
     * @param expected who is expected to answer, if anybody in particular is
     */
    NamedDial(Dialler dialler, EventLoop loop, InetSocketAddress name, Optional<PeerId> expected) {
        this.dialler = dialler;
        this.loop = loop;
        this.name = name;
        this.expected = expected;
    }

    /**
     * Begins.
     *
     * @throws RejectedExecutionException if the loop has stopped; then the handler hears of nothing
     */
    void start(LinkHandler dialling) {
        handler = dialling;
        loop.execute(this::lookUp);
    }

    private void lookUp() {
        if (over) {
            return;
        }
        long limit = Nanos.of(dialler.timeout());
        deadlineAt = loop.nanoTime() + limit;
        try {
            expiry = loop.schedule(limit, () -> finish(DialFailures.late(name, dialler.timeout(), failures)));
            CompletableFuture<List<InetAddress>> begun = dialler.lookUp(name.getHostString());
            lookup = begun;
            var unused = begun.whenComplete(this::lookedUp);
        } catch (Throwable failed) {
            finish(failed);
        }
    }

    /** On any thread. */
    private void lookedUp(@Nullable List<InetAddress> found, @Nullable Throwable failure) {
        if (over) {
            return;
        }
        try {
            loop.execute(() -> dialFirst(found, failure));
        } catch (RejectedExecutionException stopped) {
            over = true;
            cause = stopped;
            tell();
        }
    }

    private void dialFirst(@Nullable List<InetAddress> found, @Nullable Throwable failure) {
        if (over) {
            return;
        }
        if (failure != null || found == null || found.isEmpty()) {
            finish(DialFailures.notFound(name, dialler.timeout(), failure));
            return;
        }
        candidates.addAll(found.subList(0, Math.min(found.size(), MOST_ADDRESSES)));
        dialNext();
    }

    private void dialNext() {
        while (attempt == null && !over) {
            InetAddress next = candidates.poll();
            if (next == null) {
                finish(DialFailures.noneAnswered(name, failures));
                return;
            }
            long left = Math.max(1, deadlineAt - loop.nanoTime());
            Duration share = Duration.ofNanos(Math.max(1, left / (candidates.size() + 1)));
            try {
                attempt = dialler.transport()
                        .dial(loop, new InetSocketAddress(next, name.getPort()), share, new Attempts());
            } catch (IllegalArgumentException notTaken) {
                failures.add(notTaken);
            } catch (Throwable refused) {
                finish(refused);
            }
        }
    }

    /** Ends it before there is a link: the handler is told in a later task. */
    private void finish(@Nullable Throwable why) {
        if (over) {
            return;
        }
        over = true;
        cause = why;
        candidates.clear();
        settle();
        Link dialled = attempt;
        if (dialled != null) {
            dialled.abort();
            return;
        }
        try {
            loop.execute(this::tell);
        } catch (RejectedExecutionException stopped) {
            // These are the last tasks of the loop: there is no later.
            tell();
        }
    }

    /** Nothing is waited for any more. */
    private void settle() {
        if (expiry != null) {
            expiry.cancel();
        }
        if (lookup != null) {
            lookup.cancel(false);
        }
    }

    private void tell() {
        if (told.compareAndSet(false, true)) {
            requireNonNull(handler, "handler").onClosed(cause);
        }
    }

    /** Handles the links of all addresses. */
    private final class Attempts implements LinkAcceptor {
        @Override
        public LinkHandler accept(Link dialled) {
            return new Attempt(dialled);
        }

        @Override
        public Optional<PeerId> expectedPeer() {
            return expected;
        }
    }

    /** One address is being dialled, and perhaps becomes the link. */
    private final class Attempt implements LinkHandler {
        private final Link dialled;

        Attempt(Link dialled) {
            this.dialled = dialled;
        }

        private LinkHandler above() {
            return requireNonNull(handler, "handler");
        }

        @Override
        public void onConnected() {
            if (over) {
                return;
            }
            settle();
            link = dialled;
            if (wanted == Reading.PAUSED) {
                dialled.reading(wanted);
            }
            above().onConnected();
        }

        @Override
        public void onRead(ByteBuffer data) {
            above().onRead(data);
        }

        @Override
        public void onWritable() {
            above().onWritable();
        }

        @Override
        public void onInputClosed(InputEnd end) {
            above().onInputClosed(end);
        }

        @Override
        public void onClosed(@Nullable Throwable why) {
            attempt = null;
            if (link != null) {
                cause = why;
                tell();
            } else if (over) {
                tell();
            } else if (why == null) {
                // The transport closes.
                finish(null);
            } else {
                failures.add(why);
                dialNext();
            }
        }
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public SocketAddress localAddress() {
        Link up = link;
        return up == null ? name : up.localAddress();
    }

    /** The name until it is known which of its addresses has answered. */
    @Override
    public SocketAddress remoteAddress() {
        Link up = link;
        return up == null ? name : up.remoteAddress();
    }

    @Override
    public Optional<PeerId> provenPeer() {
        Link up = link;
        return up == null ? Optional.empty() : up.provenPeer();
    }

    @Override
    public ByteBuffer lend(int size) {
        return requireNonNull(link, "link").lend(size);
    }

    @Override
    public void release(ByteBuffer buffer) {
        requireNonNull(link, "link").release(buffer);
    }

    @Override
    public int write(ByteBuffer source) {
        Link up = link;
        return up == null ? 0 : up.write(source);
    }

    @Override
    public long flushedBytes() {
        Link up = link;
        return up == null ? 0 : up.flushedBytes();
    }

    @Override
    public long outputProgress() {
        Link up = link;
        return up == null ? 0 : up.outputProgress();
    }

    @Override
    public long inputProgress() {
        Link up = link;
        return up == null ? 0 : up.inputProgress();
    }

    @Override
    public void reading(Reading reading) {
        wanted = reading;
        Link up = link;
        if (up != null) {
            up.reading(reading);
        }
    }

    @Override
    public void flush() {
        Link up = link;
        if (up != null) {
            up.flush();
        }
    }

    @Override
    public void limitUnsent(int bytes) {
        Link up = link;
        if (up != null) {
            up.limitUnsent(bytes);
        }
    }

    @Override
    public boolean allHandedOn() {
        Link up = link;
        return up != null && up.allHandedOn();
    }

    @Override
    public boolean shutdownOutput() {
        Link up = link;
        return up == null || up.shutdownOutput();
    }

    @Override
    public void close() {
        Link up = link;
        if (up == null) {
            finish(null);
        } else {
            up.close();
        }
    }

    @Override
    public void linger() {
        Link up = link;
        if (up == null) {
            finish(null);
        } else {
            up.linger();
        }
    }

    @Override
    public void abort() {
        Link up = link;
        if (up == null) {
            finish(null);
        } else {
            up.abort();
        }
    }
}
