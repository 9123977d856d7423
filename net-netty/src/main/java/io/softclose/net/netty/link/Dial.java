/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.link;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.unix.Errors;
import io.softclose.net.netty.base.Addresses;
import io.softclose.net.netty.loop.NettyLoop;
import io.softclose.net.netty.socket.NettySettings;
import io.softclose.net.netty.socket.Sockets;
import io.softclose.net.spi.DialFailure;
import io.softclose.net.spi.Scheduler.Timer;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The way of a dialled link to being connected. It ends in exactly one of {@link NettyLink#connected}, {@link
 * NettyLink#fail} and {@link #cancel}. The channel is the link's, which closes it. Confined to the loop.
 */
final class Dial {
    private static final long FIRST_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long LAST_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final NettyLink link;
    private final NettyLoop loop;
    private final Sockets sockets;
    private final SocketAddress remote;
    private final Duration timeout;
    private @Nullable Timer expiry;
    private @Nullable Timer retry;
    private @Nullable Throwable busy;
    private long retryNanos = FIRST_RETRY_NANOS;
    private boolean over;

    Dial(NettyLink link, NettyLoop loop, Sockets sockets, SocketAddress remote, Duration timeout) {
        this.link = link;
        this.loop = loop;
        this.sockets = sockets;
        this.remote = remote;
        this.timeout = timeout;
    }

    void start() {
        if (remote instanceof InetSocketAddress inet && inet.isUnresolved()) {
            over = true;
            link.fail(DialFailure.unresolved(inet));
            return;
        }
        expiry = loop.schedule(NettySettings.nanos(timeout), this::expire);
        attempt();
    }

    /** Ends the dial without telling the link. */
    void cancel() {
        over = true;
        if (expiry != null) {
            expiry.cancel();
        }
        if (retry != null) {
            retry.cancel();
        }
    }

    private void attempt() {
        try {
            Channel channel = sockets.open(remote);
            link.open(channel);
            channel.connect(Addresses.toNetty(remote)).addListener((ChannelFuture done) -> attempted(channel, done));
        } catch (Throwable failed) {
            // No socket, or an address it cannot be given: the link's handler waits to hear of it.
            fail(failed);
        }
    }

    private void attempted(Channel channel, ChannelFuture done) {
        if (!over) {
            try {
                concluded(channel, done);
            } catch (Throwable failed) {
                fail(failed);
            }
        }
    }

    private void concluded(Channel channel, ChannelFuture done) {
        Throwable failure = done.cause();
        if (failure == null) {
            // The link is told later: Netty's own events of the connect come first.
            loop.post(() -> link.connected(channel));
            cancel();
        } else if (isBusy(failure)) {
            busy = failure;
            var unused = channel.close();
            retry = loop.schedule(retryNanos, this::attempt);
            retryNanos = Math.min(2 * retryNanos, LAST_RETRY_NANOS);
        } else {
            fail(failure);
        }
    }

    /**
     * Whether a Unix domain socket is there but its backlog is full: the kernel then does not wait for room, as for
     * TCP.
     */
    private boolean isBusy(Throwable failure) {
        // Netty tells the error's number in the message alone.
        String message = failure.getMessage();
        return Addresses.isUnix(remote)
                && failure instanceof ConnectException
                && message != null
                && message.contains("error(" + Errors.ERRNO_EAGAIN_NEGATIVE + ")");
    }

    private void expire() {
        cancel();
        link.fail(DialFailure.late(remote, timeout, busy));
    }

    private void fail(Throwable failed) {
        cancel();
        link.fail(DialFailure.refused(remote, failed));
    }
}
