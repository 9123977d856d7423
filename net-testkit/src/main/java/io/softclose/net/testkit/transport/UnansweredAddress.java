/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An address that does not answer: a listening socket that never accepts and whose backlog is full. The kernel then
 * leaves a TCP dial without an answer, and has a dial of a Unix domain socket wait for room.
 */
public final class UnansweredAddress implements AutoCloseable {
    /** More than a backlog of 1 holds: Linux lets 2 in. */
    private static final int DIALS = 16;

    private final ServerSocketChannel server;
    private final List<SocketChannel> waiting = new ArrayList<>();

    private UnansweredAddress(ServerSocketChannel server) {
        this.server = server;
    }

    /**
     * One of the family of this address; empty if the kernel has no such thing for it.
     *
     * @param address where to listen: any port, or the path of a socket that does not exist yet
     * @throws IOException if the address cannot be bound
     */
    public static Optional<UnansweredAddress> like(SocketAddress address) throws IOException {
        if (address instanceof UnixDomainSocketAddress) {
            return Optional.of(open(ServerSocketChannel.open(StandardProtocolFamily.UNIX), address));
        }
        return address instanceof InetSocketAddress
                ? Optional.of(open(ServerSocketChannel.open(), address))
                : Optional.empty();
    }

    private static UnansweredAddress open(ServerSocketChannel server, SocketAddress address) throws IOException {
        UnansweredAddress unanswered = new UnansweredAddress(server);
        server.bind(address, 1);
        for (int i = 0; i < DIALS; i++) {
            SocketChannel channel = address instanceof UnixDomainSocketAddress
                    ? SocketChannel.open(StandardProtocolFamily.UNIX)
                    : SocketChannel.open();
            unanswered.waiting.add(channel);
            channel.configureBlocking(false);
            if (!unanswered.dial(channel)) {
                return unanswered;
            }
        }
        return unanswered;
    }

    private boolean dial(SocketChannel channel) throws IOException {
        SocketAddress address = address();
        try {
            channel.connect(address);
            return true;
        } catch (IOException full) {
            return false;
        }
    }

    /** Where to dial. */
    public SocketAddress address() throws IOException {
        return server.getLocalAddress();
    }

    @Override
    public void close() throws IOException {
        SocketAddress address = address();
        for (SocketChannel channel : waiting) {
            channel.close();
        }
        server.close();
        if (address instanceof UnixDomainSocketAddress unix) {
            Files.deleteIfExists(unix.getPath());
        }
    }
}
