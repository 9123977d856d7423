/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.loop;

import io.softclose.net.spi.Scheduler.Timer;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What lingers on one loop: bounded in number, and each in time. Confined to the loop. */
public final class Lingerings {
    /** Most of them on a loop; one more ends the one that has lingered longest. */
    static final int MOST = 1024;
    /** What a stopping loop leaves them. */
    private static final long LAST_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Where timers come from; may fail for want of memory. */
    @FunctionalInterface
    public interface Timers {
        Timer schedule(long delayNanos, Runnable task);
    }

    private final NioLoop loop;
    private final Timers timers;
    private final long silenceNanos;
    private final long mostNanos;
    private final int most;
    private final Set<Lingering> lingering = new LinkedHashSet<>();

    /**
     * @param silenceNanos how long one lingers while nothing comes
     * @param mostNanos how long one lingers, whatever comes
     * @param most how many linger at a time
     */
    public Lingerings(NioLoop loop, Timers timers, long silenceNanos, long mostNanos, int most) {
        this.loop = loop;
        this.timers = timers;
        this.silenceNanos = silenceNanos;
        this.mostNanos = mostNanos;
        this.most = most;
    }

    Timer schedule(long delayNanos, Runnable task) {
        return timers.schedule(delayNanos, task);
    }

    long silenceNanos() {
        return silenceNanos;
    }

    long mostNanos() {
        return mostNanos;
    }

    /**
     * Takes the socket of a link that is to linger.
     *
     * @param outputEnded whether our end is out already
     * @param paused whether the link was: then its handler was not done with what it had been given
     */
    public void add(LinkSocket socket, boolean outputEnded, boolean paused) {
        Lingering added = new Lingering(loop, this, socket, outputEnded, paused);
        if (lingering.size() >= most) {
            // First: what fails from here on leaves the socket with its link.
            lingering.iterator().next().timeIsOver();
        }
        lingering.add(added);
        try {
            added.begin();
        } catch (Throwable failed) {
            lingering.remove(added);
            throw failed;
        }
    }

    void remove(Lingering gone) {
        lingering.remove(gone);
    }

    public boolean isEmpty() {
        return lingering.isEmpty();
    }

    public int size() {
        return lingering.size();
    }

    /** Leaves each a last second, or what it has left if that is less. */
    void hurry() {
        lingering.forEach(each -> each.hurry(LAST_NANOS));
    }

    /** Ends them all. */
    public void end() {
        while (!lingering.isEmpty()) {
            lingering.iterator().next().timeIsOver();
        }
    }
}
