/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.socket;

import static java.lang.System.Logger.Level.DEBUG;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannel;
import io.softclose.net.netty.base.Addresses;
import io.softclose.net.netty.base.Log;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Opens, configures and closes the sockets of one transport. Thread-safe. */
public class Sockets {
    private static final Log LOG = Log.ofModule();
    /** Grows to the most that was asked for with a link that fills it, and shrinks with one that does not. */
    private static final int FIRST_READ_BUFFER = 16 * 1024;
    /** A time longer ago than anything, and not so long that a clock's difference overflows. */
    public static final long NEVER = Long.MAX_VALUE / 4;

    private final Io io;
    private final NettySettings settings;
    private final RecvByteBufAllocator readBuffers;

    public Sockets(Io io, NettySettings settings) {
        this.io = io;
        this.settings = settings;
        int most = settings.readBufferBytes();
        readBuffers = new AdaptiveRecvByteBufAllocator(
                NettySettings.MIN_READ_BUFFER, Math.min(FIRST_READ_BUFFER, most), most);
    }

    /** A socket to dial this address with, to be {@linkplain #register registered}. */
    public Channel open(SocketAddress remote) {
        return io.open(remote);
    }

    /**
     * A socket to listen on this address with, bound already or not, which accepts nothing before it reads.
     *
     * @param handler the only one of its pipeline
     */
    public ServerChannel openServer(SocketAddress local, ChannelHandler handler) throws IOException {
        ServerChannel server = io.openServer(local, settings.backlog());
        try {
            configureServer(server.config(), local);
            server.pipeline().addLast(handler);
            return server;
        } catch (Throwable failed) {
            server.unsafe().closeForcibly();
            throw failed;
        }
    }

    private void configureServer(ChannelConfig config, SocketAddress local) {
        config.setAutoRead(false);
        config.setOption(ChannelOption.SO_BACKLOG, settings.backlog());
        if (!Addresses.isUnix(local)) {
            config.setOption(ChannelOption.SO_REUSEADDR, true);
            // Accepted sockets inherit it, and it must be known before the handshake to scale the window.
            settings.receiveBufferBytes().ifPresent(bytes -> config.setOption(ChannelOption.SO_RCVBUF, bytes));
        }
    }

    /** Sets the options of a socket, dialled (before it connects) or accepted. It does not read yet. */
    private void configure(Channel channel) {
        ChannelConfig config = channel.config();
        config.setAutoRead(false);
        // The link decides what becomes of a failed write, and of a peer that has ended its output.
        config.setAutoClose(false);
        config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        config.setAllocator(settings.allocator());
        config.setRecvByteBufAllocator(readBuffers);
        if (settings.eventLoopGroup().isEmpty()) {
            io.prepare(config);
        }
        // A dial has a timer of its own.
        config.setConnectTimeoutMillis(0);
        settings.sendBufferBytes().ifPresent(bytes -> config.setOption(ChannelOption.SO_SNDBUF, bytes));
        settings.receiveBufferBytes().ifPresent(bytes -> config.setOption(ChannelOption.SO_RCVBUF, bytes));
        // Unix domain sockets do not know it.
        config.setOption(ChannelOption.TCP_NODELAY, settings.tcpNoDelay());
        config.setOption(ChannelOption.SO_KEEPALIVE, settings.keepAlive());
        if (settings.watchesPeers() && !io.watchPeers(config, settings)) {
            throw new UnsupportedOperationException("keepAlive(TcpKeepAlive), userTimeout: not with " + io.label()
                    + " and this kind of socket (expected: epoll or io_uring, over TCP)");
        }
    }

    /**
     * Configures a fresh channel and registers it with a loop; it is closed if that fails. On the loop.
     *
     * @param handler the only one of its pipeline
     */
    public void register(Channel fresh, ChannelHandler handler, EventLoop loop) throws Exception {
        try {
            configure(fresh);
            fresh.pipeline().addLast(handler);
            // On the loop this is done when it returns.
            if (loop.register(fresh).cause() instanceof Exception refused) {
                throw refused;
            }
        } catch (Throwable failed) {
            fresh.unsafe().closeForcibly();
            throw failed;
        }
    }

    /** Has Netty try to write what it has, although it waits to be told that there is room. */
    public void flush(Channel channel) {
        io.flush(channel);
    }

    /** Has the kernel hold about so many bytes at most that it cannot send at once, where it can be told to. */
    public void limitUnsent(Channel channel, int bytes) {
        try {
            io.limitUnsent(channel.config(), bytes);
        } catch (ChannelException failed) {
            LOG.log(DEBUG, () -> channel + " cannot be told what it may hold unsent", failed);
        }
    }

    /** Whether the size of this channel's send buffer is ours to find: of a TCP socket, unless the application has chosen one. */
    public boolean findsSendBuffer(Channel channel) {
        return io.measuresUnsent()
                && channel.localAddress() instanceof InetSocketAddress
                && settings.sendBufferBytes().isEmpty();
    }

    /** Asks for a send buffer of this size; a system that does not grant it keeps the one it has. */
    public void sendBuffer(Channel channel, int bytes) {
        try {
            channel.config().setOption(ChannelOption.SO_SNDBUF, bytes);
        } catch (ChannelException failed) {
            LOG.log(DEBUG, () -> channel + " cannot be told how large its send buffer is to be", failed);
        }
    }

    /** Has the peer see a reset when the channel is closed. Unix domain sockets have none: it sees our end. */
    public void resetOnClose(Channel channel) {
        try {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        } catch (ChannelException failed) {
            LOG.log(DEBUG, () -> channel + " cannot be reset; it is closed", failed);
        }
    }

    /**
     * Makes a channel ready to be closed such that the peer sees a reset, and no end first, if the kernel has input unread.
     *
     * @return whether that takes the loop's next look at I/O
     */
    public boolean forget(Channel channel) {
        return io.forget(channel);
    }

    /** How long a link may linger in which nothing happens. */
    public long lingerIdleNanos() {
        return NettySettings.nanos(settings.lingerTimeout());
    }

    /** How long a link may linger in any case. */
    public long lingerNanos() {
        return NettySettings.nanos(settings.lingerTime());
    }

    /** How long ago the kernel last sent any bytes, again or for the first time; for ever if nobody knows. */
    public long nanosSinceSent(Channel channel) {
        try {
            return io.nanosSinceSent(channel);
        } catch (ChannelException gone) {
            LOG.log(DEBUG, () -> channel + " cannot be asked", gone);
            return NEVER;
        }
    }
}
