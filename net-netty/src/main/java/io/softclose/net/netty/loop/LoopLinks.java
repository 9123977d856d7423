/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.loop;

import java.util.HashSet;
import java.util.Set;

/**
 * The links of one loop, in whichever part of their lives: those that are open or opening, those that linger, and the
 * channels that are on their way to being closed. Confined to the loop.
 */
public final class LoopLinks {
    /** A link that was not told of its end. */
    public interface Member {
        /** Ends it, by its own way, some turns later. Does nothing if that is under way. */
        void abort();

        /** Looks now and then whether it has missed something, for want of memory. */
        void look();

        /** Ends it at once, and tells it: nothing comes after. */
        void loopEnded(Throwable failure);
    }

    private final Set<Member> open = new HashSet<>();
    private final LingeringLinks lingering = new LingeringLinks();
    private final ChannelEnd.All endings;

    /**
     * The links of a loop that has none yet.
     *
     * @param turns run when a turn of the loop is needed; must not throw
     */
    LoopLinks(Runnable turns) {
        endings = new ChannelEnd.All(turns);
    }

    /** Counts a link in: from now on it is aborted when the loop stops. */
    public void opening(Member link) {
        open.add(link);
    }

    /** Counts a link out, which has been told of its end. */
    public void closed(Member link) {
        open.remove(link);
    }

    /** How many were not told of their end. */
    int untold() {
        return open.size();
    }

    public LingeringLinks lingering() {
        return lingering;
    }

    public ChannelEnd.All endings() {
        return endings;
    }

    /** Whether there is neither a link that was not told of its end, nor one that lingers. */
    boolean isEmpty() {
        return open.isEmpty() && lingering.isEmpty();
    }

    void abortAll() {
        open.forEach(Member::abort);
    }

    /** Looks for what was left undone for want of memory. */
    void look() {
        open.forEach(Member::look);
    }

    /** Ends all of them at once, and tells each. If this throws, it may be called again, and goes on. */
    void endAll(Throwable failure) {
        lingering.expireAll();
        while (!open.isEmpty()) {
            open.iterator().next().loopEnded(failure);
        }
        endings.forceAll();
    }
}
