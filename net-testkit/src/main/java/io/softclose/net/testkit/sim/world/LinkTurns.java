/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.world;

import io.softclose.net.spi.DialFailure;
import io.softclose.net.spi.Scheduler;
import io.softclose.net.testkit.sim.kernel.Leaving;
import io.softclose.net.testkit.sim.kernel.SocketHistory.ResetCause;
import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What happens to one link on its loop, from its making to its handler's last event: the kernel's events come in any
 * order in which a loop may bring them, one at a time, and none from within a call of its owner.
 */
public final class LinkTurns {
    public static final long NEVER = Long.MAX_VALUE;

    private final World network;
    private final SimLoop loop;
    private final SplittableRandom random;
    private final LinkEnd link;

    private boolean ready;
    private Scheduler.Timer dialTimer = () -> {};
    private boolean awaitsRoom;
    private boolean lookAwaited;
    private long waitingSince;
    private long leftSince = NEVER;
    private boolean failing;

    LinkTurns(World network, SimLoop loop, SplittableRandom random, LinkEnd link) {
        this.network = network;
        this.loop = loop;
        this.random = random;
        this.link = link;
    }

    /** Whether it can no longer write, and its handler will learn of it. */
    boolean failing() {
        return failing;
    }

    boolean awaitsRoom() {
        return awaitsRoom;
    }

    /** Since when every write has left something waiting; {@link #NEVER} if the last one did not. */
    public long leftSince() {
        return leftSince;
    }

    // How it starts.

    void failAfter(Duration timeout) {
        if (link.life().isOpening()) {
            dialTimer = loop.schedule(
                    nanos(timeout), () -> leave(DialFailure.late(link.remoteAddress(), timeout, null), Leaving.ABORT));
        }
    }

    /** The handler learns, as a later task, that the link is up. */
    void established() {
        loop.post(() -> {
            if (link.life().isOpening()) {
                dialTimer.cancel();
                link.trace("is up", 0);
                network.serve(link);
                link.life().connected();
                updateReady();
            }
        });
    }

    /** A dial has failed: told on the loop. */
    void failed(Throwable failure) {
        loop.post(() -> leave(failure, Leaving.CLOSE));
    }

    /** Runs on the link's loop, whether or not that takes tasks from others. */
    void post(Runnable task) {
        loop.post(task);
    }

    // What the loop brings.

    /** The loop's turn: something is to be read, or more can be written. */
    void serve() {
        boolean writable = writableDue();
        if (writable && (!readDue() || random.nextBoolean())) {
            awaitsRoom = false;
            link.trace("writable", link.socket().room());
            link.life().writable();
        } else {
            read();
        }
        updateReady();
    }

    /** A write took something, or left something waiting, which will be told of room. */
    void wrote(boolean something, boolean leaves) {
        long now = loop.virtualTime();
        if (something && awaitsRoom && !link.output().worthTelling()) {
            link.socket().history().bridged(now - waitingSince);
        }
        if (leaves && !awaitsRoom) {
            awaitsRoom = true;
            waitingSince = now;
        }
        leftSince = leaves ? Math.min(leftSince, now) : NEVER;
        updateReady();
    }

    /** Tells the handler that it may write, or that more has been flushed. */
    void tellWritable() {
        if (link.life().isOpen()) {
            awaitsRoom = false;
            updateReady();
            network.serve(link);
            link.life().writable();
        }
    }

    /** It was paused, or is to go on; then our end may go out that waited for that. */
    void readingChanged() {
        updateReady();
        if (link.life().isOpen() && awaitsQuiet()) {
            loop.post(this::quietLate);
        }
    }

    /** Whether our end, or the owner who asked, waits until all that has arrived is handed on. */
    private boolean awaitsQuiet() {
        return lookAwaited || (link.end().asked() && !link.end().out());
    }

    private void quietLate() {
        if (!link.life().isOpen()) {
            return;
        }
        boolean told = sendEnd();
        if (lookAwaited && link.input().allHandedOn()) {
            lookAwaited = false;
            told = true;
        }
        if (told) {
            tellWritable();
        }
    }

    /** Whether all that has arrived was handed on. If not, the owner is told when it is. */
    boolean allHandedOn() {
        lookAwaited = failing() || !link.input().allHandedOn();
        if (lookAwaited) {
            loop.post(this::quietLate);
        }
        return !lookAwaited;
    }

    /** Sends our end if it was asked for and may go; true if it goes now. */
    boolean sendEnd() {
        boolean goes = link.end().sendIfItMay();
        if (goes) {
            link.trace("ends its output after", link.output().taken());
        }
        return goes;
    }

    void updateReady() {
        boolean now = readDue() || writableDue();
        if (now != ready) {
            ready = now;
            loop.ready(link, now);
        }
    }

    private void read() {
        IOException error = link.socket().readError();
        if (error != null) {
            leave(error, Leaving.CLOSE);
            return;
        }
        link.input().handOn(link.life());
        if (awaitsQuiet()) {
            loop.post(this::quietLate);
        }
    }

    private boolean readDue() {
        return link.life().isOpen() && link.input().due();
    }

    private boolean writableDue() {
        return link.life().isOpen() && awaitsRoom && link.output().worthTelling();
    }

    /** Its handler has thrown this. */
    void handlerFailed(Throwable failure) {
        network.found(link.name() + ": its handler threw " + failure, failure);
        leave(failure, Leaving.ABORT);
    }

    // How it ends.

    /** A link that can no longer write hands on what has arrived before it ends. */
    void fails(IOException error) {
        if (!failing) {
            failing = true;
            loop.post(() -> {
                network.serve(link);
                while (readDue() && link.socket().readError() == null) {
                    read();
                }
                leave(error, Leaving.CLOSE);
            });
        }
    }

    /** Its loop serves it no more, but for its last event. */
    void loopDies(Throwable failure) {
        if (link.life().isOpen()) {
            link.socket().history().loopDied();
        }
        leave(failure, Leaving.ABORT);
    }

    void leave(@Nullable Throwable failure, Leaving how) {
        if (!link.life().leave(failure)) {
            return;
        }
        link.trace(how.inWords(), link.socket().available());
        link.socket().history().left(how, link.input().leavesBytes(), loop.virtualTime());
        dialTimer.cancel();
        link.output().end(how != Leaving.ABORT && failure == null);
        switch (how) {
            case CLOSE -> link.socket().close();
            case ABORT -> link.socket().abort(ResetCause.ABORTED);
            case LINGER -> link.end().linger(loop.virtualTime());
        }
        updateReady();
        loop.post(() -> reportClosed(failure == null ? "is closed" : "has failed"));
    }

    private void reportClosed(String what) {
        link.trace(what, link.output().taken());
        network.serve(link);
        link.life().closed();
    }

    private static long nanos(Duration duration) {
        return duration.compareTo(Duration.ofNanos(Long.MAX_VALUE)) > 0 ? Long.MAX_VALUE : duration.toNanos();
    }
}
