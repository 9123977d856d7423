/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim;

import io.softclose.net.spi.InputEnd;
import io.softclose.net.spi.LinkHandler;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads everything. */
final class Collector implements LinkHandler {
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private boolean ended;

    byte[] bytes() {
        return received.toByteArray();
    }

    boolean ended() {
        return ended;
    }

    @Override
    public void onConnected() {}

    @Override
    public void onRead(ByteBuffer data) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        received.writeBytes(bytes);
    }

    @Override
    public void onWritable() {}

    @Override
    public void onInputClosed(InputEnd end) {
        ended = true;
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {}
}
