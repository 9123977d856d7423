/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.connection;

import io.softclose.net.spi.InputEnd;
import org.jspecify.annotations.Nullable;

/**
 * A time of a connection's life. It takes what happens as it means it then, and leads on to the next:
 *
 * <pre>
 * Opening ──▶ Open ──▶ Closing
 *    └──────────┴─────────┴──▶ Leaving
 * </pre>
 *
 * <p>and from each of these to Gone, when the link goes: after Closing and Leaving by our doing, or because it failed.
 *
 * <p>The default methods do nothing, for phases that have no use for the event. Loop only.
 */
sealed interface Phase permits Unclosed, Closing, Leaving, Gone {
    /** Does what there is to do: something can be written, has arrived in a lane, or a timer has fired. */
    void advance();

    /** Whether something has arrived in the lanes that only {@link #advance} deals with. */
    default boolean arrivalPending() {
        return false;
    }

    /** The peer's end has come, and everything before it was handed on. */
    default void peerEnded(InputEnd end) {}

    /** The peer's frames cannot be told apart any more, or do not come. */
    default void inputBroken() {}

    /** The peer has taken nothing for longer than it may. */
    default void writeStalled(String detail) {}

    /** The application, or the network, wants it closed. */
    default void close(CloseOrder order) {}

    /**
     * The application wants it ended at once.
     *
     * @param calledAt when it said so, on the loop's clock
     */
    default void abort(long calledAt) {}

    /** The engine or the link threw what it should not have; the link has been aborted. */
    Leaving failed(Throwable thrown);

    /**
     * The link is gone: stops what waits for something.
     *
     * @param cause why, if not by our doing
     * @return who knows how the connection ended
     */
    Ending linkGone(@Nullable Throwable cause);

    /** Knows how a connection ended, once all that had arrived was handed on. */
    @FunctionalInterface
    interface Ending {
        Ended ended(@Nullable Throwable linkFailure);
    }

    /** Where the phases lead: the engine. */
    interface Life {
        /** The connection's work, at once. */
        void work();

        /** The handshake is complete. */
        void opened(Handshaker handshaker);

        /**
         * A close begins.
         *
         * @param peersEnd that has come; null if none has
         */
        void begin(CloseOrder order, @Nullable InputEnd peersEnd);

        /** Whether there is another connection to the peer, which stays. */
        boolean replaced();

        /** The connection ends without a close; whether what has arrived is still handed on is the caller's to say. */
        void leave(Ended how);
    }
}
