/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.socket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.AbstractNioChannel.NioUnsafe;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.unix.Socket;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.softclose.net.netty.base.Addresses;
import io.softclose.net.spi.TcpKeepAlive;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of I/O that this transport drives, best first, each with its channels. io_uring is the last: its rings hand
 * over more in a turn than anybody can bound. Netty's Unix domain sockets outlive the peer's end of output with epoll
 * alone: with the other two they close then, so that what we still have to send would be lost. Those are not offered.
 *
 * <p>Netty's classes for a kind may be missing: it is not available then. So nothing here names one of them but the methods
 * of that kind, in a way that the JVM need not find it to verify them.
 */
public enum Io {
    EPOLL("epoll", () -> EpollIoHandler.class) {
        @Override
        @Nullable
        Throwable cannotBeUsed() {
            return Epoll.unavailabilityCause();
        }

        @Override
        public IoHandlerFactory handlers() {
            return EpollKeeper.factory();
        }

        @Override
        boolean takes(SocketAddress address) {
            return address instanceof UnixDomainSocketAddress || super.takes(address);
        }

        @Override
        boolean watchPeers(ChannelConfig config, NettySettings settings) {
            return Io.watchPeers(
                    config,
                    settings,
                    List.of(
                            EpollChannelOption.TCP_KEEPIDLE,
                            EpollChannelOption.TCP_KEEPINTVL,
                            EpollChannelOption.TCP_KEEPCNT),
                    EpollChannelOption.TCP_USER_TIMEOUT);
        }

        @Override
        void limitUnsent(ChannelConfig config, int bytes) {
            config.setOption(EpollChannelOption.TCP_NOTSENT_LOWAT, (long) bytes);
        }

        @Override
        void flush(Channel channel) {
            EpollIoEvent writable = () -> EpollIoOps.EPOLLOUT;
            EpollIoHandle handle = (EpollIoHandle) channel.unsafe();
            // Netty looks at the event alone, and so takes it for epoll's.
            handle.handle(null, writable);
        }

        @Override
        long nanosSinceSent(Channel channel) {
            return channel instanceof EpollSocketChannel tcp
                    ? TimeUnit.MILLISECONDS.toNanos(tcp.tcpInfo().lastDataSent())
                    : super.nanosSinceSent(channel);
        }

        @Override
        Channel open(SocketAddress remote) {
            // Not in one expression, whose class would have to be found to verify ours.
            if (Addresses.isUnix(remote)) {
                return new EpollDomainSocketChannel();
            }
            return new EpollSocketChannel();
        }

        @Override
        ServerChannel openServer(SocketAddress local, int backlog) throws IOException {
            if (local instanceof UnixDomainSocketAddress unix) {
                return openUnixServer(unix, backlog);
            }
            return new EpollServerSocketChannel();
        }

        /** Bound by us: a channel that Netty has bound deletes, when it closes, whatever file is at its path. */
        private static ServerChannel openUnixServer(UnixDomainSocketAddress local, int backlog) throws IOException {
            Socket socket = Socket.newSocketDomain();
            try {
                socket.bind(Addresses.toNetty(local));
                socket.listen(backlog);
                return new EpollServerDomainSocketChannel(socket.intValue(), true);
            } catch (Throwable failed) {
                socket.close();
                throw failed;
            }
        }
    },

    NIO("NIO", () -> NioIoHandler.class) {
        @Override
        @Nullable
        Throwable cannotBeUsed() {
            return null;
        }

        @Override
        public IoHandlerFactory handlers() {
            return NioIoHandler.newFactory();
        }

        @Override
        void flush(Channel channel) {
            ((NioUnsafe) channel.unsafe()).forceFlush();
        }

        @Override
        boolean forget(Channel channel) {
            ((NioLinkChannel) channel).forget();
            return true;
        }

        @Override
        Channel open(SocketAddress remote) {
            return new NioLinkChannel();
        }

        @Override
        ServerChannel openServer(SocketAddress local, int backlog) {
            return new NioLinkChannel.Server();
        }
    },

    IO_URING("io_uring", () -> IoUringIoHandler.class) {
        @Override
        @Nullable
        Throwable cannotBeUsed() {
            Throwable cause = IoUring.unavailabilityCause();
            return cause != null || IoUring.isRegisterBufferRingSupported()
                    ? cause
                    : new UnsupportedOperationException(
                            "this kernel has no rings of buffers (expected: Linux 5.19 or later)");
        }

        @Override
        public IoHandlerFactory handlers() {
            return IoUringKeeper.factory(IoUringIoHandler.newFactory());
        }

        @Override
        public IoHandlerFactory linkHandlers(NettySettings settings) {
            return IoUringBuffers.handlers(settings);
        }

        @Override
        void prepare(ChannelConfig config) {
            IoUringBuffers.use(config);
            config.setOption(IoUringChannelOption.TCP_NOTSENT_LOWAT, UNSENT_BYTES);
        }

        @Override
        boolean watchPeers(ChannelConfig config, NettySettings settings) {
            return Io.watchPeers(
                    config,
                    settings,
                    List.of(
                            IoUringChannelOption.TCP_KEEPIDLE,
                            IoUringChannelOption.TCP_KEEPINTVL,
                            IoUringChannelOption.TCP_KEEPCNT),
                    IoUringChannelOption.TCP_USER_TIMEOUT);
        }

        @Override
        void limitUnsent(ChannelConfig config, int bytes) {
            config.setOption(IoUringChannelOption.TCP_NOTSENT_LOWAT, Math.min(bytes, UNSENT_BYTES));
        }

        @Override
        boolean measuresUnsent() {
            return false;
        }

        /** A write waits in the kernel, which goes on with it when half of {@link #UNSENT_BYTES} have left. */
        @Override
        void flush(Channel channel) {}

        @Override
        long nanosSinceSent(Channel channel) {
            return TimeUnit.MILLISECONDS.toNanos(
                    ((IoUringSocketChannel) channel).tcpInfo().lastDataSent());
        }

        @Override
        Channel open(SocketAddress remote) {
            return new IoUringSocketChannel();
        }

        @Override
        ServerChannel openServer(SocketAddress local, int backlog) {
            return new IoUringServerSocketChannel();
        }
    };

    /**
     * With io_uring, the most bytes that a kernel takes and has not sent. A kernel says that there is room once a part of
     * the send buffer is free, which grows to some MiB; with a bound on what is unsent, it says so after half of that.
     */
    private static final long UNSENT_BYTES = 128 * 1024;

    private final String label;

    @SuppressWarnings("ImmutableEnumChecker") // has no state
    private final Supplier<Class<? extends IoHandler>> handlerType;

    Io(String label, Supplier<Class<? extends IoHandler>> handlerType) {
        this.label = label;
        this.handlerType = handlerType;
    }

    /** Its name in messages. */
    public String label() {
        return label;
    }

    /** Why it cannot be used here; null if it can. */
    public final @Nullable Throwable unavailabilityCause() {
        try {
            return cannotBeUsed();
        } catch (LinkageError notThere) {
            // Netty's classes for it, which a user may leave out.
            return notThere;
        }
    }

    /** As {@link #unavailabilityCause}, where Netty's classes for it are there; else it may throw a LinkageError. */
    abstract @Nullable Throwable cannotBeUsed();

    /** What makes a loop one of this kind. */
    public abstract IoHandlerFactory handlers();

    /** What makes a loop one for links. */
    public IoHandlerFactory linkHandlers(NettySettings settings) {
        return handlers();
    }

    /** Has a channel, which is not registered yet, use what {@link #linkHandlers} gives to its loop. */
    void prepare(ChannelConfig config) {}

    /** Has the kernel watch the peer as the settings say; false if it cannot. */
    boolean watchPeers(ChannelConfig config, NettySettings settings) {
        return false;
    }

    /** Has the kernel hold about so many bytes at most that it cannot send at once. The JDK cannot say so. */
    void limitUnsent(ChannelConfig config, int bytes) {}

    /** Whether how much the kernel holds is found by the size of the send buffer, too: not where each write is under way for a while. */
    boolean measuresUnsent() {
        return true;
    }

    /** In whole seconds or milliseconds, all of which fit. */
    private static boolean watchPeers(
            ChannelConfig config,
            NettySettings settings,
            List<ChannelOption<Integer>> keepAlive,
            ChannelOption<Integer> userTimeout) {
        boolean able = true;
        if (settings.keepAlive() && settings.keepAliveTimes().isPresent()) {
            TcpKeepAlive times = settings.keepAliveTimes().get();
            able = config.setOption(keepAlive.get(0), (int) times.idle().toSeconds())
                    && config.setOption(keepAlive.get(1), (int) times.interval().toSeconds())
                    && config.setOption(keepAlive.get(2), times.probes());
        }
        return able
                && settings.userTimeout()
                        .map(time -> config.setOption(userTimeout, (int) time.toMillis()))
                        .orElse(true);
    }

    /** Whether the loops of this group are of this kind. */
    public boolean drives(IoEventLoopGroup group) {
        try {
            return group.isIoType(handlerType.get());
        } catch (LinkageError notThere) {
            return false;
        }
    }

    /** Has Netty try to write what it has, although it waits to be told that there is room. */
    abstract void flush(Channel channel);

    /**
     * Has the kernel reset the connection of a channel that is closed after this, and send no end first, if it has input
     * unread. Says whether that takes another look at I/O.
     */
    boolean forget(Channel channel) {
        return false;
    }

    /** How long ago the kernel last sent any bytes, again or for the first time. The JDK cannot ask. */
    long nanosSinceSent(Channel channel) {
        return Sockets.NEVER;
    }

    /** A socket to dial this address with. */
    abstract Channel open(SocketAddress remote);

    /** A socket to listen on this address with, bound already if its family wants it so. */
    abstract ServerChannel openServer(SocketAddress local, int backlog) throws IOException;

    boolean takes(SocketAddress address) {
        return address instanceof InetSocketAddress;
    }

    /**
     * Refuses what it has no sockets for.
     *
     * @throws IllegalArgumentException naming what is taken
     */
    public final void requireTaken(SocketAddress address) {
        if (!takes(address)) {
            throw new IllegalArgumentException("address: " + address + " of "
                    + address.getClass().getName() + " with " + label
                    + " (expected: InetSocketAddress, or UnixDomainSocketAddress with epoll)");
        }
    }
}
