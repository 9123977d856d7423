/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.socket;

import static java.lang.System.Logger.Level.DEBUG;

import io.softclose.net.nio.base.NioSettings;
import io.softclose.net.nio.base.SafeLogger;
import io.softclose.net.spi.SocketFile;
import io.softclose.net.spi.TcpKeepAlive;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.OptionalInt;
import jdk.net.ExtendedSocketOptions;

/** The kinds of sockets this transport takes, and in what they differ. */
public enum Family {
    TCP {
        @Override
        public SocketChannel open() throws IOException {
            return SocketChannel.open();
        }

        @Override
        public ServerSocketChannel openServer() throws IOException {
            return ServerSocketChannel.open();
        }

        @Override
        public void configure(SocketChannel channel, NioSettings settings) throws IOException {
            super.configure(channel, settings);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, settings.tcpNoDelay());
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, settings.keepAlive());
            if (settings.keepAlive() && settings.keepAliveTimes().isPresent()) {
                TcpKeepAlive times = settings.keepAliveTimes().get();
                channel.setOption(
                        ExtendedSocketOptions.TCP_KEEPIDLE, (int) times.idle().toSeconds());
                channel.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, (int)
                        times.interval().toSeconds());
                channel.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, times.probes());
            }
        }

        @Override
        public void configure(ServerSocketChannel server, NioSettings settings) throws IOException {
            // Accepted sockets inherit it, and it must be known before the handshake to scale the window.
            set(server, StandardSocketOptions.SO_RCVBUF, settings.receiveBufferBytes());
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        }

        @Override
        public void resetOnClose(SocketChannel channel) {
            try {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            } catch (IOException failed) {
                LOG.log(DEBUG, () -> channel + " cannot be reset; it is closed", failed);
            }
        }
    },

    /**
     * Unix domain sockets have no reset: whatever we do, the peer reads what was written, then sees our end, or an error
     * if we left something unread.
     */
    UNIX {
        @Override
        public SocketChannel open() throws IOException {
            return SocketChannel.open(StandardProtocolFamily.UNIX);
        }

        @Override
        public ServerSocketChannel openServer() throws IOException {
            return ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        }

        @Override
        public void makeWay(SocketAddress local) throws IOException {
            SocketFile.makeWay((UnixDomainSocketAddress) local);
        }

        @Override
        public Optional<SocketFile> bound(SocketAddress local) throws IOException {
            return Optional.of(SocketFile.bound((UnixDomainSocketAddress) local));
        }
    };

    private static final SafeLogger LOG = SafeLogger.ofModule();

    /**
     * The family of an address.
     *
     * @throws IllegalArgumentException if it is of another kind
     */
    public static Family of(SocketAddress address) {
        if (address instanceof InetSocketAddress) {
            return TCP;
        }
        if (address instanceof UnixDomainSocketAddress) {
            return UNIX;
        }
        throw new IllegalArgumentException("address: " + address + " of "
                + address.getClass().getName() + " (expected: InetSocketAddress or UnixDomainSocketAddress)");
    }

    public abstract SocketChannel open() throws IOException;

    public abstract ServerSocketChannel openServer() throws IOException;

    /** Sets the options of a socket, dialled (before it connects) or accepted. */
    public void configure(SocketChannel channel, NioSettings settings) throws IOException {
        channel.configureBlocking(false);
        set(channel, StandardSocketOptions.SO_SNDBUF, settings.sendBufferBytes());
        set(channel, StandardSocketOptions.SO_RCVBUF, settings.receiveBufferBytes());
    }

    /** Sets the options of a listening socket before it is bound. */
    public void configure(ServerSocketChannel server, NioSettings settings) throws IOException {}

    /** Has the closing of this socket show as a reset, where the family knows one and the socket still can. */
    public void resetOnClose(SocketChannel channel) {}

    /** Makes way for a socket that is about to be bound to this address, where one may have been left behind. */
    public void makeWay(SocketAddress local) throws IOException {}

    /** What binding a socket to this address has made, to be deleted before the socket is closed. */
    public Optional<SocketFile> bound(SocketAddress local) throws IOException {
        return Optional.empty();
    }

    private static void set(NetworkChannel channel, SocketOption<Integer> option, OptionalInt value)
            throws IOException {
        if (value.isPresent()) {
            channel.setOption(option, value.getAsInt());
        }
    }
}
