/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.connection;

import io.softclose.net.CloseEnding;
import io.softclose.net.engine.stream.Writer.Progress;
import io.softclose.net.spi.CloseDecision.Parting;

/**
 * How a close parts from the peer, once nothing more will start: it flushes, says our end, and reads on until the peer's.
 * What a layer or an extension has to say last belongs here, between flushing and our end. Loop only.
 */
final class Farewell {
    private enum Step {
        /** Writing what has started. */
        FLUSHING,
        /** All is with the operating system; our end waits until what has arrived is handled. */
        HOLDING_OUR_END,
        /** Our end is out. */
        READING_ON,
        OVER
    }

    /** Ends the close. */
    interface Ender {
        /**
         * Ends it.
         *
         * @param leave what becomes of the link
         */
        void end(CloseEnding ending, String detail, Runnable leave);
    }

    private static final String HANDLING = "handling what the peer had sent";

    private final Parts parts;
    private final Parting parting;
    private final Ender ender;
    private Step step = Step.FLUSHING;
    private boolean peersEnd;

    Farewell(Parts parts, Parting parting, Ender ender) {
        this.parts = parts;
        this.parting = parting;
        this.ender = ender;
    }

    /**
     * Goes as far as it can.
     *
     * @param peerEnded whether the peer's end has come
     */
    void advance(boolean peerEnded) {
        parts.writer().endLateArrivals();
        peersEnd = peerEnded;
        confirm();
        if (step.compareTo(Step.READING_ON) >= 0) {
            return;
        }
        if (parts.flush() == Progress.IDLE) {
            step = Step.HOLDING_OUR_END;
            sayOurEnd(peerEnded);
        }
    }

    /** The peer's end has come. */
    void peerEnded() {
        peersEnd = true;
        confirm();
    }

    /** The peer's end follows ours; it is clean once all that came before the peer's has been handled, if that was all. */
    private void confirm() {
        if (step != Step.READING_ON || !peersEnd || parts.intake().holdsInput()) {
            return;
        }
        if (parts.intake().lostInput()) {
            endUnconfirmed("both ends have ended, but input of the peer's was lost", parts.intake()::close);
        } else {
            end(CloseEnding.CLEAN, "both ends have ended", parts.intake()::close);
        }
    }

    /** Whether everything that was to go is with the operating system. */
    boolean flushed() {
        return step != Step.FLUSHING;
    }

    /** What it is about, for the report of a close that runs out of time. */
    String activity() {
        return switch (step) {
            case FLUSHING -> "flushing";
            case HOLDING_OUR_END -> HANDLING;
            case READING_ON, OVER -> peersEnd ? HANDLING : "waiting for the peer's end";
        };
    }

    private void sayOurEnd(boolean peerEnded) {
        if (parting == Parting.AT_ONCE) {
            endUnconfirmed("the policy closed without waiting for the peer's end", parts.intake()::close);
        } else if (parts.intake().lostInput() && !parts.intake().holdsInput()) {
            endUnconfirmed("input of the peer's was lost, so that our end cannot go out", parts.intake()::linger);
        } else if (parts.intake().shutdownOutput()) {
            step = Step.READING_ON;
            if (peerEnded) {
                endUnconfirmed("the peer had ended before us", parts.intake()::close);
            }
        }
    }

    /** Ends without the peer's word. That is still clean if nothing was written that it could have missed. */
    private void endUnconfirmed(String detail, Runnable leave) {
        end(parts.book().written() == 0 ? CloseEnding.CLEAN : CloseEnding.UNCONFIRMED, detail, leave);
    }

    private void end(CloseEnding ending, String detail, Runnable leave) {
        step = Step.OVER;
        ender.end(ending, detail, leave);
    }
}
