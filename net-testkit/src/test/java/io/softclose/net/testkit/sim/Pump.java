/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim;

import static java.util.Objects.requireNonNull;

import io.softclose.net.spi.InputEnd;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkHandler;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Writes bytes as fast as its link takes them, then ends. */
final class Pump implements LinkHandler {
    private final ByteBuffer bytes;
    private @Nullable Link link;
    private boolean ended;

    Pump(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes);
    }

    LinkHandler attach(Link wanted) {
        link = wanted;
        return this;
    }

    @Override
    public void onConnected() {
        onWritable();
    }

    @Override
    public void onRead(ByteBuffer data) {}

    @Override
    public void onWritable() {
        Link out = requireNonNull(link, "link");
        if (bytes.hasRemaining()) {
            out.write(bytes);
        }
        if (!bytes.hasRemaining() && out.flushedBytes() == bytes.limit() && !ended) {
            ended = true;
            out.shutdownOutput();
        }
    }

    @Override
    public void onInputClosed(InputEnd end) {}

    @Override
    public void onClosed(@Nullable Throwable cause) {}
}
