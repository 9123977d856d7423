/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.base;

import org.jspecify.annotations.Nullable;

/**
 * What leaves its loop: its key is cancelled, and the loop's next selection lets go of its channel. Only then can the
 * channel be closed in one step: the JDK ends the output of one that is registered first, whatever is unread. Confined to
 * the loop.
 */
public abstract class Departing {
    /** The next to leave; a link of the list itself, so that leaving needs no memory. */
    @Nullable
    Departing nextToLeave;

    /** The loop has let go of the channel. */
    public abstract void departed();
}
