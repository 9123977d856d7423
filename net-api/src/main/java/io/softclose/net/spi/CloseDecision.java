/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.spi;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/** What a {@link ClosePolicy} wants done next. */
public sealed interface CloseDecision {
    /**
     * Go on sending. Only the named lanes may start messages, an earlier one before a later one; the others wait. A
     * message that has started is finished.
     *
     * @param laneOrder lanes by index, each at most once
     * @param askAgain ask again after this long even if nothing happens; longer than zero
     */
    record Drain(List<Integer> laneOrder, Duration askAgain) implements CloseDecision {
        /** Copies the list and checks both. */
        public Drain {
            laneOrder = List.copyOf(laneOrder);
            if (Set.copyOf(laneOrder).size() != laneOrder.size()) {
                throw new IllegalArgumentException("laneOrder: " + laneOrder + " (expected: each lane at most once)");
            }
            Require.positive("askAgain", askAgain);
        }
    }

    /**
     * Drop what these lanes hold: messages of which no byte has left are DISCARDED; a message that was being sent in
     * fragments is UNSENT. A frame that has started is finished. The engine asks again at once if that dropped something,
     * else when something has changed: discarding what is not there is a way to wait for what has started.
     *
     * @param lanes lanes by index
     */
    record Discard(Set<Integer> lanes) implements CloseDecision {
        /** Copies the set. */
        public Discard {
            lanes = Set.copyOf(lanes);
        }
    }

    /**
     * Start nothing more. What is queued is UNSENT; the frame being written is completed and flushed.
     *
     * @param parting how to leave then
     */
    record Finish(Parting parting) implements CloseDecision {
        /** Checks that there is a parting. */
        public Finish {
            requireNonNull(parting, "parting");
        }
    }

    /** How to leave once everything is flushed. */
    enum Parting {
        /** Send our end (FIN), read on and deliver until the peer's end or the deadline, then close. */
        HALF_CLOSE,
        /** Close without waiting. If the peer is still talking, its kernel's reset destroys what it has not read. */
        AT_ONCE
    }

    /**
     * Go on sending from every lane, most urgent first.
     *
     * @param askAgain ask again after this long even if nothing happens
     */
    static Drain drain(CloseSnapshot snapshot, Duration askAgain) {
        return new Drain(snapshot.allLanes(), askAgain);
    }

    /** Drop what every lane holds. */
    static Discard discardAll(CloseSnapshot snapshot) {
        return new Discard(Set.copyOf(snapshot.allLanes()));
    }

    /** Start nothing more, then half-close and read on until the peer's end. */
    static Finish finish() {
        return new Finish(Parting.HALF_CLOSE);
    }
}
