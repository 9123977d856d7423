/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.connection;

import io.softclose.net.CloseEnding;
import io.softclose.net.DisconnectReason;
import io.softclose.net.NetworkException;
import io.softclose.net.log.Log;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a connection ended, as its report will say.
 *
 * @param reason why it closed
 * @param startedAt when the close was asked for, or the end began without one, on the loop's clock
 * @param ending in one word
 * @param detail in one sentence
 * @param error what failed, if something did
 */
record Ended(DisconnectReason reason, long startedAt, CloseEnding ending, String detail, Optional<Throwable> error) {
    /** Something threw that should not have. */
    static Ended failed(DisconnectReason reason, long startedAt, Throwable thrown) {
        String detail = thrown instanceof NetworkException told
                ? String.valueOf(told.getMessage())
                : "an unexpected failure: " + Log.text(thrown);
        return new Ended(reason, startedAt, CloseEnding.ERROR, detail, Optional.of(thrown));
    }

    /** The same, with more to say. */
    Ended adding(String more) {
        return new Ended(reason, startedAt, ending, detail + more, error);
    }

    /** The link went without our doing. */
    static Ended linkLost(DisconnectReason reason, long startedAt, @Nullable Throwable cause) {
        String detail = cause == null ? "the transport closed the link" : "the link failed: " + Log.text(cause);
        return new Ended(reason, startedAt, CloseEnding.ERROR, detail, Optional.ofNullable(cause));
    }
}
