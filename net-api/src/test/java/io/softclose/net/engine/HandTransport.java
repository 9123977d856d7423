/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine;

import io.softclose.net.engine.stream.Batch;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.InputEnd;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.spi.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Links without a peer on a loop that is run by hand. They take every byte, and their peer ends when they have ended. */
public final class HandTransport implements Transport {
    public static final SocketAddress SOMEWHERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 6180);

    private final HandLoop loop;
    private final AtomicInteger closes = new AtomicInteger();
    private final AtomicInteger listeners = new AtomicInteger();

    public HandTransport(HandLoop loop) {
        this.loop = loop;
    }

    /** How often it was closed. */
    public int closes() {
        return closes.get();
    }

    /** How many listeners are open. */
    public int listeners() {
        return listeners.get();
    }

    /** A link that has been accepted. Loop only. */
    void accept(LinkAcceptor acceptor) {
        HandLink link = new HandLink(loop);
        link.connect(acceptor.accept(link));
    }

    @Override
    public String name() {
        return "by hand";
    }

    @Override
    public Listener listen(SocketAddress local, LinkAcceptor acceptor) {
        listeners.incrementAndGet();
        // Somebody dials us at once.
        loop.execute(() -> accept(acceptor));
        return new HandListener();
    }

    @Override
    public EventLoop nextLoop() {
        return loop;
    }

    @Override
    public Link dial(EventLoop on, SocketAddress remote, Duration timeout, LinkAcceptor acceptor) {
        HandLink link = new HandLink(loop);
        link.connect(acceptor.accept(link));
        return link;
    }

    @Override
    public void close() {
        closes.incrementAndGet();
    }

    /** Counts as open until it is closed first. */
    private final class HandListener implements Listener {
        private final AtomicInteger open = new AtomicInteger(1);

        @Override
        public SocketAddress localAddress() {
            return SOMEWHERE;
        }

        @Override
        public void close() {
            listeners.addAndGet(-open.getAndSet(0));
        }
    }

    /** One link. */
    public static final class HandLink implements Link {
        /** One at a time has something to write, and none waits for it to be flushed. */
        private static final ByteBuffer BUFFER = ByteBuffer.allocateDirect(Batch.BUFFER_SIZE);

        private final HandLoop loop;
        private long taken;
        private boolean closed;
        private @Nullable LinkHandler handler;

        public HandLink(HandLoop loop) {
            this.loop = loop;
        }

        /** From a task on: the link may have been closed by then, as soon as the acceptor knew it. */
        public void connect(LinkHandler accepted) {
            loop.execute(() -> {
                handler = accepted;
                if (closed) {
                    accepted.onClosed(null);
                } else {
                    accepted.onConnected();
                }
            });
        }

        @Override
        public EventLoop loop() {
            return loop;
        }

        @Override
        public SocketAddress localAddress() {
            return SOMEWHERE;
        }

        @Override
        public SocketAddress remoteAddress() {
            return SOMEWHERE;
        }

        @Override
        public ByteBuffer lend(int size) {
            return BUFFER.clear();
        }

        @Override
        public void release(ByteBuffer buffer) {}

        @Override
        public int write(ByteBuffer source) {
            int bytes = source.remaining();
            source.position(source.limit());
            taken += bytes;
            return bytes;
        }

        @Override
        public long flushedBytes() {
            return taken;
        }

        @Override
        public void reading(Reading reading) {}

        @Override
        public void flush() {}

        @Override
        public void linger() {
            close();
        }

        @Override
        public boolean allHandedOn() {
            return true;
        }

        @Override
        public boolean shutdownOutput() {
            LinkHandler told = handler;
            if (told != null) {
                tell(() -> told.onInputClosed(InputEnd.ENDED));
            }
            return true;
        }

        @Override
        public void close() {
            LinkHandler told = handler;
            if (!closed && told != null) {
                loop.execute(() -> told.onClosed(null));
            }
            closed = true;
        }

        @Override
        public void abort() {
            close();
        }

        /** Nothing happens to a link that is closed. */
        private void tell(Runnable event) {
            loop.execute(() -> {
                if (!closed) {
                    event.run();
                }
            });
        }
    }
}
