/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.inbox;

import static java.util.Objects.requireNonNull;

import io.softclose.net.AsyncMessageHandler;
import io.softclose.net.Message;
import io.softclose.net.ProtocolId;
import io.softclose.net.engine.Handling;
import io.softclose.net.engine.Slice;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Hands messages to a handler that returns stages: the next one on the loop, once the stage of the last is complete. */
final class StageLine extends HandlerLine {
    private final AsyncMessageHandler handler;

    // Confined to the loop.
    private final Slice slice;

    StageLine(Inbox inbox, ProtocolId protocol, Handling.InStages handling) {
        super(inbox, protocol);
        handler = handling.handler();
        slice = new Slice(inbox.loop());
    }

    @Override
    void start() {
        slice.begin();
        for (Message next = inbox.take(this); next != null; next = inbox.take(this)) {
            Call call = new Call(next);
            call.make();
            if (call.goesOnLater()) {
                return;
            }
            if (slice.over() && inbox.waits(this)) {
                inbox.onLoop(this::start);
                return;
            }
        }
    }

    /** How far a call has come. */
    private enum Progress {
        /** It is being made. */
        CALLING,
        /** It has returned, and the line goes on when its stage completes. */
        UNDER_WAY,
        OVER
    }

    /** The handling of one message. Stages complete on any thread, some of them more than once. */
    private final class Call implements BiConsumer<@Nullable Object, @Nullable Throwable> {
        private final Message message;
        private final AtomicReference<Progress> progress = new AtomicReference<>(Progress.CALLING);

        Call(Message message) {
            this.message = message;
        }

        void make() {
            try {
                CompletionStage<?> stage =
                        requireNonNull(handler.onMessage(inbox.connection(), message), "onMessage() answered null");
                // What this stage completes with is told by its argument, also if the handler's own never does.
                var unused = stage.whenComplete(this);
            } catch (Throwable failure) {
                accept(null, failure);
            }
        }

        /** Whether the line must wait for it. */
        boolean goesOnLater() {
            return progress.compareAndSet(Progress.CALLING, Progress.UNDER_WAY);
        }

        @Override
        public void accept(@Nullable Object value, @Nullable Throwable failure) {
            Progress before = progress.getAndSet(Progress.OVER);
            if (before == Progress.OVER) {
                return;
            }
            if (failure != null) {
                inbox.failed(
                        protocol,
                        failure instanceof CompletionException && failure.getCause() != null
                                ? failure.getCause()
                                : failure);
            }
            inbox.done(message);
            if (before == Progress.UNDER_WAY) {
                inbox.onLoop(StageLine.this::start);
            }
        }
    }
}
