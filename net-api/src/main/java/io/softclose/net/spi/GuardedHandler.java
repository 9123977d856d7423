/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.spi;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A handler of whose events none throws. What an event throws goes to somebody who aborts the link, so that it ends its
 * own connection at worst, never a loop: for whoever calls handlers of others, transports and layers alike. On the
 * link's loop only.
 */
public final class GuardedHandler implements LinkHandler {
    private final LinkHandler handler;
    private final Consumer<Throwable> failed;

    /**
     * Guards a handler.
     *
     * @param failed told what an event threw, {@link LinkHandler#onClosed} too, after which there is no link to abort;
     *     must not throw
     */
    public GuardedHandler(LinkHandler handler, Consumer<Throwable> failed) {
        this.handler = handler;
        this.failed = failed;
    }

    @Override
    public void onConnected() {
        try {
            handler.onConnected();
        } catch (Throwable thrown) {
            failed.accept(thrown);
        }
    }

    @Override
    public void onRead(ByteBuffer data) {
        try {
            handler.onRead(data);
        } catch (Throwable thrown) {
            failed.accept(thrown);
        }
    }

    @Override
    public void onWritable() {
        try {
            handler.onWritable();
        } catch (Throwable thrown) {
            failed.accept(thrown);
        }
    }

    @Override
    public void onInputClosed(InputEnd end) {
        try {
            handler.onInputClosed(end);
        } catch (Throwable thrown) {
            failed.accept(thrown);
        }
    }

    @Override
    @SuppressWarnings("exports") // as in the interface
    public void onClosed(@Nullable Throwable cause) {
        try {
            handler.onClosed(cause);
        } catch (Throwable thrown) {
            failed.accept(thrown);
        }
    }
}
