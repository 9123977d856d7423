/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import static java.lang.System.Logger.Level.ERROR;

import io.softclose.net.spi.LinkHandler;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Calls a link's handler. What that throws is logged and ends the link, never the loop. */
final class GuardedHandler implements LinkHandler {
    private static final Log LOG = Log.of(NettyLink.class);

    private final LinkHandler handler;
    private final SocketAddress remoteAddress;
    private final Consumer<Throwable> whenFailed;

    /**
     * Guards a handler.
     *
     * @param whenFailed given what it throws, unless in {@link #onClosed}
     */
    GuardedHandler(LinkHandler handler, SocketAddress remoteAddress, Consumer<Throwable> whenFailed) {
        this.handler = handler;
        this.remoteAddress = remoteAddress;
        this.whenFailed = whenFailed;
    }

    @Override
    public void onConnected() {
        try {
            handler.onConnected();
        } catch (Throwable failed) {
            fail(failed);
        }
    }

    @Override
    public void onRead(ByteBuffer data) {
        try {
            handler.onRead(data);
        } catch (Throwable failed) {
            fail(failed);
        }
    }

    @Override
    public void onWritable() {
        try {
            handler.onWritable();
        } catch (Throwable failed) {
            fail(failed);
        }
    }

    @Override
    public void onInputClosed() {
        try {
            handler.onInputClosed();
        } catch (Throwable failed) {
            fail(failed);
        }
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
        try {
            handler.onClosed(cause);
        } catch (Throwable failed) {
            LOG.log(ERROR, () -> "the handler of the link with " + remoteAddress + " failed in onClosed", failed);
        }
    }

    private void fail(Throwable failure) {
        // First what matters: memory for a message may be what is missing.
        whenFailed.accept(failure);
        LOG.log(ERROR, () -> "the handler of the link with " + remoteAddress + " failed; it is aborted", failure);
    }
}
