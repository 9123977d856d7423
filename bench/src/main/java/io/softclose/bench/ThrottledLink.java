/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench;

import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.spi.Transport.LinkAcceptor;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Stands between a link and its handler: slows the writes on their way down, and lets everything else pass. */
final class ThrottledLink implements Link, LinkHandler {
    private final Link link;
    private final Throttle throttle;
    private final LinkHandler handler;

    // Accessed only by the link's loop.
    /** Set while the link takes nothing. */
    private EventLoop.@Nullable Timer pause;

    /** A slow link over another one, whose handler it becomes; the acceptor is asked for its own handler. */
    ThrottledLink(Link link, Throttle throttle, LinkAcceptor acceptor) {
        this.link = link;
        this.throttle = throttle;
        this.handler = acceptor.accept(this);
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
        if (pause != null) {
            return 0;
        }
        long taken = writeHead(sources, offset, length);
        if (taken > 0) {
            pause = loop().schedule(throttle.delay().toNanos(), this::resume);
        }
        return taken;
    }

    /** Offers only the first bytes, by shortening the buffer that the bound falls into for the time of the call. */
    private long writeHead(ByteBuffer[] sources, int offset, int length) {
        int room = throttle.bytesPerWrite();
        int last = offset;
        while (last < offset + length && sources[last].remaining() <= room) {
            room -= sources[last].remaining();
            last++;
        }
        if (last == offset + length) {
            return link.write(sources, offset, length);
        }
        ByteBuffer cut = sources[last];
        int limit = cut.limit();
        cut.limit(cut.position() + room);
        try {
            return link.write(sources, offset, last - offset + 1);
        } finally {
            cut.limit(limit);
        }
    }

    private void resume() {
        pause = null;
        handler.onWritable();
    }

    @Override
    public EventLoop loop() {
        return link.loop();
    }

    @Override
    public SocketAddress localAddress() {
        return link.localAddress();
    }

    @Override
    public SocketAddress remoteAddress() {
        return link.remoteAddress();
    }

    @Override
    public ByteBuffer lend(int size) {
        return link.lend(size);
    }

    @Override
    public void release(ByteBuffer buffer) {
        link.release(buffer);
    }

    @Override
    public long flushedBytes() {
        return link.flushedBytes();
    }

    @Override
    public void reading(Reading reading) {
        link.reading(reading);
    }

    @Override
    public void flush() {
        link.flush();
    }

    @Override
    public boolean shutdownOutput() {
        return link.shutdownOutput();
    }

    @Override
    public void linger() {
        link.linger();
    }

    @Override
    public void close() {
        link.close();
    }

    @Override
    public void abort() {
        link.abort();
    }

    @Override
    public void onConnected() {
        handler.onConnected();
    }

    @Override
    public void onRead(ByteBuffer data) {
        handler.onRead(data);
    }

    @Override
    public void onWritable() {
        handler.onWritable();
    }

    @Override
    public void onInputClosed() {
        handler.onInputClosed();
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
        if (pause != null) {
            pause.cancel();
        }
        handler.onClosed(cause);
    }
}
