/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.kernel;

import io.softclose.net.testkit.sim.kernel.SocketHistory.ResetCause;
import java.time.Duration;

/**
 * What is left of a link that lingers. Its handler has been told that the link is closed; its socket is read, and what
 * comes is discarded, so that no reset destroys what the peer has not read. A quiet peer gets our end. One of whose bytes
 * any had to be discarded never does, for that would say that they were handled: it gets a reset when the time is over.
 */
public final class LingeringEnd {
    /** The longest that an end lingers. */
    public static final Duration LONGEST = Duration.ofSeconds(30);
    /** How long an end lingers to which nothing comes. */
    public static final Duration SILENT = Duration.ofSeconds(5);
    /** How long nothing may have come before our end goes out. */
    static final Duration QUIET = Duration.ofMillis(100);

    private final SimScheduler scheduler;
    private final SimSocket socket;
    /** Whether something of the peer's is lost: our end must not go out. */
    private boolean discarded;

    private boolean ended;
    private boolean over;
    private boolean peerEnded;
    private long lastArrival;

    /**
     * What is left of a link.
     *
     * @param paused whether it was paused, so that its owner may not be done with what it was given
     */
    public LingeringEnd(SimScheduler scheduler, SimSocket socket, boolean paused) {
        this.scheduler = scheduler;
        this.socket = socket;
        discarded = paused;
    }

    /**
     * Begins to linger.
     *
     * @param now what the link's loop takes for the time, which is ahead of the network's while a task keeps it busy
     */
    public void begin(long now) {
        lastArrival = now;
        scheduler.at(now + QUIET.toNanos(), this::endIfQuiet);
        scheduler.at(now + SILENT.toNanos(), this::leaveIfSilent);
        scheduler.at(now + LONGEST.toNanos(), this::leave);
        socketChanged();
    }

    public boolean over() {
        return over;
    }

    /** Whether anything of the peer's has been discarded, here or by its owner. */
    boolean discarded() {
        return discarded;
    }

    /** Something may have arrived. */
    public void socketChanged() {
        if (over) {
            return;
        }
        while (socket.available() > 0) {
            discarded = true;
            lastArrival = scheduler.now();
            socket.read(socket.available());
        }
        if (socket.readError() != null || (socket.ended() && (ended || !discarded))) {
            leave();
        } else if (socket.ended() && !peerEnded) {
            // It may still read: the time for that starts anew.
            peerEnded = true;
            lastArrival = scheduler.now();
        }
    }

    private void endIfQuiet() {
        if (!over && !discarded) {
            ended = true;
            socket.shutdownOutput();
        }
    }

    private void leaveIfSilent() {
        long silentAt = lastArrival + SILENT.toNanos();
        if (silentAt <= scheduler.now()) {
            leave();
        } else if (!over) {
            scheduler.at(silentAt, this::leaveIfSilent);
        }
    }

    private void leave() {
        if (over) {
            return;
        }
        over = true;
        if (discarded && !ended) {
            socket.abort(ResetCause.LINGERED);
        } else {
            socket.close();
        }
    }
}
