/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.stream;

import io.softclose.net.Connection.Reading;
import io.softclose.net.Limits;
import io.softclose.net.engine.Nanos;
import io.softclose.net.engine.Slice;
import io.softclose.net.engine.inbox.Inbox;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.InputEnd;
import io.softclose.net.spi.Link;
import io.softclose.net.wire.WireException;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;

/**
 * What lies between the link and the handlers. It hands on what arrives, message by message, for as long as that is
 * wanted: the application may pause, handlers off the loop may be {@linkplain Inbox full}, memory may be short, and no
 * connection keeps its loop for longer than a {@link Slice}. The rest is held, the peer's end behind it, and goes on later
 * from where it stopped. The link stops reading when enough is held. Loop only, but for {@link #wish} and {@link #rests}.
 */
public final class Intake implements Inbox.Owner {
    /** From this many bytes on, the link is asked to stop reading; what it brings all the same is held, too. */
    static final int ENOUGH_HELD = 64 * 1024;

    /** Who learns what is no message. */
    public interface Owner {
        /** Everything that the peer has sent before its end was handed on. {@link #inputEnded} follows, or was told before. */
        void inputOver();

        /** The peer's end has come, and everything before it was handed on, or waits for handlers that have been full for long. */
        void inputEnded(InputEnd end);

        /** The peer's frames cannot be told apart any more, or do not come; nothing more of its bytes is handed on. */
        void inputBroken(String detail);

        /** Something of the peer's has come that no handler will get: our end must not go out any more. */
        void inputLost();

        /** Nothing is held any more, or everything has been handled. */
        void caughtUp();
    }

    private final LinkEnd link;
    private final EventLoop loop;
    private final Inbound inbound;
    private final Inbox inbox;
    private final Owner owner;
    private final PeersEnd peersEnd;
    private final Slice slice;
    private final Pace pace;
    private final HeldInput held;
    private final Unfinished unfinished;
    private final Leftover leftover;
    private final Rest rest;

    // Confined to the loop.
    /** Whether nothing more is handed on. */
    private boolean deaf;
    /** Whether input has come that no handler had, and none will get. */
    private boolean lost;

    private boolean stopped;
    private boolean goOnPosted;
    /** Whether there are no later tasks for what is held. */
    private boolean loopStopped;

    /**
     * An intake that holds nothing.
     *
     * @param pool lends buffers of the link
     * @param inbox what is with handlers off the loop
     * @param budget of all connections of the network
     */
    public Intake(
            Link link, BatchPool pool, Inbound inbound, Inbox inbox, Limits limits, InputBudget budget, Owner owner) {
        this.link = new LinkEnd(link);
        this.loop = link.loop();
        this.inbound = inbound;
        this.inbox = inbox;
        this.owner = owner;
        held = new HeldInput(link, pool);
        peersEnd = new PeersEnd(loop, Nanos.of(limits.pausedGrace()), owner::inputEnded);
        pace = Pace.of(limits, loop, this::handlersHaveRoom);
        unfinished = new Unfinished(link, inbound, limits, budget, pace, new HalfThere());
        rest = new Rest(inbox, unfinished, pace);
        leftover = new Leftover(loop, this::stop);
        slice = new Slice(loop);
        inbound.goesOnWhile(this::goesOn);
        inbox.filledBy(this, rest::pauseWished);
    }

    /**
     * Takes down what the application wants. Any thread.
     *
     * @return whether {@link #resumed} is to be called on the loop
     */
    public boolean wish(Reading wanted) {
        return rest.wish(wanted);
    }

    /** An older connection to the same peer is still to be heard to its end: what comes here waits, so that nothing overtakes. */
    public void giveWay() {
        rest.giveWay();
    }

    /** One of those has ended. */
    public void goFirst() {
        rest.goFirst();
        handlersHaveRoom();
        tellEndIfDue();
    }

    /** The application may want messages again. */
    public void resumed() {
        rest.noteWhoWaits();
        inbox.goOn();
        goOnLater();
        tellEndIfDue();
    }

    @Override
    public void handlersHaveRoom() {
        rest.noteWhoWaits();
        goOnLater();
        updateLink();
    }

    @Override
    public void handlersIdle() {
        updateLink();
        if (held.isEmpty()) {
            caughtUp();
        }
    }

    /** From now on the application cannot pause: what is held goes on as soon as the loop comes to it. */
    public void overrule() {
        rest.overrule();
        inbox.overrule();
        rest.noteWhoWaits();
        goOnLater();
        updateLink();
        tellEndIfDue();
    }

    /** Whether input has arrived that was not handed on yet. */
    public boolean holdsBytes() {
        return !held.isEmpty();
    }

    /** Whether input has arrived that was not handled, though it might still be. If so, {@link Owner#caughtUp} follows. */
    public boolean holdsInput() {
        return holdsBytes() || inbox.busy();
    }

    /** Whether input has come that no handler had, and none will get: an end of ours would say that it was handled. */
    public boolean lostInput() {
        return lost;
    }

    /** Input that has come is not handed on, and never will be. */
    public void lose(ByteBuffer data) {
        if (data.hasRemaining() && !lost) {
            lost = true;
            owner.inputLost();
        }
    }

    /**
     * Says our end, unless something has arrived that was not handled; the link holds it back for what has arrived there.
     *
     * @return whether it is out
     */
    public boolean shutdownOutput() {
        return !holdsInput() && link.shutdownOutput();
    }

    /** Closes the link: with an end of ours only if everything that has come was handled, else with a reset. */
    public void close() {
        link.close(!lost && !holdsInput());
    }

    /** Leaves the link to linger: with an end of ours only if everything that has come was handled. */
    public void linger() {
        link.linger(!lost && !holdsInput());
    }

    /** Whether the peer's end now would cut off a message. */
    public boolean midMessage() {
        return !deaf && held.isEmpty() && inbound.midMessage();
    }

    /** Takes all of the data. */
    public void read(ByteBuffer data) {
        if (held.isEmpty() && !rests() && !deaf) {
            handOn(data);
        }
        if (deaf || data.hasRemaining()) {
            hold(data);
        } else if (link.endOwed()) {
            updateLink();
        }
    }

    /** As {@link #read}, for what has not come from the link just now: it goes on in a later task. */
    public void hold(ByteBuffer data) {
        if (deaf) {
            lose(data);
        } else if (data.hasRemaining()) {
            held.add(data);
            rest.noteWhoWaits();
            goOnLater();
            updateLink();
        }
    }

    /** The peer's end (FIN) has arrived. */
    public void inputClosed(InputEnd end) {
        peersEnd.arrived(end);
        if (!tellEndIfDue()) {
            peersEnd.waitAtMost(() -> {
                pace.lift();
                overrule();
            });
        }
    }

    /** Hands on nothing more, and forgets what is held, with handlers or here. */
    public void stop() {
        lost |= inbox.busy();
        inbox.stop();
        end();
    }

    /** Is over; what is with handlers goes on. */
    private void end() {
        hearNoMore();
        peersEnd.stop();
        if (!inbox.busy()) {
            leftover.handled();
        }
        if (!stopped) {
            stopped = true;
            inbound.ended();
        }
        leftover.handedOn();
    }

    /**
     * The link has gone by itself: hands on what is held, a slice at a time, then does what is to be done. What is with
     * handlers off the loop is handled all the same.
     *
     * @param then runs at once if nothing is held
     */
    public void handOnTheLast(Runnable then) {
        rest.overrule();
        unfinished.waitNoMore();
        pace.lift();
        leftover.begin(then);
        inbox.unbound();
        if (held.isEmpty()) {
            end();
        } else {
            goOnLater();
        }
    }

    /** If the link has gone: gives up what is not handled by this time on the loop's clock, or an earlier one. */
    public void giveUpBy(long deadlineAt) {
        if (leftover.awaited() || (stopped && inbox.busy())) {
            leftover.giveUpBy(deadlineAt);
        }
    }

    /** Whether nothing is handed on for now. Any thread. */
    public boolean rests() {
        return rest.rests();
    }

    /** Asked by {@link Inbound} after each message. */
    private boolean goesOn() {
        pace.tookFrame();
        return !rests() && (loopStopped || !slice.over());
    }

    private void handOn(ByteBuffer data) {
        slice.begin();
        int before = data.position();
        try {
            inbound.read(data);
            pace.tookBytes(data.position() - before);
            if (!deaf) {
                unfinished.settle(!leftover.awaited());
                rest.noteWhoWaits();
            }
        } catch (WireException broken) {
            lost = true;
            hearNoMore();
            owner.inputBroken(String.valueOf(broken.getMessage()));
        }
    }

    /** The message that is half there. */
    private final class HalfThere implements Unfinished.Owner {
        @Override
        public void goOn() {
            handlersHaveRoom();
        }

        @Override
        public boolean mayNotHear() {
            rest.noteWhoWaits();
            return rests() || !held.isEmpty();
        }

        @Override
        public void giveUp(String detail) {
            hearNoMore();
            owner.inputBroken(detail);
        }
    }

    private void hearNoMore() {
        deaf = true;
        pace.lift();
        lost |= !held.isEmpty();
        held.drop();
        unfinished.drop();
    }

    /** Has what is held go on in a later task, unless it waits for the application. */
    private void goOnLater() {
        if (goOnPosted || held.isEmpty() || rests()) {
            return;
        }
        goOnPosted = true;
        try {
            loop.execute(this::goOn);
        } catch (RejectedExecutionException stopped) {
            // The loop runs its links' last events only, and what is held goes on with the last of them.
            goOnPosted = false;
            loopStopped = true;
            if (leftover.awaited()) {
                goOn();
            }
        }
    }

    private void goOn() {
        if (held.isEmpty() || rests()) {
            goOnPosted = false;
            return;
        }
        try {
            held.handOn(this::handOn, this::lose);
        } finally {
            goOnPosted = false;
        }
        updateLink();
        if (held.isEmpty()) {
            caughtUp();
        } else {
            goOnLater();
            tellEndIfDue();
        }
    }

    private void caughtUp() {
        if (!tellEndIfDue()) {
            owner.caughtUp();
        }
        if (leftover.awaited()) {
            end();
        } else if (stopped) {
            leftover.handled();
        }
    }

    /** Tells of the peer's end if nothing is to come before it, or full handlers have kept it for long; whether it did. */
    private boolean tellEndIfDue() {
        boolean due = held.isEmpty() ? !(rest.paused() && inbox.busy()) : peersEnd.graceOver() && inbox.full();
        if (due && held.isEmpty() && peersEnd.endsInput()) {
            owner.inputOver();
        }
        return due && peersEnd.tell();
    }

    /**
     * Stops the link while enough is held, or what is held is about to go on, or handlers off the loop are at work and our
     * end was asked for: that must not go out before them.
     */
    private void updateLink() {
        boolean goesOnSoon = !rests() || (rest.overruled() && !inbox.full());
        boolean enough = !held.isEmpty() && (held.size() >= ENOUGH_HELD || goesOnSoon);
        link.pause(enough || (link.endOwed() && inbox.busy()));
    }
}
