/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.link;

import static java.lang.System.Logger.Level.ERROR;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.softclose.net.netty.base.Addresses;
import io.softclose.net.netty.base.Log;
import io.softclose.net.netty.loop.NettyLoop;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** Takes what a listening socket accepts, and gives it to the loops in turn. Confined to the accepting thread. */
final class Accepting extends ChannelInboundHandlerAdapter {
    private static final Log LOG = Log.ofModule();
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long LAST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** The address of a peer that has reset its link before it was accepted: io_uring asks for it too late. */
    private static final SocketAddress UNKNOWN = new InetSocketAddress(0);

    private final NettyListener.Destination destination;
    private final SocketAddress local;
    private long pauseNanos = FIRST_PAUSE_NANOS;
    private boolean paused;

    Accepting(NettyListener.Destination destination, SocketAddress local) {
        this.destination = destination;
        this.local = local;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        pauseNanos = FIRST_PAUSE_NANOS;
        Channel accepted = (Channel) message;
        try {
            SocketAddress remote = Addresses.fromNetty(accepted.remoteAddress(), UNKNOWN);
            NettyLoop loop = destination.loops().get();
            NettyLink link = new NettyLink(loop, destination.sockets(), remote);
            loop.execute(() -> link.accept(accepted, destination.acceptor()));
        } catch (Throwable refused) {
            accepted.unsafe().closeForcibly();
            if (!(refused instanceof RejectedExecutionException)) {
                LOG.log(ERROR, () -> "the link " + accepted + " could not be accepted", refused);
            }
        }
    }

    /**
     * Stops accepting for a while. Without descriptors (EMFILE) the backlog stays ready, and a loop that goes on
     * looking at it spins.
     */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        Channel server = context.channel();
        if (paused || !server.isOpen()) {
            return;
        }
        long nanos = pauseNanos;
        var unused = server.eventLoop()
                .schedule(
                        () -> {
                            paused = false;
                            server.config().setAutoRead(true);
                        },
                        nanos,
                        TimeUnit.NANOSECONDS);
        // It pauses only once it is certain that the pause ends.
        paused = true;
        pauseNanos = Math.min(2 * nanos, LAST_PAUSE_NANOS);
        server.config().setAutoRead(false);
        LOG.log(
                ERROR,
                () -> "accepting on " + local + " failed; next try in " + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms",
                failure);
    }
}
