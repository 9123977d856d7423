/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.outbox;

import io.softclose.net.Account;
import io.softclose.net.LaneAccount;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.OutcomeListener;
import io.softclose.net.ReturnedMessage;
import io.softclose.net.engine.Callbacks;
import io.softclose.net.engine.outbox.LaneQueue.Form;
import io.softclose.net.spi.EventLoop;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Gives accepted messages their outcome, once each: counts it, gives the lane its room back, tells the listener, and
 * keeps what is to be returned. Everything but {@link #account} and {@link #ended} is confined to the loop.
 */
public final class OutcomeBook {
    private static final Outcome[] OUTCOMES = Outcome.values();

    private final List<LaneQueue> lanes;
    private final Callbacks callbacks;

    // Written by the loop, read by any thread: outcome counts of lane i start at i * OUTCOMES.length.
    private final AtomicLongArray counts;

    // Confined to the loop: what has ended since the last publish.
    private final int[] endedMessages;
    private final long[] endedBytes;
    private final Leftovers leftovers;

    private final @Nullable LastWritten lastWritten;
    private boolean returning;
    private long written;
    private long ended;

    /** A book for the messages in these lanes, which are written on this loop. */
    public OutcomeBook(List<LaneQueue> lanes, Callbacks callbacks, EventLoop loop, Limits limits) {
        this.lanes = lanes;
        this.callbacks = callbacks;
        lastWritten = limits.keepWritten().isZero() ? null : new LastWritten(loop, limits);
        counts = new AtomicLongArray(lanes.size() * OUTCOMES.length);
        endedMessages = new int[lanes.size()];
        endedBytes = new long[lanes.size()];
        leftovers = new Leftovers(lanes.size());
    }

    /** From now on messages that did not go are kept for the report, expired ones too. */
    public void startReturning() {
        returning = true;
    }

    /**
     * Ends a lane's element. Takes effect for others with the next {@link #publish}. If this throws, for want of memory,
     * the element has not ended.
     */
    public void end(int lane, Object element, Outcome outcome) {
        endFor(lane, element, outcomeHere(element, outcome));
    }

    /** As {@link #end}, for what no connection can or shall send: it is not handed over. */
    public void endForGood(int lane, Object element, Outcome outcome) {
        endFor(lane, element, outcome);
    }

    /** What becomes of it on this connection: what the peer cannot have, and is addressed to it, is handed over. */
    private static Outcome outcomeHere(Object element, Outcome outcome) {
        return outcome == Outcome.UNSENT && Envelope.outlives(element) ? Outcome.HANDED_OVER : outcome;
    }

    private void endFor(int lane, Object element, Outcome outcome) {
        Message message = Envelope.messageOf(element);
        // First, because it may fail; what follows does not.
        if (outcome.went()) {
            keepWritten(lane, element, message);
        } else if (isLeft(element, outcome)) {
            leftovers.add(lane, element, outcome);
        }
        count(lane, element, message, outcome);
    }

    /**
     * As {@link #end}, for what was on its way until the link went. What was queued behind it may have ended before.
     *
     * @param place as this answered for its lane when it was put on its way
     */
    public void endOnTheWay(int lane, Object element, Outcome told, int place) {
        Message message = Envelope.messageOf(element);
        Outcome outcome = outcomeHere(element, told);
        if (outcome.went()) {
            keepWritten(lane, element, message);
        } else if (isLeft(element, outcome)) {
            leftovers.addOnTheWay(lane, element, outcome, place);
        }
        count(lane, element, message, outcome);
    }

    /** Where what is put on its way now stands among what is left of its lane. */
    public int place(int lane) {
        return leftovers.place(lane);
    }

    /**
     * Whether what did not go is kept: what is handed over, and for the report the rest; but not requests and answers, which
     * sent again would be messages.
     */
    private boolean isLeft(Object element, Outcome outcome) {
        return outcome == Outcome.HANDED_OVER || (returning && Envelope.rpcOf(element) == null);
    }

    private void keepWritten(int lane, Object element, Message message) {
        if (lastWritten != null && Envelope.rpcOf(element) == null) {
            lastWritten.add(message, nameOf(lane));
        }
    }

    private void count(int lane, Object element, Message message, Outcome outcome) {
        int index = index(lane, outcome);
        counts.setRelease(index, counts.getPlain(index) + 1);
        endedMessages[lane]++;
        endedBytes[lane] += message.size();
        ended++;
        if (outcome.went()) {
            written++;
        }
        if (element instanceof Envelope envelope && envelope.listener() != null) {
            tell(envelope.listener(), message, outcome);
        }
    }

    private void tell(OutcomeListener listener, Message message, Outcome outcome) {
        if (outcome == Outcome.HANDED_OVER) {
            callbacks.handedOver(listener, message);
        } else {
            callbacks.ended(listener, message, outcome);
        }
    }

    /** Ends an element as UNSENT because its payload cannot be read, and tells why. If this throws, it has not ended. */
    public void endUnreadable(int lane, Object element, Throwable cause) {
        endForGood(lane, element, Outcome.UNSENT);
        publish();
        callbacks.unreadable(Envelope.messageOf(element), cause);
    }

    /** Ends all that waits in these lanes: as EXPIRED what has, the rest with this outcome. */
    public void endQueued(IntPredicate lanesToEnd, Outcome outcome, long now) {
        for (int lane = 0; lane < lanes.size(); lane++) {
            if (!lanesToEnd.test(lane)) {
                continue;
            }
            LaneQueue queue = lanes.get(lane);
            for (Form form : Form.values()) {
                for (Object e = queue.poll(form); e != null; e = queue.poll(form)) {
                    endPolled(lane, form, e, Envelope.expired(e, now) ? Outcome.EXPIRED : outcome);
                }
            }
        }
    }

    /** Ends an element that was polled last; if it cannot, returns it to its lane. */
    private void endPolled(int lane, Form form, Object element, Outcome outcome) {
        try {
            end(lane, element, outcome);
        } catch (Throwable failure) {
            lanes.get(lane).putBack(element, form);
            throw failure;
        }
    }

    /** Gives lanes their room back. */
    public void publish() {
        for (int lane = 0; lane < endedMessages.length; lane++) {
            if (endedMessages[lane] > 0) {
                lanes.get(lane).release(endedMessages[lane], endedBytes[lane]);
                endedMessages[lane] = 0;
                endedBytes[lane] = 0;
            }
        }
    }

    /** How many messages have been written whole. Loop only. */
    public long written() {
        return written;
    }

    /** How many messages have their outcome. Loop only. */
    public long ended() {
        return ended;
    }

    /** Messages of a lane that were accepted and have no outcome yet. Any thread. */
    public long pending(int lane) {
        long ends = 0;
        for (Outcome outcome : OUTCOMES) {
            ends += counts.getAcquire(index(lane, outcome));
        }
        return lanes.get(lane).offered() - ends;
    }

    /** A moment's view. Outcomes are read before acceptances, so none is seen without its acceptance. Any thread. */
    public Account account() {
        List<LaneAccount> accounts = new ArrayList<>(lanes.size());
        for (int lane = 0; lane < lanes.size(); lane++) {
            accounts.add(laneAccount(lane));
        }
        return new Account(accounts);
    }

    /** What did not go and comes back, most urgent lane first. */
    public List<ReturnedMessage> returned() {
        return leftovers.returned(lanes);
    }

    /** What was addressed to the peer and is for its next connection, in order; one list a lane, or none at all. */
    public List<List<Envelope>> handedOver() {
        return leftovers.handedOver();
    }

    /** Whether there is any. */
    public boolean handsOver() {
        return leftovers.handsOver();
    }

    /** That has been handed over, and the report has been made: what did not go is not needed any more. Takes no memory. */
    public void forgetLeftovers() {
        leftovers.forget();
    }

    /** What was written last and is kept, oldest first. */
    public List<ReturnedMessage> lastWritten() {
        return lastWritten == null ? List.of() : lastWritten.messages();
    }

    private String nameOf(int lane) {
        return lanes.get(lane).lane().name();
    }

    private LaneAccount laneAccount(int lane) {
        Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
        Arrays.stream(OUTCOMES).forEach(outcome -> outcomes.put(outcome, counts.getAcquire(index(lane, outcome))));
        LaneQueue queue = lanes.get(lane);
        return new LaneAccount(queue.lane().name(), queue.offered(), outcomes);
    }

    @SuppressWarnings("EnumOrdinal") // an index into an array of this run, kept nowhere
    private static int index(int lane, Outcome outcome) {
        return lane * OUTCOMES.length + outcome.ordinal();
    }
}
