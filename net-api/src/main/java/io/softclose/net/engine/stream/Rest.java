/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.stream;

import io.softclose.net.Connection.Reading;
import io.softclose.net.engine.inbox.Inbox;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Why nothing is handed on for now: the one place where all reasons for that are. Most are ours, and then the peer is kept waiting;
 * its {@link Pace} is the peer's own. Loop only, but for what says otherwise.
 */
final class Rest {
    private final Inbox inbox;
    private final Unfinished unfinished;
    private final Pace pace;

    // Shared: set by any thread, looked at by the loop between two messages.
    private final AtomicReference<Reading> wish = new AtomicReference<>(Reading.RESUMED);
    /** Whether the application is not asked any more: what is held goes on, whatever it wishes. Written by the loop. */
    private volatile boolean overruled;
    /** How many older connections have to be heard to their ends before. Written by the loop. */
    private volatile int older;

    Rest(Inbox inbox, Unfinished unfinished, Pace pace) {
        this.inbox = inbox;
        this.unfinished = unfinished;
        this.pace = pace;
    }

    /** Whether there is any reason. Any thread. */
    boolean rests() {
        return pace.rests() || keepsWaiting();
    }

    private boolean keepsWaiting() {
        return unfinished.waits() || inbox.full() || paused() || (older > 0 && !overruled);
    }

    /** Tells the message that is half there whether its peer is kept waiting. */
    void noteWhoWaits() {
        if (keepsWaiting()) {
            unfinished.heldUp();
        } else {
            unfinished.heldUpNoMore();
        }
    }

    /** What the application wants. Any thread. */
    boolean pauseWished() {
        return wish.get() == Reading.PAUSED;
    }

    /** Whether it wants a pause, and is asked. Any thread. */
    boolean paused() {
        return pauseWished() && !overruled;
    }

    /**
     * Takes down what the application wants. Any thread.
     *
     * @return whether that ends a pause
     */
    boolean wish(Reading wanted) {
        return wish.getAndSet(wanted) == Reading.PAUSED && wanted == Reading.RESUMED;
    }

    /** The application is not asked any more. */
    void overrule() {
        overruled = true;
    }

    /** Whether it is not. Any thread. */
    boolean overruled() {
        return overruled;
    }

    /** An older connection is to be heard to its end before. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // the loop alone writes
    void giveWay() {
        older++;
    }

    /** One of those has ended. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // as above
    void goFirst() {
        older--;
    }
}
