/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.inbox;

import io.softclose.net.Message;
import io.softclose.net.ProtocolId;
import io.softclose.net.engine.Handling;
import io.softclose.net.spi.LosslessQueue;

/** The messages of one protocol on their way to its handler, one after the other. {@link Inbox} keeps the order. */
abstract class HandlerLine {
    final Inbox inbox;
    final ProtocolId protocol;

    // Guarded by the inbox.
    final LosslessQueue<Message> waiting = new LosslessQueue<>();
    /** Whether somebody takes its messages, or is about to. */
    boolean atWork;
    /** Whether somebody takes them now, where more may be about to than one. */
    boolean begun;

    HandlerLine(Inbox inbox, ProtocolId protocol) {
        this.inbox = inbox;
        this.protocol = protocol;
    }

    /** An empty one, for handlers off the loop. */
    static HandlerLine of(Inbox inbox, ProtocolId protocol, Handling handling) {
        if (handling instanceof Handling.OnExecutor onExecutor) {
            return new ExecutorLine(inbox, protocol, onExecutor);
        }
        if (handling instanceof Handling.InStages inStages) {
            return new StageLine(inbox, protocol, inStages);
        }
        throw new IllegalArgumentException("handling: " + handling + " (expected: one off the loop)");
    }

    /** Has its messages taken, now that it counts as being at work. Loop only; does not throw. */
    abstract void start();
}
