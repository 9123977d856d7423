/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine;

import io.softclose.net.spi.LinkHandler;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A handler of whose events none throws: what one would throw ends at worst its own connection. Loop only. */
final class GuardedHandler implements LinkHandler {
    private final LinkHandler handler;
    private final Consumer<Throwable> failed;

    /**
     * Guards a handler.
     *
     * @param failed told what an event threw; must not throw
     */
    GuardedHandler(LinkHandler handler, Consumer<Throwable> failed) {
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
    public void onInputClosed() {
        try {
            handler.onInputClosed();
        } catch (Throwable thrown) {
            failed.accept(thrown);
        }
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
        try {
            handler.onClosed(cause);
        } catch (Throwable thrown) {
            failed.accept(thrown);
        }
    }
}
