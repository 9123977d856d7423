/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio;

import io.softclose.net.nio.link.NioLink;
import io.softclose.net.nio.loop.NioLoop;
import io.softclose.net.testkit.transport.fixture.LinkProbe;
import io.softclose.net.testkit.transport.fixture.LinkProbe.Event;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/** A link on a loop of its own, dialled to a blocking socket that the test holds in its hands. */
final class RawPeer implements AutoCloseable {
    private final ServerSocketChannel server = ServerSocketChannel.open();
    final OpenedSelectors selectors = new OpenedSelectors();
    final NioLoop loop = new NioLoop(selectors, "loop", NioTransport.builder().settings(), broken -> {});
    final SocketChannel socket;
    final LinkProbe probe;

    /** Connects a link with this handler. */
    RawPeer(LinkProbe probe) throws IOException {
        this.probe = probe;
        loop.start();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        NioLink link = new NioLink(loop, NioTransport.builder().settings(), server.getLocalAddress());
        probe.attach(link);
        loop.execute(() -> link.dial(Duration.ofSeconds(30), probe));
        socket = server.accept();
        probe.await(Event.CONNECTED);
    }

    /** The operations that the selector watches the link for. */
    int interestOps() {
        return probe.call(link -> selectors.last().keys().iterator().next().interestOps());
    }

    /** Reads this many bytes. */
    void read(long bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
        for (long left = bytes; left > 0; ) {
            buffer.clear().limit((int) Math.min(left, buffer.capacity()));
            left -= socket.read(buffer);
        }
    }

    /** Reads once: how much, -1 at the end. */
    int readOrFail() {
        try {
            return socket.read(ByteBuffer.allocate(1));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    void breakSelector() {
        try {
            selectors.last().close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    void write(int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        while (buffer.hasRemaining()) {
            socket.write(buffer);
        }
    }

    void reset() throws IOException {
        socket.setOption(StandardSocketOptions.SO_LINGER, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        loop.stop();
        try {
            loop.thread().join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        socket.close();
        server.close();
    }
}
