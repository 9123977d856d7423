/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.inbox;

import io.softclose.net.Message;
import io.softclose.net.ProtocolId;
import java.util.ArrayDeque;

/** The messages of one protocol on their way to its handler, one after the other. {@link Inbox} keeps the order. */
abstract class HandlerLine {
    final Inbox inbox;
    final ProtocolId protocol;

    // Guarded by the inbox.
    final ArrayDeque<Message> waiting = new ArrayDeque<>();
    /** Whether somebody takes its messages, or is about to. */
    boolean atWork;

    HandlerLine(Inbox inbox, ProtocolId protocol) {
        this.inbox = inbox;
        this.protocol = protocol;
    }

    /** Has its messages taken, now that it counts as being at work. Loop only; does not throw. */
    abstract void start();
}
