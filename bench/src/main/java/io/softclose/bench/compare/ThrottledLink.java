/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.compare;

import io.softclose.net.spi.ForwardingLink;
import io.softclose.net.spi.InputEnd;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.spi.Scheduler;
import io.softclose.net.spi.Transport.LinkAcceptor;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Stands between a link and its handler: slows the writes on their way down, and lets everything else pass. */
final class ThrottledLink extends ForwardingLink implements LinkHandler {
    private final Throttle throttle;
    private final LinkHandler handler;

    // Accessed only by the link's loop.
    /** Set while the link takes nothing. */
    private Scheduler.@Nullable Timer pause;

    /** A slow link over another one, whose handler it becomes; the acceptor is asked for its own handler. */
    ThrottledLink(Link link, Throttle throttle, LinkAcceptor acceptor) {
        super(link);
        this.throttle = throttle;
        this.handler = acceptor.accept(this);
    }

    @Override
    public int write(ByteBuffer source) {
        if (pause != null) {
            return 0;
        }
        int taken = writeHead(source);
        if (taken > 0) {
            pause = loop().schedule(throttle.delay().toNanos(), this::resume);
        }
        return taken;
    }

    /** Offers only the first bytes, by shortening the buffer for the time of the call. */
    private int writeHead(ByteBuffer source) {
        int limit = source.limit();
        source.limit(source.position() + Math.min(source.remaining(), throttle.bytesPerWrite()));
        try {
            return super.write(source);
        } finally {
            source.limit(limit);
        }
    }

    private void resume() {
        pause = null;
        handler.onWritable();
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
    public void onInputClosed(InputEnd end) {
        handler.onInputClosed(end);
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
        if (pause != null) {
            pause.cancel();
        }
        handler.onClosed(cause);
    }
}
