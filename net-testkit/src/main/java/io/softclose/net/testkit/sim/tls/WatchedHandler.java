/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.tls;

import io.softclose.net.spi.InputEnd;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.testkit.sim.world.World;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The handler of a link over TLS, and a stream that is told what it is given. */
final class WatchedHandler implements LinkHandler {
    private final World world;
    private final SealedStream stream;
    private final LinkHandler handler;

    WatchedHandler(World world, SealedStream stream, LinkHandler handler) {
        this.world = world;
        this.stream = stream;
        this.handler = handler;
    }

    @Override
    public void onConnected() {
        world.serve(stream.link());
        handler.onConnected();
    }

    @Override
    public void onRead(ByteBuffer data) {
        world.serve(stream.link());
        stream.handsOn(data.remaining());
        handler.onRead(data);
    }

    @Override
    public void onWritable() {
        world.serve(stream.link());
        handler.onWritable();
    }

    @Override
    public void onInputClosed(InputEnd end) {
        world.serve(stream.link());
        if (end == InputEnd.ENDED) {
            stream.tellsEnd();
        }
        handler.onInputClosed(end);
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
        world.serve(stream.link());
        handler.onClosed(cause);
    }
}
