/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.inbox;

import io.softclose.net.Message;
import io.softclose.net.MessageHandler;
import io.softclose.net.ProtocolId;
import io.softclose.net.engine.Handling;
import io.softclose.net.engine.Slice;
import java.util.concurrent.Executor;

/**
 * Handles messages in tasks of an executor. One task works at a time, so the order is that of the messages; it goes on
 * while there are some, but not for longer than a {@link Slice}: then another task follows, behind what else waits there. An
 * executor may throw and run the task all the same, as thread pools do that find no memory for a thread: what is one too many
 * finds another at work, or nothing to do.
 */
final class ExecutorLine extends HandlerLine implements Runnable {
    private final MessageHandler handler;
    private final Executor executor;
    /** Of the task at work. */
    private final Slice slice;

    // Confined to the loop.
    private boolean refused;

    ExecutorLine(Inbox inbox, ProtocolId protocol, Handling.OnExecutor handling) {
        super(inbox, protocol);
        handler = handling.handler();
        executor = handling.executor();
        slice = new Slice(inbox.loop());
    }

    @Override
    void start() {
        try {
            executor.execute(this);
            refused = false;
        } catch (Throwable refusal) {
            boolean first = !refused;
            refused = true;
            inbox.refused(this, refusal, first);
        }
    }

    /** Handles messages, in a task of the executor. */
    @Override
    public void run() {
        if (!inbox.begin(this)) {
            return;
        }
        slice.begin();
        for (Message next = inbox.take(this); next != null; next = inbox.take(this)) {
            try {
                handler.onMessage(inbox.connection(), next);
            } catch (Throwable failure) {
                inbox.failed(protocol, failure);
            }
            inbox.done(next);
            if (slice.over() && inbox.waits(this) && comesAgain()) {
                return;
            }
        }
    }

    /** Whether another task goes on. If the executor takes none, this one does: nothing may be left behind. */
    private boolean comesAgain() {
        inbox.giveWay(this);
        try {
            executor.execute(this);
            return true;
        } catch (Throwable refusal) {
            return !inbox.begin(this);
        }
    }
}
