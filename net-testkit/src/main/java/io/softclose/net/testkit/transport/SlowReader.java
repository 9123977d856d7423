/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.transport;

import io.softclose.net.testkit.Layer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
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
    private final Layer layer;
    private @Nullable SocketChannel accepted;
    private InputStream input = InputStream.nullInputStream();

    private SlowReader(ServerSocketChannel server, Layer layer) {
        this.server = server;
        this.layer = layer;
    }

    /** One that accepts a link at this address; empty if the JDK has no sockets for it, or none with this layer. */
    static Optional<SlowReader> at(SocketAddress address, Layer layer) throws IOException {
        if (address instanceof UnixDomainSocketAddress && layer == Layer.none()) {
            return Optional.of(listen(ServerSocketChannel.open(StandardProtocolFamily.UNIX), address, layer));
        }
        return address instanceof InetSocketAddress
                ? Optional.of(listen(ServerSocketChannel.open(), address, layer))
                : Optional.empty();
    }

    private static SlowReader listen(ServerSocketChannel server, SocketAddress address, Layer layer)
            throws IOException {
        server.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
        server.bind(address);
        return new SlowReader(server, layer);
    }

    SocketAddress address() throws IOException {
        return server.getLocalAddress();
    }

    /** Waits for a link that is dialled, and for the handshake of its layer. */
    void accept() throws IOException {
        SocketChannel peer = server.accept();
        accepted = peer;
        input = layer == Layer.none()
                ? Channels.newInputStream(peer)
                : layer.accepted(peer.socket()).getInputStream();
    }

    /** Waits for a few bytes of what was written, and returns how many came. */
    int read() throws IOException {
        return input.read(new byte[MOST_READ]);
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
