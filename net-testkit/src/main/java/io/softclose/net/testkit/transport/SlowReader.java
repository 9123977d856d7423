/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A peer without a link or a loop, whose kernel takes little and which reads only when it is told to. */
final class SlowReader implements AutoCloseable {
    private static final int RECEIVE_BUFFER = 64 * 1024;
    private static final int MOST_READ = 16 * 1024;

    private final ServerSocketChannel server;
    private @Nullable SocketChannel accepted;

    private SlowReader(ServerSocketChannel server) {
        this.server = server;
    }

    /** One that accepts a link at this address; empty if the JDK has no sockets for it. */
    static Optional<SlowReader> at(SocketAddress address) throws IOException {
        if (address instanceof UnixDomainSocketAddress) {
            return Optional.of(listen(ServerSocketChannel.open(StandardProtocolFamily.UNIX), address));
        }
        return address instanceof InetSocketAddress
                ? Optional.of(listen(ServerSocketChannel.open(), address))
                : Optional.empty();
    }

    private static SlowReader listen(ServerSocketChannel server, SocketAddress address) throws IOException {
        server.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
        server.bind(address);
        return new SlowReader(server);
    }

    SocketAddress address() throws IOException {
        return server.getLocalAddress();
    }

    /** Waits for a few bytes, and returns how many came. */
    int read() throws IOException {
        SocketChannel peer = accepted;
        if (peer == null) {
            peer = server.accept();
            accepted = peer;
        }
        return peer.read(ByteBuffer.allocate(MOST_READ));
    }

    @Override
    public void close() throws IOException {
        SocketAddress address = address();
        if (accepted != null) {
            accepted.close();
        }
        server.close();
        if (address instanceof UnixDomainSocketAddress unix) {
            Files.deleteIfExists(unix.getPath());
        }
    }
}
