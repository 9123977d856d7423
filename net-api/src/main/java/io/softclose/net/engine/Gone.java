/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * The link is gone. What it brought is handed on, every message gets its outcome, and the {@link Conclusion} is drawn.
 * Loop only.
 */
final class Gone implements Phase {
    private final Phase before;
    private final @Nullable Throwable cause;
    private final Parts parts;

    private @Nullable Ending ending;

    /**
     * After this phase.
     *
     * @param cause why the link is gone, if not by our doing
     */
    Gone(Phase before, @Nullable Throwable cause, Parts parts) {
        this.before = before;
        this.cause = cause;
        this.parts = parts;
    }

    /** Stops what waits for something. */
    void stop() {
        ending = before.linkGone(cause);
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
    public void peerEnded() {
        if (before instanceof Closing closing) {
            closing.peerEnded();
        }
    }

    @Override
    public void close(CloseOrder order) {
        parts.intake().giveUpBy(order.deadlineAt());
    }

    @Override
    public void abort() {
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
