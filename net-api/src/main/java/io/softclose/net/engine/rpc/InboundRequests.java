/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.rpc;

import io.softclose.net.AsyncRequestHandler;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.NetworkException;
import io.softclose.net.ProtocolId;
import io.softclose.net.RequestAccount;
import io.softclose.net.SendResult;
import io.softclose.net.engine.Callbacks;
import io.softclose.net.engine.Nanos;
import io.softclose.net.engine.outbox.Envelope;
import io.softclose.net.engine.outbox.Outbox;
import io.softclose.net.engine.outbox.Rpc;
import io.softclose.net.log.Log;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Scheduler.Timer;
import io.softclose.net.wire.NetworkMessage.RpcRequest;
import io.softclose.net.wire.RpcHead;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The peer's requests that are owed an answer, from their arrival until their answers wait in a lane. An answer that finds
 * its lane full waits here, and is tried again. Loop only; handlers' stages complete on any thread.
 */
final class InboundRequests {
    private static final Timer NO_TIMER = () -> {};

    /** A request that is owed an answer. */
    private static final class Owed {
        final ProtocolId protocol;
        final long id;
        final long deadlineAt;

        Owed(RpcRequest request, long deadlineAt) {
            protocol = request.protocolId();
            id = request.requestId();
            this.deadlineAt = deadlineAt;
        }
    }

    /** What a handler's stage completed with. */
    private record Given(@Nullable Message answer, @Nullable Throwable failure) {}

    /** An answer that waits for room. */
    private record Ready(Owed request, Message answer) {}

    private final EventLoop loop;
    private final Outbox outbox;
    private final Callbacks callbacks;
    private final Runnable changed;
    private final int most;
    private final long timeoutNanos;

    /** In the order of their arrival, which is that of their deadlines. */
    private final Set<Owed> owed = new LinkedHashSet<>(0);

    private final ArrayDeque<Ready> ready = new ArrayDeque<>(0);
    private Timer timer = NO_TIMER;
    private boolean timerRuns;

    /** The request whose handler is being called, and what it answers before it returns. */
    private @Nullable Owed asking;

    private @Nullable Given givenAtOnce;

    private long answered;
    private long timedOut;
    private long failed;
    private long cutOff;
    private long turnedAway;

    /**
     * None yet.
     *
     * @param changed run when one is owed no more
     */
    InboundRequests(EventLoop loop, Outbox outbox, Callbacks callbacks, Limits limits, Runnable changed) {
        this.loop = loop;
        this.outbox = outbox;
        this.callbacks = callbacks;
        this.changed = changed;
        most = limits.maxInboundRequests();
        timeoutNanos = Nanos.of(limits.inboundRequestTimeout());
    }

    /** A request has come: has it answered, if an answer may go. */
    void received(RpcRequest request, AsyncRequestHandler handler) {
        if (outbox.adoptionEnded() || owed.size() >= most) {
            turnedAway++;
            return;
        }
        Owed received = new Owed(request, loop.nanoTime() + timeoutNanos);
        owed.add(received);
        if (!timerRuns) {
            armTimer(timeoutNanos);
        }
        ask(received, handler, Message.of(request.protocolId(), request.priority(), request.rawRequest()));
    }

    private void ask(Owed request, AsyncRequestHandler handler, Message message) {
        Given atOnce;
        asking = request;
        try {
            boolean asked = callbacks.request(
                    handler, message, (answer, failure) -> given(request, new Given(answer, failure)));
            if (!asked) {
                failed(request);
            }
        } finally {
            asking = null;
            atOnce = givenAtOnce;
            givenAtOnce = null;
        }
        if (atOnce != null) {
            settle(request, atOnce);
        }
    }

    /** A handler's stage has completed. Any thread, and within whatever completes it: nothing of ours may throw there. */
    private void given(Owed request, Given given) {
        if (loop.inEventLoop() && asking == request) {
            givenAtOnce = given;
            return;
        }
        try {
            loop.execute(() -> settle(request, given));
        } catch (RejectedExecutionException stopped) {
            Log.log(Level.DEBUG, "an answer comes after the end of its link: {0}", stopped);
        }
    }

    private void settle(Owed request, Given given) {
        if (!owed.contains(request)) {
            // It is too late, and was counted when it became so.
            return;
        }
        Message answer = given.answer;
        if (answer == null) {
            callbacks.requestFailed(request.protocol, reason(given.failure));
            failed(request);
        } else if (!adopt(request, answer)) {
            ready.add(new Ready(request, answer));
        }
    }

    private static Throwable reason(@Nullable Throwable failure) {
        if (failure == null) {
            return new NullPointerException("the answer is null");
        }
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    private void failed(Owed request) {
        if (owed.remove(request)) {
            failed++;
            changed.run();
        }
    }

    /** Puts an answer into its lane; false if it has to wait for room there. */
    private boolean adopt(Owed request, Message answer) {
        RpcHead head = new RpcHead.Response(request.id, answer.priority());
        SendResult result = outbox.adopt(Envelope.of(answer, null, new Rpc(head), loop.nanoTime()));
        if (result == SendResult.OUTBOX_FULL) {
            return false;
        }
        owed.remove(request);
        if (result == SendResult.ACCEPTED) {
            answered++;
        } else if (result == SendResult.TOO_LARGE) {
            failed++;
            callbacks.requestFailed(
                    request.protocol, new NetworkException("the answer " + answer + " is longer than can be sent"));
        } else {
            cutOff++;
        }
        changed.run();
        return true;
    }

    /** There may be room for answers that wait. To try without looking would wake the loop, and it would try again. */
    void advance() {
        for (int left = ready.size(); left > 0; left--) {
            Ready next = ready.remove();
            boolean tries = outbox.adoptionEnded() || outbox.hasRoom(next.answer);
            if (owed.contains(next.request) && !(tries && adopt(next.request, next.answer))) {
                ready.add(next);
            }
        }
    }

    /** The link is gone. */
    void end() {
        timer.cancel();
        ready.clear();
        cutOff += owed.size();
        owed.clear();
    }

    /** How many answers are owed that are not in a lane yet. */
    int owed() {
        return owed.size();
    }

    RequestAccount.Received account() {
        return new RequestAccount.Received(answered, timedOut, failed, cutOff, turnedAway);
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
            timedOut++;
        }
        // Its room is another's now: the peer must not decide how many answers wait.
        ready.removeIf(late -> !owed.contains(late.request));
        changed.run();
    }
}
