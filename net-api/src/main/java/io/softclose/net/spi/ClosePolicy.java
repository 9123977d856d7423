/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.spi;

import io.softclose.net.DisconnectReason;
import io.softclose.net.Limits;

/**
 * Decides what becomes of the queued messages when a connection closes, and how messages are sorted into lanes before.
 *
 * <p>A policy is a pure decision: its answers depend on its settings and its arguments alone. It has no clock, no I/O, no
 * mutable state and no threads; one instance serves every connection, from any thread. The engine measures time, asks
 * again on each event, and enforces the deadline whatever the policy says. A policy that throws, or answers null, ends
 * the close: what has not left is UNSENT, and the report carries the exception.
 */
public interface ClosePolicy {
    /** The name it is chosen and reported by. */
    String name();

    /**
     * The lanes of every connection of a network, asked once when the network is built. By default one lane within the
     * limits.
     *
     * @param limits the network's limits, whose outbox bounds a lane takes unless the policy has its own
     */
    default LanePlan lanes(Limits limits) {
        return LanePlan.single(limits);
    }

    /**
     * The frame of a close, asked once when it starts. Not asked for reasons that leave nothing to drain.
     *
     * @param reason why the connection closes
     */
    ClosePlan plan(DisconnectReason reason);

    /** What to do next, asked when the close has started and after each event that changes the snapshot. */
    CloseDecision decide(CloseSnapshot snapshot);
}
