/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.stream;

import io.softclose.net.Connection.Reading;
import io.softclose.net.Limits;
import io.softclose.net.engine.Nanos;
import io.softclose.net.engine.Slice;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.InputEnd;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.Scheduler.Timer;
import io.softclose.net.wire.WireException;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What lies between the link and the handlers. It hands on what arrives, message by message, for as long as that is
 * wanted: the application may pause, and no connection keeps its loop for longer than a {@link Slice}. The rest is held,
 * the peer's end behind it, and goes on later from where it stopped. The link stops reading when enough is held. Loop
 * only, but for {@link #wish}.
 */
public final class Intake {
    /** From this many bytes on, the link is asked to stop reading; what it brings all the same is held, too. */
    static final int ENOUGH_HELD = 64 * 1024;

    private static final Timer NO_TIMER = () -> {};

    /** What a connection may hold of an unfinished message, counted as {@link #settle} does, apart from the budget. */
    private static final long OWN_BYTES = 128 * 1024;

    /** Who learns what is no message. */
    public interface Owner {
        /** The peer's end has come, and everything before it was handed on. */
        void inputEnded(InputEnd end);

        /** The peer's frames cannot be told apart any more, or do not come; nothing more of its bytes is handed on. */
        void inputBroken(String detail);

        /** Something of the peer's has come that no handler will get: our end must not go out any more. */
        void inputLost();

        /** Nothing is held any more. */
        void caughtUp();
    }

    private final Link link;
    private final EventLoop loop;
    private final Inbound inbound;
    private final Owner owner;
    private final long graceNanos;
    private final Slice slice;
    private final HeldInput held = new HeldInput();
    private final InputBudget.Share share;
    private final Patience patience;

    // Shared: set by any thread, looked at by the loop between two messages.
    private final AtomicReference<Reading> wish = new AtomicReference<>(Reading.RESUMED);

    // Confined to the loop.
    /** Whether the application is not asked any more: what is held goes on, whatever it wishes. */
    private boolean overruled;
    /** Whether nothing more is handed on. */
    private boolean deaf;

    /** Whether input has come that no handler had, and none will get. */
    private boolean lost;

    private boolean stopped;

    /** Whether an unfinished message has to wait for memory. */
    private boolean waits;

    private boolean linkPaused;
    private boolean goOnPosted;
    /** Whether there are no later tasks for what is held. */
    private boolean loopStopped;
    /** The peer's end that waits behind what is held. */
    private @Nullable InputEnd endHeld;

    private Timer graceTimer = NO_TIMER;
    private Timer giveUpTimer = NO_TIMER;
    private long giveUpAt;
    /** What is to be done once nothing is held, after the link has gone. */
    private @Nullable Runnable whenOver;

    /**
     * An intake that holds nothing.
     *
     * @param budget of all connections of the network
     */
    public Intake(Link link, Inbound inbound, Limits limits, InputBudget budget, Owner owner) {
        this.link = link;
        this.loop = link.loop();
        this.inbound = inbound;
        this.owner = owner;
        graceNanos = Nanos.of(limits.pausedGrace());
        share = budget.share(this::roomAgain);
        patience = new Patience(loop, inbound, budget, share, limits.messageTimeout(), this::giveUp);
        slice = new Slice(loop);
        inbound.goesOnWhile(this::goesOn);
    }

    /**
     * Takes down what the application wants. Any thread.
     *
     * @return whether {@link #resumed} is to be called on the loop
     */
    public boolean wish(Reading wanted) {
        return wish.getAndSet(wanted) == Reading.PAUSED && wanted == Reading.RESUMED;
    }

    /** The application may want messages again. */
    public void resumed() {
        patience.restart();
        goOnLater();
    }

    /** From now on the application cannot pause: what is held goes on as soon as the loop comes to it. */
    public void overrule() {
        overruled = true;
        goOnLater();
        updateLink();
    }

    /** Whether input has arrived that no handler had, though one might still get it. */
    public boolean holdsInput() {
        return !held.isEmpty();
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

    /** Closes the link: with an end of ours only if everything that has come was handled, else with a reset. */
    public void close() {
        if (lost || holdsInput()) {
            link.abort();
        } else {
            link.close();
        }
    }

    /** Leaves the link to linger: with an end of ours only if everything that has come was handled. */
    public void linger() {
        if (lost || holdsInput()) {
            link.reading(Link.Reading.PAUSED);
        }
        link.linger();
    }

    /** Whether the peer's end now would cut off a message. */
    public boolean midMessage() {
        return !deaf && inbound.midMessage();
    }

    /** Takes all of the data. */
    public void read(ByteBuffer data) {
        if (held.isEmpty() && !rests() && !deaf) {
            handOn(data);
        }
        if (deaf) {
            lose(data);
        } else if (data.hasRemaining()) {
            held.add(data);
            goOnLater();
            updateLink();
        }
    }

    /** The peer's end (FIN) has arrived. */
    public void inputClosed(InputEnd end) {
        if (held.isEmpty()) {
            owner.inputEnded(end);
        } else {
            endHeld = end;
            graceTimer = loop.schedule(graceNanos, this::overrule);
        }
    }

    /** Hands on nothing more, and forgets what is held. */
    public void stop() {
        hearNoMore();
        graceTimer.cancel();
        giveUpTimer.cancel();
        if (!stopped) {
            stopped = true;
            inbound.ended();
        }
        Runnable then = whenOver;
        if (then != null) {
            whenOver = null;
            then.run();
        }
    }

    /**
     * The link has gone by itself: hands on what is held, a slice at a time, and then does what is to be done.
     *
     * @param then runs at once if nothing is held
     */
    public void handOnTheLast(Runnable then) {
        overruled = true;
        waits = false;
        whenOver = then;
        if (held.isEmpty()) {
            stop();
        } else {
            goOnLater();
        }
    }

    /** If the link has gone: gives up what is not handed on by this time on the loop's clock, or an earlier one. */
    public void giveUpBy(long deadlineAt) {
        if (whenOver != null && (giveUpTimer == NO_TIMER || deadlineAt - giveUpAt < 0)) {
            giveUpTimer.cancel();
            giveUpAt = deadlineAt;
            giveUpTimer = loop.schedule(Math.max(0, deadlineAt - loop.nanoTime()), this::stop);
        }
    }

    private boolean paused() {
        return wish.get() == Reading.PAUSED && !overruled;
    }

    /** Whether nothing is handed on for now. */
    private boolean rests() {
        return waits || paused();
    }

    /** Asked by {@link Inbound} after each message. */
    private boolean goesOn() {
        return !paused() && (loopStopped || !slice.over());
    }

    private void handOn(ByteBuffer data) {
        slice.begin();
        try {
            inbound.read(data);
            if (!deaf) {
                settle();
            }
        } catch (WireException broken) {
            lost = true;
            hearNoMore();
            owner.inputBroken(String.valueOf(broken.getMessage()));
        }
    }

    /** Accounts for the message that is unfinished now: assembling it takes twice its size. */
    private void settle() {
        if (inbound.midMessage()) {
            patience.arrived();
        }
        long bytes = Math.max(0, 2 * inbound.unfinishedBytes() - OWN_BYTES);
        waits = !share.holds(bytes) && whenOver == null;
    }

    /** There is memory for the message that waits. Any thread. */
    private void roomAgain() {
        try {
            loop.execute(() -> {
                waits = false;
                patience.restart();
                goOnLater();
                updateLink();
            });
        } catch (RejectedExecutionException stopped) {
            // The link's last event follows, and waits for no memory.
        }
    }

    /** The rest of a message does not come, or not soon enough. */
    private void giveUp(String detail) {
        if (rests() || !held.isEmpty()) {
            // It is this end that does not read.
            patience.arrived();
        } else {
            hearNoMore();
            owner.inputBroken(detail);
        }
    }

    private void hearNoMore() {
        deaf = true;
        lost |= !held.isEmpty();
        held.drop();
        inbound.forget();
        patience.stop();
        waits = false;
        share.holds(0);
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
            if (whenOver != null) {
                goOn();
            }
        }
    }

    private void goOn() {
        goOnPosted = false;
        if (held.isEmpty() || rests()) {
            return;
        }
        handOn(held.bytes());
        held.taken();
        updateLink();
        if (held.isEmpty()) {
            caughtUp();
        } else {
            goOnLater();
        }
    }

    private void caughtUp() {
        InputEnd end = endHeld;
        if (end != null) {
            endHeld = null;
            graceTimer.cancel();
            owner.inputEnded(end);
        } else {
            owner.caughtUp();
        }
        if (whenOver != null) {
            stop();
        }
    }

    /** Stops the link while enough is held, or what is held is about to go on: an end of ours must not go out before it. */
    private void updateLink() {
        boolean goesOnSoon = overruled || !rests();
        boolean pauses = !held.isEmpty() && (held.size() >= ENOUGH_HELD || goesOnSoon);
        if (pauses != linkPaused) {
            linkPaused = pauses;
            link.reading(pauses ? Link.Reading.PAUSED : Link.Reading.RESUMED);
        }
    }
}
