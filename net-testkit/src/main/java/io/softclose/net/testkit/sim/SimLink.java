/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim;

import io.softclose.net.spi.Link;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection in the simulation: a link for its owner, and for a test a place to break it. It watches its
 * owner: a call off the loop, a write too early or too late, bytes changed before they were flushed, a buffer released too
 * early or not at all. All this is noted, and {@link SimNetwork#verify} fails with it.
 */
public interface SimLink extends Link {
    /** The other end, once it exists: when a dial has reached its listener. */
    @SuppressWarnings("exports") // jspecify is needed to compile, not to run
    @Nullable
    SimLink peer();

    /** Whether the handler knows that it is up, and not that it is gone. */
    boolean isOpen();

    /** Whether the handler has had its last event. */
    boolean isClosed();

    /** Breaks the connection: both kernels see a reset at once, and what was on the way is gone. */
    void cut();

    /** Breaks the connection as {@link #cut} does, when this many more bytes of this end have arrived. */
    void cutAfter(long bytes);

    /**
     * Cuts off what this end sends, when this many more bytes of it have arrived: there the other end finds an end that this
     * one never sent, as of a relay that closes. What follows arrives nowhere, and this end does not notice.
     */
    void forgeEndAfter(long bytes);

    /** From now on nothing that this end sends arrives: the other end is half open. */
    void vanish();
}
