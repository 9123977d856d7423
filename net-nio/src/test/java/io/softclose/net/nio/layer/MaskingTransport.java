/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.layer;

import static java.util.Objects.requireNonNull;

import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.ForwardingLink;
import io.softclose.net.spi.InputEnd;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.spi.Transport;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A transport over another one that writes at once. On the wire every byte is masked, so that nobody reads it by accident.
 * Owns the transport below.
 */
public final class MaskingTransport implements Transport {
    private static final byte MASK = 0x5A;

    private final Transport below;

    public MaskingTransport(Transport below) {
        this.below = requireNonNull(below, "below");
    }

    @Override
    public String name() {
        return "masking";
    }

    @Override
    public Listener listen(SocketAddress local, LinkAcceptor acceptor) throws IOException {
        requireNonNull(acceptor, "acceptor");
        return below.listen(local, link -> new Masked(acceptor.accept(new MaskingLink(link))));
    }

    @Override
    public EventLoop nextLoop() {
        return below.nextLoop();
    }

    @Override
    public Link dial(EventLoop loop, SocketAddress remote, Duration timeout, LinkAcceptor acceptor) {
        Dial dial = new Dial(requireNonNull(acceptor, "acceptor"));
        below.dial(loop, remote, timeout, dial);
        return requireNonNull(dial.link, "link");
    }

    @Override
    public void close() {
        below.close();
    }

    private static ByteBuffer mask(ByteBuffer from, ByteBuffer into) {
        while (from.hasRemaining()) {
            into.put((byte) (from.get() ^ MASK));
        }
        return into.flip();
    }

    /** Whoever dials is answered with the very link that the acceptor was shown. */
    private static final class Dial implements LinkAcceptor {
        private final LinkAcceptor acceptor;
        private @Nullable Link link;

        Dial(LinkAcceptor acceptor) {
            this.acceptor = acceptor;
        }

        @Override
        public LinkHandler accept(Link below) {
            link = new MaskingLink(below);
            return new Masked(acceptor.accept(link));
        }
    }

    /** Masks what is written. Loop only, as every link. */
    private static final class MaskingLink extends ForwardingLink {
        MaskingLink(Link below) {
            super(below);
        }

        /** Of what it takes, each byte is one below: flushedBytes() below counts for this link, too. */
        @Override
        public int write(ByteBuffer source) {
            ByteBuffer masked = link().lend(source.remaining());
            try {
                int taken = link().write(mask(source.duplicate(), masked));
                source.position(source.position() + taken);
                return taken;
            } finally {
                // What was taken is flushed: below it is written at once.
                link().release(masked);
            }
        }
    }

    /** Takes the mask off what arrives, and lets every other event pass. */
    private record Masked(LinkHandler above) implements LinkHandler {
        Masked {
            requireNonNull(above, "handler");
        }

        @Override
        public void onConnected() {
            above.onConnected();
        }

        @Override
        public void onRead(ByteBuffer data) {
            above.onRead(mask(data, ByteBuffer.allocate(data.remaining())));
        }

        @Override
        public void onWritable() {
            above.onWritable();
        }

        @Override
        public void onInputClosed(InputEnd end) {
            above.onInputClosed(end);
        }

        @Override
        public void onClosed(@Nullable Throwable cause) {
            above.onClosed(cause);
        }
    }
}
