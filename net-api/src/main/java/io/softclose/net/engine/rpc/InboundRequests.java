/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.rpc;

import static java.util.Objects.requireNonNull;

import io.softclose.net.AsyncRequestHandler;
import io.softclose.net.Connection;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.NetworkException;
import io.softclose.net.ProtocolId;
import io.softclose.net.RequestAccount;
import io.softclose.net.SendResult;
import io.softclose.net.engine.Callbacks;
import io.softclose.net.engine.Nanos;
import io.softclose.net.engine.inbox.Inbox;
import io.softclose.net.engine.outbox.Envelope;
import io.softclose.net.engine.outbox.Outbox;
import io.softclose.net.engine.outbox.Rpc;
import io.softclose.net.engine.stream.Writer;
import io.softclose.net.log.Log;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.LosslessQueue;
import io.softclose.net.spi.Scheduler.Timer;
import io.softclose.net.wire.NetworkMessage.RpcRequest;
import io.softclose.net.wire.RpcHead;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The peer's requests that are owed an answer, from their arrival until their answers wait in a lane. An answer that finds
 * its lane full waits here, and is tried again. A request is in the {@link Inbox} until its handler's stage has completed and
 * its answer waits here no more: it may have timed out long before. Loop only; handlers' stages complete on any thread.
 */
final class InboundRequests {
    private static final Timer NO_TIMER = () -> {};

    /** A request that is owed an answer, which takes what its handler's stage completes with. */
    private final class Owed implements BiConsumer<@Nullable Message, @Nullable Throwable> {
        final Message message;
        final long id;
        final long deadlineAt;
        final boolean ahead;
        /** Some stages complete more than once, and a handler may throw although its stage does complete. */
        private final AtomicBoolean handled = new AtomicBoolean();

        Owed(RpcRequest received, long deadlineAt, boolean ahead) {
            message = Message.of(received.protocolId(), received.priority(), received.rawRequest());
            id = received.requestId();
            this.deadlineAt = deadlineAt;
            this.ahead = ahead;
        }

        ProtocolId protocol() {
            return message.protocol();
        }

        /** Any thread, and within whatever completes the stage: nothing of ours may throw there. */
        @Override
        public void accept(@Nullable Message answer, @Nullable Throwable failure) {
            if (!handled.getAndSet(true)) {
                given(this, new Given(answer, failure));
            }
        }
    }

    /** What a handler's stage completed with. */
    private record Given(@Nullable Message answer, @Nullable Throwable failure) {}

    /** An answer that waits for room. */
    private record Ready(Owed request, Message answer) {}

    private final Inbox inbox;
    private final EventLoop loop;
    private final Callbacks callbacks;
    private final Outbox outbox;
    private final Writer writer;
    private final Runnable changed;
    private final int most;
    private final long timeoutNanos;

    /** In the order of their arrival, which is that of their deadlines. */
    private final Set<Owed> owed = new LinkedHashSet<>(0);

    private final LosslessQueue<Ready> ready = new LosslessQueue<>();
    private Timer timer = NO_TIMER;
    private boolean timerRuns;

    /** The request whose handler is being called, and what it answers before it returns. */
    private @Nullable Owed asking;

    private @Nullable Given givenAtOnce;

    private long answeredAhead;

    /** What became of requests. Written by the loop, read by any thread. */
    private final AtomicLongArray counts = new AtomicLongArray(Count.values().length);

    private enum Count {
        ANSWERED,
        TIMED_OUT,
        FAILED,
        CUT_OFF,
        TURNED_AWAY
    }

    /**
     * None yet.
     *
     * @param inbox has them while their handlers do
     * @param changed run when one is owed no more
     */
    InboundRequests(Inbox inbox, Outbox outbox, Writer writer, Limits limits, Runnable changed) {
        this.inbox = inbox;
        this.outbox = outbox;
        this.writer = writer;
        loop = inbox.loop();
        callbacks = inbox.callbacks();
        this.changed = changed;
        most = limits.maxInboundRequests();
        timeoutNanos = Nanos.of(limits.inboundRequestTimeout());
    }

    /**
     * A request has come: has it answered, if an answer may go.
     *
     * @param ahead whether the answer goes before all lanes
     */
    void received(RpcRequest request, AsyncRequestHandler handler, boolean ahead) {
        if (outbox.adoptionEnded() || owed.size() >= most) {
            add(Count.TURNED_AWAY, 1);
            return;
        }
        Owed received = new Owed(request, loop.nanoTime() + timeoutNanos, ahead);
        owed.add(received);
        if (!timerRuns) {
            armTimer(timeoutNanos);
        }
        ask(received, handler);
    }

    private void ask(Owed request, AsyncRequestHandler handler) {
        Given atOnce;
        asking = request;
        inbox.enter(request.message);
        try {
            callbacks.request(handler, request.message, request);
        } finally {
            asking = null;
            atOnce = givenAtOnce;
            givenAtOnce = null;
        }
        if (atOnce != null) {
            settle(request, atOnce);
        }
    }

    /** A handler's stage has completed. Any thread. */
    private void given(Owed request, Given given) {
        if (loop.inEventLoop() && asking == request) {
            givenAtOnce = given;
            return;
        }
        boolean comes = false;
        try {
            loop.execute(() -> settle(request, given));
            comes = true;
        } catch (RejectedExecutionException stopped) {
            Log.log(Level.DEBUG, "an answer comes after the end of its link: {0}", stopped);
        } finally {
            if (!comes) {
                inbox.done(request.message);
            }
        }
    }

    private void settle(Owed request, Given given) {
        // Otherwise it is too late, and was counted when it became so.
        if (owed.contains(request)) {
            Message answer = given.answer;
            if (answer == null) {
                failed(request, reason(given.failure));
            } else if (!adopt(request, answer)) {
                ready.add(new Ready(request, answer));
                return;
            }
        }
        inbox.done(request.message);
    }

    private static Throwable reason(@Nullable Throwable failure) {
        if (failure == null) {
            return new NullPointerException("the answer is null");
        }
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    /** It gets no answer, for this reason. */
    private void failed(Owed request, Throwable why) {
        owed.remove(request);
        add(Count.FAILED, 1);
        callbacks.requestFailed(request.protocol(), why);
        changed.run();
    }

    /**
     * Puts an answer into its lane; false if it has to wait for room there. One that cannot even be sorted into a lane, by
     * a policy's classifier that throws, is the end of this answer, as it is of a send.
     */
    private boolean adopt(Owed request, Message answer) {
        SendResult result;
        try {
            RpcHead head = new RpcHead.Response(request.id, answer.priority());
            if (goesAhead(request, answer)) {
                return answerAhead(request, AheadFrames.of(head, answer));
            }
            result = outbox.adopt(Envelope.of(answer, null, new Rpc(head), loop.nanoTime()));
        } catch (Throwable thrown) {
            failed(request, thrown);
            return true;
        }
        if (result == SendResult.OUTBOX_FULL) {
            return false;
        }
        if (result == SendResult.TOO_LARGE) {
            failed(request, new NetworkException("the answer " + answer + " is longer than can be sent"));
            return true;
        }
        owed.remove(request);
        if (result == SendResult.ACCEPTED) {
            add(Count.ANSWERED, 1);
        } else {
            add(Count.CUT_OFF, 1);
        }
        changed.run();
        return true;
    }

    private boolean goesAhead(Owed request, Message answer) {
        return request.ahead && answer.size() <= Connection.MAX_PROBE_BYTES && !outbox.adoptionEnded();
    }

    /** Puts an answer before all lanes; false if as many as may are there. */
    private boolean answerAhead(Owed request, ByteBuffer frame) {
        if (!writer.control(frame)) {
            return false;
        }
        outbox.wake();
        owed.remove(request);
        answeredAhead++;
        changed.run();
        return true;
    }

    /** There may be room for answers that wait. To try without looking would wake the loop, and it would try again. */
    void advance() {
        for (int left = ready.size(); left > 0; left--) {
            Ready next = requireNonNull(ready.poll(), "next");
            boolean tries = next.request.ahead || outbox.adoptionEnded() || mayFit(next.answer);
            if (tries && adopt(next.request, next.answer)) {
                inbox.done(next.request.message);
            } else {
                ready.add(next);
            }
        }
    }

    /** Whether to try; what has no lane at all is found out by trying. */
    private boolean mayFit(Message answer) {
        try {
            return outbox.hasRoom(answer);
        } catch (Throwable unsorted) {
            return true;
        }
    }

    /** The link is gone. */
    void end() {
        timer.cancel();
        add(Count.CUT_OFF, owed.size());
        owed.clear();
        giveUpLate();
    }

    /** What is not owed any more waits for no room: the peer must not decide how many answers wait. */
    private void giveUpLate() {
        for (int left = ready.size(); left > 0; left--) {
            Ready next = requireNonNull(ready.poll(), "next");
            if (owed.contains(next.request)) {
                ready.add(next);
            } else {
                inbox.done(next.request.message);
            }
        }
    }

    /** How many answers are owed that are not in a lane yet. */
    int owed() {
        return owed.size();
    }

    /** How many were answered before all lanes; they are not in the account. */
    long answeredAhead() {
        return answeredAhead;
    }

    /** Any thread. */
    RequestAccount.Received account() {
        return new RequestAccount.Received(
                get(Count.ANSWERED),
                get(Count.TIMED_OUT),
                get(Count.FAILED),
                get(Count.CUT_OFF),
                get(Count.TURNED_AWAY));
    }

    @SuppressWarnings("EnumOrdinal") // an index into an array of this run, kept nowhere
    private void add(Count what, int more) {
        counts.setRelease(what.ordinal(), counts.getPlain(what.ordinal()) + more);
    }

    @SuppressWarnings("EnumOrdinal") // as above
    private long get(Count what) {
        return counts.getAcquire(what.ordinal());
    }

    private void armTimer(long delayNanos) {
        timer = loop.schedule(delayNanos, this::look);
        timerRuns = true;
    }

    /** Gives up what has been owed for too long, and looks again when the next will have been. */
    private void look() {
        timerRuns = false;
        long now = loop.nanoTime();
        Iterator<Owed> oldestFirst = owed.iterator();
        while (oldestFirst.hasNext()) {
            Owed next = oldestFirst.next();
            if (now - next.deadlineAt < 0) {
                armTimer(next.deadlineAt - now);
                break;
            }
            oldestFirst.remove();
            add(Count.TIMED_OUT, 1);
        }
        giveUpLate();
        changed.run();
    }
}
