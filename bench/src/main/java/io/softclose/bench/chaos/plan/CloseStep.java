/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.chaos.plan;

import io.softclose.net.DisconnectReason;

/**
 * When and how an end closes its connection.
 *
 * @param amount milliseconds or messages, as the moment says
 * @param reason for what is not a shutdown or an abort
 * @param deadlineMillis for what has a deadline of its own
 * @param againAfterMillis closes once more so much later, within as much time; 0: once is enough
 */
public record CloseStep(
        Moment moment, int amount, Manner manner, DisconnectReason reason, int deadlineMillis, int againAfterMillis) {
    /** A moment of a connection's life. */
    public enum Moment {
        /** So many milliseconds after it opened. */
        TIME,
        /** When everything was offered. */
        SENT,
        /** In the handler of the message that makes so many. */
        HANDLED
    }

    /** A way to close. */
    public enum Manner {
        /** Within the time that the policy takes. */
        FULL,
        /** Within a time of its own. */
        WITHIN,
        /** Shuts the whole network down. */
        SHUTDOWN,
        /** Resets. */
        ABORT
    }
}
