/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import io.softclose.net.RequestAccount.Made;
import io.softclose.net.RequestAccount.Received;
import io.softclose.net.testkit.fake.FakeLink;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What must become of one connection's requests, in both directions, as the documentation has it: one lane, a peer whose
 * kernel takes so many bytes, and a close that waits for all answers. It knows nothing of how the engine does that.
 */
final class RequestModel {
    private static final String PENDING = "pending";

    /** One of our requests. */
    static final class Asked {
        final String label;
        private final long dueAt;
        private String reply = PENDING;
        /** What waits to be sent; null once the peer has it whole, or never will. */
        private @Nullable Frame frame;

        private Asked(String label, long dueAt) {
            this.label = label;
            this.dueAt = dueAt;
        }

        String reply() {
            return reply;
        }

        private boolean waits() {
            Frame whole = frame;
            return whole != null && whole.left == whole.size;
        }

        private boolean hasLeft() {
            return frame == null;
        }
    }

    /** One of the peer's requests that a handler has. */
    private record Owed(String label, long dueAt) {}

    private static final class Frame {
        private final String what;
        private final int size;
        private final @Nullable Asked request;
        private int left;

        private Frame(String what, int size, @Nullable Asked request) {
            this.what = what;
            this.size = size;
            this.request = request;
            left = size;
        }
    }

    private final int mostMade;
    private final int mostReceived;
    private final long answerNanos;
    private final long closeNanos;

    private final Deque<Frame> lane = new ArrayDeque<>();
    private final List<Asked> asked = new ArrayList<>();
    private final List<Owed> owed = new ArrayList<>();
    private final List<String> seen = new ArrayList<>();
    private long room = FakeLink.UNLIMITED;
    private long now;
    private long closeDue = Long.MAX_VALUE;
    private boolean peerEnded;
    /** Handlers that have not come to an end, however late they are. */
    private int handlers;
    /** Whether nothing is started any more. */
    private boolean finished;

    private boolean gone;

    private long ignored;
    private long answered;
    private long timedOut;
    private long failed;
    private long cutOff;
    private long turnedAway;

    RequestModel(int mostMade, int mostReceived, long answerNanos, long closeNanos) {
        this.mostMade = mostMade;
        this.mostReceived = mostReceived;
        this.answerNanos = answerNanos;
        this.closeNanos = closeNanos;
    }

    // What the application does.

    /** Makes a request, of so many bytes on the wire; empty if that is refused. */
    Optional<Asked> ask(String label, int size, long timeoutNanos) {
        if (refuses()) {
            return Optional.empty();
        }
        Asked one = new Asked(label, now + timeoutNanos);
        Frame frame = new Frame("ask " + label, size, one);
        one.frame = frame;
        asked.add(one);
        lane.add(frame);
        flow();
        return Optional.of(one);
    }

    private boolean refuses() {
        return closing() || gone || inFlight() == mostMade;
    }

    void send(String label, int size) {
        if (!closing() && !gone) {
            lane.add(new Frame("message " + label, size, null));
            flow();
        }
    }

    void cancel(Asked one) {
        complete(one, "cancelled");
        flow();
    }

    /** Answers a request of the peer's, if that is not too late. */
    void give(String label, int size) {
        handlers--;
        if (owed.removeIf(one -> one.label.equals(label))) {
            answered++;
            lane.add(new Frame("answer " + label, size, null));
        }
        flow();
    }

    /** A handler fails; whether anybody is told. */
    boolean fail(String label) {
        handlers--;
        boolean told = owed.removeIf(one -> one.label.equals(label));
        failed += told ? 1 : 0;
        flow();
        return told;
    }

    void close() {
        if (!gone) {
            closeDue = Math.min(closeDue, now + closeNanos);
            flow();
        }
    }

    // What the peer does, and its kernel.

    void takes(long bytes) {
        room = bytes;
        flow();
    }

    /** The peer asks; whether a handler is called. */
    boolean asks(String label) {
        if (finished || owed.size() == mostReceived) {
            turnedAway++;
            return false;
        }
        handlers++;
        owed.add(new Owed(label, now + answerNanos));
        return true;
    }

    void answers(Asked one) {
        if (one.reply.equals(PENDING)) {
            complete(one, "answer " + one.label);
        } else {
            ignored++;
        }
        flow();
    }

    void saysNotSupported() {
        pending(one -> true).forEach(one -> complete(one, "NOT_SUPPORTED"));
        flow();
    }

    void ends() {
        peerEnded = true;
        closeDue = Math.min(closeDue, now + closeNanos);
        pending(Asked::waits).forEach(one -> complete(one, "NOT_SENT"));
        pending(Asked::hasLeft).forEach(one -> complete(one, "UNANSWERED, perhaps processed"));
        flow();
    }

    void linkGoes() {
        gone = true;
        pending(Asked::hasLeft).forEach(one -> complete(one, "UNANSWERED, perhaps processed"));
        pending(one -> true).forEach(one -> complete(one, "NOT_SENT"));
        cutOff += owed.size();
        owed.clear();
        lane.clear();
    }

    void pass(long nanos) {
        long until = now + nanos;
        for (long next = nextDue(); next <= until && !gone; next = nextDue()) {
            now = next;
            if (closeDue == next) {
                linkGoes();
            }
            pending(one -> one.dueAt == now)
                    .forEach(one -> complete(one, one.waits() ? "TIMED_OUT" : "TIMED_OUT, perhaps processed"));
            timedOut += owed.stream().filter(one -> one.dueAt == now).count();
            owed.removeIf(one -> one.dueAt == now);
            flow();
        }
        now = until;
    }

    private long nextDue() {
        long next = closeDue;
        next = Math.min(
                next,
                pending(one -> true).stream().mapToLong(one -> one.dueAt).min().orElse(next));
        return Math.min(
                next,
                owed.stream().map(Owed::dueAt).min(Comparator.naturalOrder()).orElse(next));
    }

    // What is so.

    boolean closing() {
        return closeDue != Long.MAX_VALUE;
    }

    boolean peerEnded() {
        return peerEnded;
    }

    boolean gone() {
        return gone;
    }

    /** Whether the peer's kernel takes nothing. */
    boolean stuck() {
        return room == 0;
    }

    List<Asked> asked() {
        return asked;
    }

    /** What the peer has got whole, in order. */
    List<String> seen() {
        return seen;
    }

    Made made() {
        return new Made(
                replies("answer "),
                replies("NOT_SENT"),
                replies("UNANSWERED"),
                replies("TIMED_OUT"),
                replies("NOT_SUPPORTED"),
                replies("cancelled"),
                ignored);
    }

    Received received() {
        return new Received(answered, timedOut, failed, cutOff, turnedAway);
    }

    private long replies(String beginning) {
        return asked.stream().filter(one -> one.reply.startsWith(beginning)).count();
    }

    private long inFlight() {
        return replies(PENDING);
    }

    private List<Asked> pending(Predicate<Asked> which) {
        return asked.stream()
                .filter(one -> one.reply.equals(PENDING) && which.test(one))
                .toList();
    }

    private void complete(Asked one, String reply) {
        if (one.reply.equals(PENDING)) {
            one.reply = reply;
            if (one.waits()) {
                lane.remove(one.frame);
            }
        }
    }

    /** Lets go what may, and the connection end if nothing is left to wait for. */
    private void flow() {
        while (!lane.isEmpty() && room > 0 && !gone) {
            Frame next = lane.element();
            int part = (int) Math.min(next.left, room);
            next.left -= part;
            room -= room == FakeLink.UNLIMITED ? 0 : part;
            if (next.left == 0) {
                hasLeft(lane.remove());
            }
        }
        finished |= closing() && lane.isEmpty() && inFlight() == 0 && owed.isEmpty();
        // Our end waits for handlers, too.
        gone |= finished && handlers == 0 && peerEnded;
    }

    private void hasLeft(Frame frame) {
        seen.add(frame.what);
        Asked one = frame.request;
        if (one != null) {
            one.frame = null;
            if (peerEnded) {
                complete(one, "UNANSWERED, perhaps processed");
            }
        }
    }
}
