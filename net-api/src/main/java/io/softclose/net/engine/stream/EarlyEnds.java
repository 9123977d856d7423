/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.stream;

import io.softclose.net.Outcome;
import io.softclose.net.engine.outbox.Envelope;
import io.softclose.net.engine.outbox.LaneQueue;
import io.softclose.net.engine.outbox.LaneQueue.Form;
import io.softclose.net.engine.outbox.OutcomeBook;
import io.softclose.net.spi.EventLoop;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ends what waits, in a lane or in the batch with no byte gone, before its turn: it has outlived its time, or nobody wants
 * it any more. Loop only.
 */
final class EarlyEnds {
    private final EventLoop loop;
    private final List<LaneQueue> lanes;
    private final OutcomeBook book;
    private final Framer framer;

    EarlyEnds(EventLoop loop, List<LaneQueue> lanes, OutcomeBook book, Framer framer) {
        this.loop = loop;
        this.lanes = lanes;
        this.book = book;
        this.framer = framer;
    }

    /** Whether something that waits has a time to live. */
    boolean mayExpire() {
        boolean any = framer.mortal();
        for (int lane = 0; lane < lanes.size() && !any; lane++) {
            any = lanes.get(lane).mayExpire();
        }
        return any;
    }

    /** Ends what has outlived its time in the lanes. */
    void expireInLanes() {
        long now = loop.nanoTime();
        for (int lane = 0; lane < lanes.size(); lane++) {
            LaneQueue queue = lanes.get(lane);
            if (queue.mayExpire()) {
                int index = lane;
                queue.expire(now, element -> book.end(index, element, Outcome.EXPIRED));
            }
        }
        book.publish();
    }

    /** Ends what has outlived its time in the batch. Looks again after each message that it ends: listeners take time, too. */
    void expireIn(@Nullable Batch batch) {
        long endedBefore = book.ended() - 1;
        while (framer.mortal() && book.ended() > endedBefore) {
            endedBefore = book.ended();
            long now = loop.nanoTime();
            if (batch != null) {
                framer.takeUntouched(
                        batch,
                        frame -> Envelope.expired(frame.owner(), now),
                        frame -> book.end(frame.lane(), frame.owner(), Outcome.EXPIRED));
            }
            book.publish();
        }
    }

    /**
     * Ends a request that nobody wants any more as UNSENT: now if it is found and no byte of it has gone, or else when its
     * turn comes.
     *
     * @return whether it has ended
     */
    boolean withdraw(Envelope unwanted, @Nullable Batch batch) {
        unwanted.withdraw();
        if (endInLanes(unwanted)) {
            return true;
        }
        long endedBefore = book.ended();
        if (batch != null) {
            framer.takeUntouched(
                    batch,
                    frame -> frame.owner() == unwanted,
                    frame -> book.endForGood(frame.lane(), unwanted, Outcome.UNSENT));
            book.publish();
        }
        return book.ended() != endedBefore;
    }

    private boolean endInLanes(Envelope unwanted) {
        for (int lane = 0; lane < lanes.size(); lane++) {
            for (Form form : Form.values()) {
                if (lanes.get(lane).remove(unwanted, form)) {
                    end(lane, form, unwanted);
                    return true;
                }
            }
        }
        return false;
    }

    /** Ends an element that was taken out of its lane; if it cannot, returns it. */
    private void end(int lane, Form form, Envelope unwanted) {
        try {
            book.endForGood(lane, unwanted, Outcome.UNSENT);
        } catch (Throwable failure) {
            lanes.get(lane).putBack(unwanted, form);
            throw failure;
        }
        book.publish();
    }
}
