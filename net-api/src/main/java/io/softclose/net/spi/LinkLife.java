/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.spi;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The life of one link, for whoever writes a transport or a layer: which state it is in, who its handler is, and what that
 * may be told. Every event goes through here, so that the handler is told in order, nothing before {@link #connected},
 * nothing but its end after {@link #leave}, and its end exactly once. A handler that throws is {@linkplain GuardedHandler
 * guarded}.
 *
 * <p>What leaving does to a socket, and when the handler hears of it, is the link's own: it calls {@link #closed} in a later
 * task of its loop. On that loop only.
 */
public final class LinkLife {
    private enum State {
        /** Dialling, or accepted and not told yet. To OPEN when it is connected, to CLOSING by any end before that. */
        OPENING,
        /** The handler knows of it, and is told what happens. To CLOSING when the link is closed, aborted or has failed. */
        OPEN,
        /** Nothing is told but the end, which is about to be. To CLOSED by that. */
        CLOSING,
        /** The handler was told. */
        CLOSED
    }

    private final Consumer<Throwable> failed;
    private State state = State.OPENING;
    private @Nullable LinkHandler handler;
    private @Nullable Throwable cause;

    /**
     * The life of a link that is about to open.
     *
     * @param failed told what an event of the handler threw: aborts the link and logs; must not throw
     */
    public LinkLife(Consumer<Throwable> failed) {
        this.failed = requireNonNull(failed, "failed");
    }

    /**
     * Whom events are told from now on. If the link is closed already, that is told at once, so an acceptor may close the
     * link that it is asked about.
     *
     * @throws IllegalStateException if somebody was named before
     */
    public void handledBy(LinkHandler given) {
        if (handler != null) {
            throw new IllegalStateException("handler: given twice (expected: once)");
        }
        handler = requireNonNull(given, "handler");
        try {
            handler = new GuardedHandler(given, failed);
        } finally {
            // Even if there is no memory for a guard.
            if (state == State.CLOSED) {
                handler.onClosed(cause);
            }
        }
    }

    /** Whether the link may still come up. */
    public boolean isOpening() {
        return state == State.OPENING;
    }

    /** Whether the link is up, so that calls of its owner's do something and events are told. */
    public boolean isOpen() {
        return state == State.OPEN;
    }

    /** Whether the end was told, or would have been if there were a handler. */
    public boolean isClosed() {
        return state == State.CLOSED;
    }

    /** The link is up: opens it and tells {@link LinkHandler#onConnected}. Does nothing unless it is opening. */
    public void connected() {
        if (state == State.OPENING) {
            LinkHandler told = requireNonNull(handler, "handler");
            state = State.OPEN;
            told.onConnected();
        }
    }

    /** Tells {@link LinkHandler#onRead} on an open link. */
    public void read(ByteBuffer data) {
        if (state == State.OPEN) {
            requireNonNull(handler, "handler").onRead(data);
        }
    }

    /** Tells {@link LinkHandler#onWritable} on an open link. */
    public void writable() {
        if (state == State.OPEN) {
            requireNonNull(handler, "handler").onWritable();
        }
    }

    /** Tells {@link LinkHandler#onInputClosed} on an open link. */
    public void inputClosed(InputEnd end) {
        if (state == State.OPEN) {
            requireNonNull(handler, "handler").onInputClosed(end);
        }
    }

    /**
     * The link ends, by a call or a failure; only the first counts. Whoever was answered true lets go of what is below and
     * sees to it that {@link #closed} follows, as a later task.
     *
     * @param failure what {@link LinkHandler#onClosed} will be told; null if the link was closed or aborted from this end
     * @return whether this is what ends it; false if it is closing or closed
     */
    @SuppressWarnings("exports") // jspecify is needed to compile, not to run
    public boolean leave(@Nullable Throwable failure) {
        if (state == State.CLOSING || state == State.CLOSED) {
            return false;
        }
        state = State.CLOSING;
        cause = failure;
        return true;
    }

    /**
     * What is below is gone: tells {@link LinkHandler#onClosed}, unless no handler was ever named or it was told before.
     *
     * @throws IllegalStateException if nobody has left the link
     */
    public void closed() {
        if (state == State.OPENING || state == State.OPEN) {
            throw new IllegalStateException("state: " + state + " (expected: left before it is closed)");
        }
        if (state == State.CLOSING) {
            state = State.CLOSED;
            if (handler != null) {
                handler.onClosed(cause);
            }
        }
    }

    /** Its state. */
    @Override
    public String toString() {
        return state.toString();
    }
}
