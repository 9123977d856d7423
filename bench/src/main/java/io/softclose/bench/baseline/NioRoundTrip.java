/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.baseline;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Semaphore;

/** Round trips between two selectors, each with a thread of its own. */
public final class NioRoundTrip implements RoundTrip {
    private final Semaphore answered = new Semaphore(0);
    private final NioEnd near;
    private final NioEnd far;

    /** Connects the two. */
    public NioRoundTrip() throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            near = new NioEnd(
                    noDelay(SocketChannel.open(server.getLocalAddress())), (end, payload) -> answered.release());
            far = new NioEnd(noDelay(server.accept()), NioEnd::send);
        }
    }

    private static SocketChannel noDelay(SocketChannel channel) throws IOException {
        return channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    @Override
    public void exchange(byte[] payload) throws InterruptedException {
        near.send(payload);
        answered.acquire();
    }

    @Override
    public void close() {
        near.close();
        far.close();
    }
}
