/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.loop;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.WARNING;

import io.softclose.net.nio.base.Departing;
import io.softclose.net.nio.base.SafeLogger;
import io.softclose.net.nio.base.Selectable;
import io.softclose.net.spi.Scheduler.Timer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.util.concurrent.TimeUnit;

/**
 * What is left of a link that lingers: it reads and discards until the peer's end, and until its time is over: soon if
 * nothing comes, later if the peer goes on talking, for then it may be reading, too. A peer that is quiet for a while
 * gets our end. One of which anything was discarded before that never does: it could take the end to mean that
 * everything was handled, so it gets a reset, as late as possible. Confined to the loop.
 */
final class Lingering extends Departing implements Selectable {
    private static final SafeLogger LOG = SafeLogger.ofModule();
    /** How long a peer must say nothing to be taken for quiet. */
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    /** Full read buffers discarded in one turn; no handler is waiting for them. */
    private static final int READS_PER_TURN = 4;

    private static final Timer NO_TIMER = () -> {};

    private final NioLoop loop;
    private final Lingerings others;
    private final LinkSocket socket;
    private final long startedAt;
    private long heardAt;
    private long endsAt;
    private Timer quiet = NO_TIMER;
    private Timer time = NO_TIMER;
    private boolean outputEnded;
    /** Whether our end must not go out any more: something was thrown away that it would say was handled. */
    private boolean discarded;

    private boolean leaving;

    /**
     * @param others those it is one of, which know the times
     * @param outputEnded whether our end is out already
     * @param paused whether the link was, whose end then must not go out
     */
    Lingering(NioLoop loop, Lingerings others, LinkSocket socket, boolean outputEnded, boolean paused) {
        this.loop = loop;
        this.others = others;
        this.socket = socket;
        this.outputEnded = outputEnded;
        discarded = paused && !outputEnded;
        startedAt = loop.nanoTime();
        heardAt = startedAt;
        endsAt = startedAt + others.mostNanos();
    }

    /** Takes the socket over from its link, or throws and leaves it there. */
    void begin() {
        try {
            arm();
            socket.handTo(this, SelectionKey.OP_READ);
        } catch (Throwable failed) {
            stopTimers();
            throw failed;
        }
    }

    /** Leaves it at most this much time from now. */
    void hurry(long nanos) {
        long now = loop.nanoTime();
        endsAt = now + Math.min(nanos, Math.max(0, endsAt - now));
        arm();
    }

    private void arm() {
        stopTimers();
        long now = loop.nanoTime();
        long left = Math.max(0, nanosLeft(now));
        if (!outputEnded && !discarded) {
            long quietFor = Math.max(0, startedAt + QUIET_NANOS - now);
            quiet = others.schedule(Math.min(left, quietFor), this::endOutput);
        }
        time = others.schedule(left, this::timeMayBeOver);
    }

    private void stopTimers() {
        quiet.cancel();
        time.cancel();
    }

    private long nanosLeft(long now) {
        return Math.min(endsAt - now, others.silenceNanos() - (now - heardAt));
    }

    /** If anything came since the timer was set, there is more. */
    private void timeMayBeOver() {
        long left = nanosLeft(loop.nanoTime());
        if (left <= 0) {
            leave();
            return;
        }
        try {
            time = others.schedule(left, this::timeMayBeOver);
        } catch (Throwable failed) {
            // Nobody would look after it again.
            leave();
            LOG.log(WARNING, "the time of a link that lingered cannot be measured; it is over", failed);
        }
    }

    @Override
    public void onReady(int operations) {
        try {
            ByteBuffer buffer = loop.readBuffer();
            for (int i = 0; i < READS_PER_TURN && !leaving; i++) {
                int count = socket.read(buffer);
                if (count < 0) {
                    peerEnded();
                } else if (count > 0) {
                    discarded();
                }
                if (count <= 0 || buffer.hasRemaining()) {
                    return;
                }
            }
        } catch (IOException gone) {
            LOG.log(DEBUG, "the peer of a link that lingered is gone", gone);
            leave();
        }
    }

    /** One that must be reset may still read: the time for that starts anew. */
    private void peerEnded() {
        if (discarded && !outputEnded) {
            heardAt = loop.nanoTime();
            socket.watchFor(0);
        } else {
            leave();
        }
    }

    /** What comes behind our end tells nothing about it. */
    private void discarded() {
        heardAt = loop.nanoTime();
        if (!outputEnded) {
            discarded = true;
            quiet.cancel();
        }
    }

    private void endOutput() {
        try {
            if (socket.bytesWait()) {
                discarded();
            } else {
                socket.shutdownOutput();
                outputEnded = true;
            }
        } catch (IOException gone) {
            LOG.log(DEBUG, "the peer of a link that lingered is gone", gone);
            leave();
        }
    }

    /** Ends it, whatever the peer does. */
    void timeIsOver() {
        leave();
    }

    private void leave() {
        if (!leaving) {
            leaving = true;
            stopTimers();
            others.remove(this);
            loop.links().departures().add(this);
            socket.deregister();
        }
    }

    @Override
    public void departed() {
        socket.close(discarded);
    }
}
