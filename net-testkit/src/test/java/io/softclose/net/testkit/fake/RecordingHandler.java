/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.fake;

import io.softclose.net.spi.InputEnd;
import io.softclose.net.spi.LinkHandler;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes down the events of a link. */
final class RecordingHandler implements LinkHandler {
    final List<String> events = new ArrayList<>();

    @Nullable
    Throwable cause;

    private final Consumer<ByteBuffer> onRead;

    RecordingHandler() {
        this(data -> {});
    }

    /** Shows each buffer of bytes to somebody, too. */
    RecordingHandler(Consumer<ByteBuffer> onRead) {
        this.onRead = onRead;
    }

    @Override
    public void onConnected() {
        events.add("connected");
    }

    @Override
    public void onRead(ByteBuffer data) {
        onRead.accept(data);
        events.add("read " + StandardCharsets.US_ASCII.decode(data));
    }

    @Override
    public void onWritable() {
        events.add("writable");
    }

    @Override
    public void onInputClosed(InputEnd end) {
        events.add("input closed");
    }

    @Override
    public void onClosed(@Nullable Throwable why) {
        events.add("closed");
        cause = why;
    }
}
