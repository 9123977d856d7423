/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.connection;

import static java.util.Objects.requireNonNull;

import io.softclose.net.spi.InputEnd;
import org.jspecify.annotations.Nullable;

/**
 * The link is gone. What it brought is handed on, every message gets its outcome, and the {@link Conclusion} is drawn.
 * Made with the connection, for there may be no memory when the link goes. Loop only.
 */
final class Gone implements Phase {
    private final Parts parts;

    private @Nullable Phase before;
    private @Nullable Throwable cause;
    private @Nullable Ending ending;

    Gone(Parts parts) {
        this.parts = parts;
    }

    /**
     * Follows this phase.
     *
     * @param why the link is gone, if not by our doing
     */
    Gone after(Phase last, @Nullable Throwable why) {
        before = last;
        cause = why;
        return this;
    }

    /** Stops what waits for something. */
    void stop() {
        ending = requireNonNull(before, "before").linkGone(cause);
    }

    /** How the connection ended, once all that had arrived was handed on. */
    Ended ended() {
        return requireNonNull(ending, "ending").ended(cause);
    }

    /** What is not handed on by a close's deadline is given up. */
    void keepDeadline() {
        if (before instanceof Closing closing) {
            parts.intake().giveUpBy(closing.deadlineAt());
        }
    }

    @Override
    public void advance() {
        parts.writer().endLateArrivals();
    }

    @Override
    public void peerEnded(InputEnd end) {
        if (before instanceof Closing closing) {
            closing.peerEnded(end);
        }
    }

    @Override
    public void close(CloseOrder order) {
        parts.intake().giveUpBy(order.deadlineAt());
    }

    @Override
    public void abort(long calledAt) {
        parts.intake().stop();
    }

    @Override
    public Leaving failed(Throwable thrown) {
        throw new IllegalStateException("link: gone (expected: one to abort)", thrown);
    }

    @Override
    public Ending linkGone(@Nullable Throwable again) {
        throw new IllegalStateException("link: gone already", again);
    }
}
