/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.link;

import io.softclose.net.nio.base.Nanos;
import io.softclose.net.nio.base.NioSettings;
import io.softclose.net.nio.base.Selectable;
import io.softclose.net.nio.loop.NioLoop;
import io.softclose.net.nio.loop.Registration;
import io.softclose.net.nio.socket.Channels;
import io.softclose.net.nio.socket.Family;
import io.softclose.net.spi.DialFailure;
import io.softclose.net.spi.Scheduler.Timer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The way of a dialled link to being connected. It ends in exactly one of {@link NioLink#connected}, {@link
 * NioLink#fail} and {@link #cancel}. Confined to the loop.
 */
final class Dial implements Selectable {
    private static final long FIRST_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long LAST_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final NioLink link;
    private final NioLoop loop;
    private final NioSettings settings;
    private final SocketAddress remote;
    private final Duration timeout;
    private @Nullable SocketChannel channel;
    private @Nullable Registration registration;
    private @Nullable Timer expiry;
    private @Nullable Timer retry;
    private @Nullable IOException busy;
    private long retryNanos = FIRST_RETRY_NANOS;

    Dial(NioLink link, NioLoop loop, NioSettings settings, SocketAddress remote, Duration timeout) {
        this.link = link;
        this.loop = loop;
        this.settings = settings;
        this.remote = remote;
        this.timeout = timeout;
    }

    void start() {
        if (remote instanceof InetSocketAddress inet && inet.isUnresolved()) {
            link.fail(DialFailure.unresolved(inet));
            return;
        }
        expiry = loop.schedule(Nanos.of(timeout), this::expire);
        attempt();
    }

    /** Ends the dial without telling the link. */
    void cancel() {
        stopTimers();
        closeChannel();
    }

    private void closeChannel() {
        SocketChannel open = channel;
        channel = null;
        if (registration != null) {
            registration.cancel();
            registration = null;
        }
        if (open != null) {
            Channels.close(open);
        }
    }

    @Override
    public void onReady(int operations) {
        SocketChannel connecting = channel;
        if (connecting == null) {
            return;
        }
        try {
            if (connecting.finishConnect()) {
                hand(connecting);
            }
        } catch (Throwable refused) {
            fail(refused);
        }
    }

    private void attempt() {
        Family family = Family.of(remote);
        try {
            SocketChannel opened = family.open();
            channel = opened;
            family.configure(opened, settings);
            if (opened.connect(remote)) {
                hand(opened);
            } else {
                registration = loop.register(opened, SelectionKey.OP_CONNECT, this);
            }
        } catch (IOException failed) {
            if (isBusy(failed)) {
                retryLater(failed);
            } else {
                fail(failed);
            }
        } catch (RuntimeException | Error impossible) {
            // An address the socket cannot be given: the link's handler waits to hear of it.
            fail(impossible);
        }
    }

    /**
     * Whether a Unix domain socket is there but its backlog is full. Unlike TCP the kernel does not wait for room but
     * fails with EAGAIN, which Java knows as a plain SocketException; of the other reasons for one, the timeout tells.
     */
    private boolean isBusy(IOException failed) {
        return failed instanceof SocketException
                && !(failed instanceof ConnectException)
                && remote instanceof UnixDomainSocketAddress unix
                && Files.isWritable(unix.getPath());
    }

    private void retryLater(IOException failed) {
        busy = failed;
        closeChannel();
        retry = loop.schedule(retryNanos, this::attempt);
        retryNanos = Math.min(2 * retryNanos, LAST_RETRY_NANOS);
    }

    private void hand(SocketChannel connected) {
        stopTimers();
        channel = null;
        link.connected(connected);
    }

    private void expire() {
        cancel();
        link.fail(DialFailure.late(remote, timeout, busy));
    }

    private void fail(Throwable failed) {
        cancel();
        link.fail(DialFailure.refused(remote, failed));
    }

    private void stopTimers() {
        if (expiry != null) {
            expiry.cancel();
        }
        if (retry != null) {
            retry.cancel();
        }
    }
}
