/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.loop;

import static java.util.Objects.requireNonNull;

import io.netty.channel.Channel;
import io.softclose.net.netty.base.Log;
import io.softclose.net.netty.socket.Sockets;
import org.jspecify.annotations.Nullable;

/**
 * Closes a channel step by step, and tells its owner once the descriptor is gone. It is made with its owner, so that it
 * needs no memory of its own, and goes step by step: one that fails is taken again in the loop's next turn, and a close
 * that gets stuck is forced. Confined to the loop.
 */
public final class ChannelEnd {
    /** Turns in which the loop does not wait for I/O, because a step is due. After that, it is looked at with each beat. */
    private static final int QUICK_TURNS = 64;
    /** Beats until what a close has left open is closed by force. */
    private static final int PATIENT_BEATS = 2;

    /** How far it is; it goes from one to the next, and never back. */
    private enum Step {
        /** Nothing is asked for. */
        NONE,
        /** The channel is to be made ready. */
        BEGUN,
        /** It is, and has to be closed. */
        READY,
        /** It has been told to close. */
        CLOSING,
        /** It is closed; its descriptor is gone after the next look at I/O. */
        CLOSED,
        /** The owner was told. */
        TOLD
    }

    private final Sockets sockets;
    private final Runnable whenOver;

    private Step step = Step.NONE;
    private @Nullable Channel channel;
    private boolean reset;
    private int turns;
    private int beats;
    private @Nullable ChannelEnd next;

    /**
     * The end of a link's channel, or of the channel of what is left of a link.
     *
     * @param whenOver run once, later than {@link #begin}
     */
    public ChannelEnd(Sockets sockets, Runnable whenOver) {
        this.sockets = sockets;
        this.whenOver = whenOver;
    }

    /**
     * Closes a channel; counts once.
     *
     * @param closing null if there is none
     * @param byReset whether the peer is to see a reset, and no end
     */
    public void begin(All ends, @Nullable Channel closing, boolean byReset) {
        reset |= byReset;
        if (step == Step.NONE) {
            channel = closing;
            step = Step.BEGUN;
            ends.add(this);
            ends.turns.run();
            advanceSafely();
        }
    }

    /** Has the peer see a reset, if it is not too late. */
    public void reset() {
        reset = true;
        if (step == Step.READY && channel != null) {
            sockets.resetOnClose(channel);
        }
    }

    /** The loop ends: nothing comes later. */
    public void force() {
        Channel open = channel;
        if (step != Step.TOLD) {
            if (open != null && open.isOpen()) {
                closeByForce(open);
            }
            tell();
        }
    }

    /** Goes on as far as it can; never throws. */
    private void advanceSafely() {
        try {
            advance();
        } catch (Throwable failed) {
            // It is taken again.
            Log.stepFailed(failed);
        }
    }

    private void advance() {
        // No switch: its table takes memory when it is first used, and is never made if there is none then.
        if (step == Step.BEGUN) {
            makeReady();
        } else if (step == Step.READY) {
            close(requireNonNull(channel, "channel"));
        } else if (step == Step.CLOSING) {
            look(requireNonNull(channel, "channel"));
        } else if (step == Step.CLOSED) {
            tell();
        }
    }

    private void makeReady() {
        Channel open = channel;
        if (open == null || !open.isOpen()) {
            step = Step.CLOSED;
            return;
        }
        if (reset) {
            // First: a close that this does not precede would send an end.
            sockets.resetOnClose(open);
        }
        boolean takesTurn = sockets.forget(open);
        step = Step.READY;
        if (!takesTurn) {
            close(open);
        }
    }

    private void close(Channel open) {
        if (reset) {
            sockets.resetOnClose(open);
        }
        // It is asked once: a channel remembers that, even if it got no further.
        step = Step.CLOSING;
        var unused = open.close();
        if (!open.isOpen()) {
            step = Step.CLOSED;
        }
    }

    private void look(Channel open) {
        if (!open.isOpen()) {
            step = Step.CLOSED;
        } else if (beats >= PATIENT_BEATS) {
            closeByForce(open);
            step = Step.CLOSED;
        }
    }

    private void closeByForce(Channel open) {
        if (reset) {
            sockets.resetOnClose(open);
        }
        open.unsafe().closeForcibly();
    }

    private void tell() {
        step = Step.TOLD;
        channel = null;
        whenOver.run();
    }

    /** All of one loop. Needs no memory. Confined to the loop. */
    static final class All {
        private final Runnable turns;
        private @Nullable ChannelEnd fresh;
        private @Nullable ChannelEnd armed;

        /**
         * The ends of a loop that has none yet.
         *
         * @param turns run when a turn is needed; must not throw
         */
        All(Runnable turns) {
            this.turns = turns;
        }

        private void add(ChannelEnd end) {
            end.next = fresh;
            fresh = end;
        }

        /** The loop is about to look at I/O. */
        void beforeIo() {
            while (fresh != null) {
                ChannelEnd end = fresh;
                fresh = end.next;
                end.next = armed;
                armed = end;
            }
        }

        /**
         * Takes each a step further that was there before the look at I/O.
         *
         * @param beat whether a second has passed since this was last said
         */
        void turn(boolean beat) {
            while (armed != null) {
                ChannelEnd end = armed;
                armed = end.next;
                if (end.step != Step.TOLD) {
                    // Whatever becomes of this step, there is a next one.
                    add(end);
                    end.turns++;
                    end.beats += beat ? 1 : 0;
                    end.advanceSafely();
                }
            }
        }

        /** The loop has ended: nothing comes later. */
        void forceAll() {
            beforeIo();
            for (ChannelEnd end = armed; end != null; end = end.next) {
                end.force();
            }
            armed = null;
        }

        /** Whether one has a step to take in the loop's next turn. */
        boolean due() {
            return due(fresh) || due(armed);
        }

        private static boolean due(@Nullable ChannelEnd first) {
            for (ChannelEnd end = first; end != null; end = end.next) {
                if (end.turns < QUICK_TURNS && end.step != Step.TOLD) {
                    return true;
                }
            }
            return false;
        }
    }
}
