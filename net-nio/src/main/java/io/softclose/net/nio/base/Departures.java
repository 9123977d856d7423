/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.base;

import static java.lang.System.Logger.Level.ERROR;

import org.jspecify.annotations.Nullable;

/** What leaves a loop and waits for a selection to let go of its channel. Confined to the loop. */
public final class Departures {
    private static final SafeLogger LOG = SafeLogger.ofModule();

    private @Nullable Departing first;
    private @Nullable Departing last;

    public void add(Departing leaver) {
        if (last == null) {
            first = leaver;
        } else {
            last.nextToLeave = leaver;
        }
        last = leaver;
    }

    public boolean isEmpty() {
        return first == null;
    }

    /** Tells those that a selection has let go of. */
    public void tell() {
        // What leaves during these callbacks waits for the next selection.
        Departing lastToTell = last;
        for (Departing next = first; next != null; next = first) {
            first = next.nextToLeave;
            next.nextToLeave = null;
            if (first == null) {
                last = null;
            }
            tell(next);
            if (next == lastToTell) {
                return;
            }
        }
    }

    private static void tell(Departing gone) {
        try {
            gone.departed();
        } catch (Throwable failed) {
            LOG.log(ERROR, "closing a channel failed", failed);
        }
    }
}
