/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.ledger;

import io.softclose.net.Account;
import io.softclose.net.CloseReport;
import io.softclose.net.ConnectionState;
import io.softclose.net.Message;
import io.softclose.net.RequestAccount;
import io.softclose.net.RequestException;
import io.softclose.net.RequestException.Failure;
import io.softclose.net.testkit.sim.ledger.evidence.RareState;
import io.softclose.net.testkit.sim.ledger.evidence.SentPayload;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Requests of one end, and the answers that it gives. Each reply must complete once, before the report, and say nothing that
 * the wire disproves; each answer must be of the request it comes to; and what is given in time must be accepted, whatever
 * is sealed.
 */
public final class RequestCheck {
    private final LedgerSide side;
    private final SentMessages sent;
    private final AccountCheck account;

    private final Map<Failure, Long> failures = new EnumMap<>(Failure.class);
    private long asked;
    private long answered;
    private long cancelled;
    /** At least so many answers must have been accepted once the present event is over. */
    private long leastAccepted;

    RequestCheck(LedgerSide side, SentMessages sent, AccountCheck account) {
        this.side = side;
        this.sent = sent;
        this.account = account;
    }

    /** A request is about to be made. */
    public Sent asking(Message request, int lane, boolean streamed) {
        return side.offering(Sent.Kind.REQUEST, request, lane, streamed, false);
    }

    /** An answer is about to be given. */
    public Sent answering(Message answer, int lane, boolean streamed) {
        return side.offering(Sent.Kind.ANSWER, answer, lane, streamed, false);
    }

    /** The request that this is, of those made here; null if it is none. */
    @Nullable
    public Sent find(Message request) {
        return find(Sent.Kind.REQUEST, request);
    }

    private @Nullable Sent find(Sent.Kind kind, Message message) {
        boolean ours = message.size() >= SentPayload.LEAST && SentPayload.sender(message.payload()) == side.number();
        int which = ours ? SentPayload.number(message.payload()) : -1;
        return sent.has(which) && sent.get(which).kind == kind ? sent.get(which) : null;
    }

    /** A request was accepted. */
    public void accepted(Sent request) {
        asked++;
        side.accepted(request);
    }

    /** Its reply has completed with an answer. */
    public void answered(Sent request, Message answer, @Nullable LedgerSide peer) {
        answered++;
        completes(request);
        Sent given = peer == null ? null : peer.requests().find(Sent.Kind.ANSWER, answer);
        if (given == null || given.request != request) {
            side.violated("an answer that its peer never gave to this request: " + given + " to " + request);
        } else if (peer != null) {
            peer.handled(given.number, SentPayload.intact(answer.payload()), side);
        }
    }

    /** Its reply was cancelled. */
    public void cancelled(Sent request) {
        cancelled++;
        completes(request);
    }

    /** Its reply has failed. */
    public void failed(Sent request, RequestException how, long dueAt) {
        failures.merge(how.failure(), 1L, Long::sum);
        completes(request);
        boolean left = request.within(side.stream().taken());
        if (how.failure() == Failure.UNANSWERED && (!left || !how.mayHaveBeenProcessed())) {
            side.violated("unanswered, but it has not left: " + request);
        }
        if (how.failure() == Failure.NOT_SENT && how.mayHaveBeenProcessed()) {
            side.violated("not sent, but perhaps processed: " + request);
        }
        if (how.failure() == Failure.TIMED_OUT && side.now() < dueAt) {
            side.violated("timed out " + (dueAt - side.now()) + " ns before its time: " + request);
        }
        if (!how.mayHaveBeenProcessed()) {
            if (left || request.handled) {
                side.violated("said not to have been processed, but it has left: " + request);
            }
            request.neverSeen = true;
            side.rare().add(RareState.REQUEST_TAKEN_BACK);
        } else if (how.failure() == Failure.UNANSWERED) {
            side.rare().add(RareState.REQUEST_UNANSWERED);
        }
    }

    private void completes(Sent request) {
        if (request.replied || side.closed()) {
            side.violated("its reply completes again, or after the report: " + request);
        }
        request.replied = true;
    }

    /**
     * A handler has an answer to a request, and it may go from now on.
     *
     * @param atOnce whether the handler is about to return it, on the connection's loop
     */
    public void given(Sent answer, @Nullable Sent request, boolean atOnce) {
        answer.request = request;
        Account now = side.connection().account();
        ConnectionState state = side.connection().state();
        if (atOnce && now.lanes().get(answer.lane).pending() == 0) {
            leastAccepted = Math.max(leastAccepted, account.answers(now) + 1);
            if (state.closing()) {
                side.rare().add(RareState.ANSWER_PAST_SEAL);
            }
        }
        answer.accepted = true;
        account.given(answer);
    }

    /** After an event on its loop. */
    void check() {
        if (leastAccepted > 0) {
            long answers = account.answers(side.connection().account());
            if (answers < leastAccepted) {
                side.violated("in " + side.connection().state() + " with " + answers + " answers accepted (expected: "
                        + leastAccepted + ", for there was room)");
            }
            leastAccepted = 0;
        }
    }

    /** Its report has come. */
    void closed(CloseReport report) {
        RequestAccount told = report.requests();
        RequestAccount.Made expected = new RequestAccount.Made(
                answered,
                of(Failure.NOT_SENT),
                of(Failure.UNANSWERED),
                of(Failure.TIMED_OUT),
                of(Failure.NOT_SUPPORTED),
                cancelled,
                told.made().ignoredAnswers());
        if (!told.made().equals(expected) || asked != expected.total()) {
            side.violated("asked " + asked + " times, and heard " + expected + ", but its report says " + told);
        }
        long answers = account.answers(report.account());
        if (answers != told.received().answered()) {
            side.violated("has accepted " + answers + " answers, but its report says " + told.received());
        }
        if (told.received().turnedAway() > 0) {
            side.rare().add(RareState.REQUEST_TURNED_AWAY);
        }
        if (told.made().ignoredAnswers() > 0) {
            side.rare().add(RareState.ANSWER_IGNORED);
        }
    }

    private long of(Failure failure) {
        return failures.getOrDefault(failure, 0L);
    }
}
