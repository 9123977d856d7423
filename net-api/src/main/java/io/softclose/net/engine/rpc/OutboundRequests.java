/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.rpc;

import io.softclose.net.Connection;
import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.ProtocolId;
import io.softclose.net.Reply;
import io.softclose.net.RequestAccount;
import io.softclose.net.RequestException;
import io.softclose.net.RequestException.Failure;
import io.softclose.net.SendResult;
import io.softclose.net.engine.Nanos;
import io.softclose.net.engine.outbox.Outbox;
import io.softclose.net.engine.rpc.RequestCounts.Count;
import io.softclose.net.engine.stream.Writer;
import io.softclose.net.log.Log;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Scheduler.Timer;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/**
 * Our requests in flight, from their acceptance until their replies complete. Each completes once, because whoever completes
 * it has claimed it. It stays in the table until it is complete: if there is no memory for that, its timeout completes it, or
 * the end of its connection. Any thread asks and cancels; all else is on the loop.
 */
public final class OutboundRequests {
    private static final long MAX_ID = 0xFFFF_FFFFL;
    private static final Timer NO_TIMER = () -> {};
    private static final long NEVER = Long.MAX_VALUE;

    /** How many probes may be unanswered at a time: one that is late must not keep the next from finding out. */
    private static final int MOST_PROBES = 4;

    private final EventLoop loop;
    private final Outbox outbox;
    private final Writer writer;
    private final Exchanges.Owner owner;

    // Shared.
    private final ConcurrentHashMap<Long, PendingReply> inFlight = new ConcurrentHashMap<>(0);
    private final Places places;
    private final Places probePlaces = new Places(MOST_PROBES);
    private final AtomicLong lastId = new AtomicLong();
    private final RequestCounts counts = new RequestCounts();
    /** When the loop looks for timeouts next, on its clock; {@link #NEVER} if it does not. Written by the loop. */
    private volatile long looksAt = NEVER;

    // Confined to the loop.
    private Timer timer = NO_TIMER;
    /** Whether nothing more of the peer's comes. */
    private boolean inputOver;
    /** Whether the link is gone: what was handed over is for others to look after from now on. */
    private boolean over;

    /**
     * None yet.
     *
     * @param most at a time
     */
    OutboundRequests(int most, EventLoop loop, Outbox outbox, Writer writer, Exchanges.Owner owner) {
        places = new Places(most);
        this.loop = loop;
        this.outbox = outbox;
        this.writer = writer;
        this.owner = owner;
    }

    /** Makes a request; what it throws leaves everything as it was. Any thread. */
    Reply request(Message request, Duration timeout) {
        if (!places.take()) {
            return new RefusedReply(request, outbox.sealed() ? SendResult.CLOSING : SendResult.TOO_MANY_REQUESTS);
        }
        PendingReply reply = enlist(places, id -> plain(id, request, false, timeout));
        SendResult result = SendResult.NOT_CONNECTED;
        try {
            result = outbox.offer(reply.envelope());
        } finally {
            if (result != SendResult.ACCEPTED) {
                strike(reply);
            }
        }
        return result == SendResult.ACCEPTED ? reply : new RefusedReply(request, result);
    }

    /**
     * Makes an attempt at a request that is addressed to the peer, or says why not; what it throws leaves everything as it was.
     *
     * @param adopted whether it comes by the loop's door, on the loop; or else through the gate, on any thread
     */
    SendResult attempt(AddressedRequest request, boolean adopted) {
        if (!places.take()) {
            return outbox.sealed() ? SendResult.CLOSING : SendResult.TOO_MANY_REQUESTS;
        }
        PendingReply attempt = enlist(places, id -> new Attempt(this, id, request, loop.nanoTime()));
        SendResult result = SendResult.NOT_CONNECTED;
        try {
            request.attempted(attempt, attempt.deadlineAt());
            result = adopted ? outbox.adopt(attempt.envelope()) : outbox.offer(attempt.envelope());
        } finally {
            if (result != SendResult.ACCEPTED) {
                strike(attempt);
            }
        }
        return result;
    }

    /** Its request is for another connection: nothing is awaited here, but that it may time out. Loop only. */
    void handedOver(PendingReply reply) {
        if (reply.handOver()) {
            places.giveBack();
            owner.answerSettled();
        }
    }

    /** As {@link #request}, for one that goes before all lanes. Any thread. */
    Reply probe(Message request, Duration timeout) {
        if (outbox.sealed()) {
            return new RefusedReply(request, SendResult.CLOSING);
        }
        if (request.size() > Connection.MAX_PROBE_BYTES) {
            return new RefusedReply(request, SendResult.TOO_LARGE);
        }
        // Here, because reading the payload may throw.
        byte[] payload = new byte[request.size()];
        request.copyPayload(0, ByteBuffer.wrap(payload));
        if (!probePlaces.take()) {
            return new RefusedReply(request, SendResult.TOO_MANY_REQUESTS);
        }
        PendingReply reply = enlist(probePlaces, id -> plain(id, request.withPayload(payload), true, timeout));
        boolean given = false;
        try {
            loop.execute(() -> sendProbe(reply));
            given = true;
            counts.add(Count.PROBE);
            return reply;
        } catch (RejectedExecutionException stopped) {
            return new RefusedReply(request, SendResult.NOT_CONNECTED);
        } finally {
            if (!given) {
                strike(reply);
            }
        }
    }

    private void sendProbe(PendingReply reply) {
        if (!inFlight.containsKey(reply.id()) || reply.isDone()) {
            return;
        }
        if (!inputOver && writer.control(AheadFrames.of(reply.head(), reply.request()))) {
            reply.probeGoes();
            outbox.wake();
        } else {
            fail(reply, Failure.NOT_SENT, "nothing more goes to the peer");
        }
    }

    /**
     * Puts a request into the table before it is accepted: its answer may be quicker than the thread that asks. Its place has
     * been taken, and is given back if this throws.
     */
    private PendingReply enlist(Places place, LongFunction<PendingReply> making) {
        PendingReply reply = null;
        try {
            do {
                reply = making.apply(lastId.incrementAndGet() & MAX_ID);
            } while (inFlight.putIfAbsent(reply.id(), reply) != null);
            lookInTime(reply);
            return reply;
        } catch (Throwable failure) {
            if (reply == null) {
                place.giveBack();
            } else {
                // It may be in the table although there was no memory for more of it.
                strike(reply);
            }
            throw failure;
        }
    }

    private void lookInTime(PendingReply reply) {
        long next = looksAt;
        if (next == NEVER || reply.deadlineAt() - next < 0) {
            onLoop(this::look);
        }
    }

    /** Takes one out that was not accepted. */
    private void strike(PendingReply reply) {
        claim(reply);
        inFlight.remove(reply.id(), reply);
    }

    private PendingReply plain(long id, Message request, boolean probe, Duration timeout) {
        return new PendingReply(this, id, request, probe, loop.nanoTime(), Nanos.of(timeout));
    }

    /** Claims the completion of a reply, whose place is another's from now on. Any thread. */
    boolean claim(PendingReply reply) {
        boolean claimed = reply.claim();
        if (claimed) {
            placesOf(reply).giveBack();
        }
        return claimed || reply.claimHandedOver();
    }

    private Places placesOf(PendingReply reply) {
        return reply.isProbe() ? probePlaces : places;
    }

    /** After an attempt to complete one: takes it out of the table, or gives up the claim. Takes no memory. Any thread. */
    private void attempted(PendingReply reply, Count how) {
        if (!reply.isDone()) {
            placesOf(reply).takeBack();
            reply.giveUpClaim();
        } else if (reply.mayCount()) {
            if (!reply.isProbe()) {
                counts.add(how);
            } else if (how == Count.ANSWERED) {
                counts.add(Count.PROBE_ANSWERED);
            }
            inFlight.remove(reply.id(), reply);
        }
    }

    /** Cancels one that its caller has claimed. Any thread. */
    void cancel(PendingReply reply) {
        try {
            reply.completeCancelled();
        } finally {
            attempted(reply, Count.CANCELLED);
        }
        onLoop(() -> {
            withdraw(reply);
            owner.answerSettled();
        });
    }

    /** What became of the message of a request. Loop only. */
    void messageEnded(PendingReply reply, Outcome outcome) {
        if (!reply.mayHaveArrived()) {
            fail(reply, Failure.NOT_SENT, "its message is " + outcome);
        } else if (inputOver && outcome != Outcome.UNCERTAIN) {
            fail(reply, Failure.UNANSWERED, "the peer had ended before");
        }
        // If it is UNCERTAIN the link is gone: the answer may be among what is still handed on.
    }

    /**
     * A response has come. Loop only.
     *
     * @param payload the caller's from now on
     */
    void answered(long id, int priority, ByteBuffer payload) {
        PendingReply reply = inFlight.get(id);
        if (reply == null || !claim(reply)) {
            counts.add(Count.IGNORED_ANSWER);
            return;
        }
        try {
            reply.complete(Message.of(reply.request().protocol(), priority, payload));
        } finally {
            attempted(reply, Count.ANSWERED);
        }
        owner.answerSettled();
    }

    /**
     * The peer takes no requests of this protocol. It says so of each one, and the first word of it ends all that are in
     * flight; so none may be left for a later word. Loop only.
     *
     * @return whether any request was ever made
     */
    boolean notSupported(ProtocolId protocol) {
        for (PendingReply reply : inFlight.values()) {
            if (reply.request().protocol().equals(protocol)) {
                fail(reply, Failure.NOT_SUPPORTED, "the peer takes no requests of " + protocol);
            }
        }
        return lastId.get() > 0;
    }

    /** Nothing more of the peer's comes: what waits is taken back, and nothing that has left is answered. Loop only. */
    void inputOver() {
        inputOver = true;
        for (PendingReply reply : inFlight.values()) {
            if (reply.movesOn() && reply.underWay()) {
                // When its turn comes, so that it keeps its place among what is handed over.
                reply.envelope().withdraw();
            } else {
                withdraw(reply);
            }
            if (!reply.underWay() && !reply.isHandedOver()) {
                fail(reply, Failure.UNANSWERED, "the peer has ended");
            }
        }
    }

    /**
     * The link is gone, all that it brought was handed on, and every message has its outcome. What has none was not
     * accepted yet, and is refused, or too late for the report. Completes also what somebody has claimed and may have no
     * memory to complete. May be called again if it lacked memory itself. Loop only.
     */
    void end() {
        inputOver = true;
        over = true;
        timer.cancel();
        for (PendingReply reply : inFlight.values()) {
            if (!reply.underWay() && !reply.isHandedOver()) {
                claim(reply);
                completeFailed(
                        reply,
                        reply.mayHaveArrived() ? Failure.UNANSWERED : Failure.NOT_SENT,
                        "the connection is gone");
            }
        }
    }

    /** How many replies are awaited. Any thread. */
    int awaited() {
        return places.taken();
    }

    /** How many probes were made. Any thread. */
    long probesMade() {
        return counts.get(Count.PROBE);
    }

    /** How many of them were answered. Any thread. */
    long probesAnswered() {
        return counts.get(Count.PROBE_ANSWERED);
    }

    RequestAccount.Made account() {
        return counts.account();
    }

    /** Completes what has timed out, and looks again when the next is due. Whoever asks meanwhile asks for a look, too. */
    private void look() {
        if (over) {
            return;
        }
        looksAt = NEVER;
        timer.cancel();
        long now = loop.nanoTime();
        PendingReply next = null;
        for (PendingReply reply : inFlight.values()) {
            if (now - reply.deadlineAt() >= 0) {
                fail(reply, Failure.TIMED_OUT, "no answer came in time");
            } else if (next == null || reply.deadlineAt() - next.deadlineAt() < 0) {
                next = reply;
            }
        }
        if (next != null) {
            timer = loop.schedule(next.deadlineAt() - now, this::look);
            looksAt = next.deadlineAt();
        }
    }

    /** Completes a reply for want of an answer, unless somebody else does. Its message does not start any more. */
    private void fail(PendingReply reply, Failure failure, String why) {
        if (claim(reply)) {
            completeFailed(reply, failure, why);
        }
    }

    private void completeFailed(PendingReply reply, Failure failure, String why) {
        try {
            withdraw(reply);
            boolean mayBeProcessed = failure != Failure.NOT_SUPPORTED && reply.mayHaveArrived();
            reply.completeExceptionally(RequestException.of(failure, mayBeProcessed, reply.request() + ": " + why));
        } finally {
            attempted(reply, RequestCounts.of(failure));
        }
        owner.answerSettled();
    }

    /** Has a request's message not start, if that is not too late. */
    private void withdraw(PendingReply reply) {
        if (reply.underWay()) {
            var unused = writer.withdraw(reply.envelope());
            owner.roomMade();
        }
    }

    private void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException stopped) {
            // The link's end follows, and completes every reply.
            Log.log(Level.DEBUG, "a request is left to the end of its link: {0}", stopped);
        }
    }
}
