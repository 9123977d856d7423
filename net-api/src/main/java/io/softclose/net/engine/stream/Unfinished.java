/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.stream;

import io.softclose.net.Limits;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Link;
import java.util.concurrent.RejectedExecutionException;

/**
 * The message of a connection that is half there: what memory it takes, whether it has to wait for that, and the
 * {@link Patience} for its rest. Loop only, but for {@link #waits}.
 */
final class Unfinished {
    /** What a connection may hold of an unfinished message, counted as {@link #settle} does, apart from the budget. */
    private static final long OWN_BYTES = 128 * 1024;

    private final EventLoop loop;
    private final Inbound inbound;
    private final InputBudget.Share share;
    private final Patience patience;
    private final Owner owner;

    /** Whether it has to wait for memory. Written by the loop. */
    private volatile boolean waits;

    /** Whose input it is. Called on the loop. */
    interface Owner extends Patience.Owner {
        /** There is memory again. */
        void goOn();
    }

    /**
     * Nothing yet.
     *
     * @param budget of all connections of the network
     * @param pace at which the message may come
     */
    Unfinished(Link link, Inbound inbound, Limits limits, InputBudget budget, Pace pace, Owner owner) {
        this.loop = link.loop();
        this.inbound = inbound;
        this.owner = owner;
        share = budget.share(this::roomAgain);
        patience = new Patience(link, inbound, share, limits.messageTimeout(), pace, owner);
    }

    /** Whether it has to wait for memory. Any thread. */
    boolean waits() {
        return waits;
    }

    /**
     * Accounts for the message that is unfinished now: assembling it takes twice its size.
     *
     * @param mayWait whether it has time to wait for memory
     */
    void settle(boolean mayWait) {
        if (inbound.midMessage()) {
            patience.arrived();
        }
        long bytes = Math.max(0, 2 * inbound.unfinishedBytes() - OWN_BYTES);
        boolean mustWait = !share.holds(bytes) && mayWait;
        if (mustWait != waits) {
            waits = mustWait;
        }
    }

    /** This end keeps it waiting, so that time does not count until {@link #heldUpNoMore}. Idempotent. */
    void heldUp() {
        patience.heldUp();
    }

    /** Time for its rest counts on. Idempotent. */
    void heldUpNoMore() {
        patience.heldUpNoMore();
    }

    /** Waits for memory no longer. */
    void waitNoMore() {
        waits = false;
    }

    /** Forgets it, and gives its memory back. */
    void drop() {
        inbound.forget();
        patience.stop();
        waits = false;
        share.holds(0);
    }

    /** There is memory for it. Any thread. */
    private void roomAgain() {
        try {
            loop.execute(() -> {
                waits = false;
                owner.goOn();
            });
        } catch (RejectedExecutionException stopped) {
            // The link's last event follows, and waits for no memory.
        }
    }
}
