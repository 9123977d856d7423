/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The account of one connection, made when it has closed.
 *
 * @param connectionId the connection's number within its network
 * @param peer who was at the other end
 * @param reason why it closed
 * @param policy the name of the close policy that decided
 * @param ending how the close ended
 * @param detail one sentence for logs: what ended it
 * @param duration from the call that closed it, or whatever else ended it, to its end; a busy loop counts
 * @param account what was accepted and how it ended, over the connection's whole life
 * @param requests what became of its requests and its peer's, over the connection's whole life
 * @param returned what did not go, most urgent lane first; within a lane, whole messages are in the order of their
 *     acceptance, and so are streamed ones; one that expired, or whose payload could not be read, stands where it ended;
 *     messages that did so while the connection was open are not among them, nor are requests, whose replies tell, and
 *     answers
 * @param lastWritten messages that ended as {@link Outcome#WRITTEN} within the last {@link Limits#keepWritten} before this
 *     report, oldest first, because the peer may lack them; empty if the close was {@link CloseEnding#CLEAN}, or if none
 *     are kept, which is the default. Sending one again may duplicate it
 * @param unhandled how many of the peer's messages and requests handlers off the loop had been handed and had not handled when
 *     this report was made: they have been given up, but for those that were being handled. What was still held behind
 *     handlers that were full is given up with them, and not counted. If the link failed, everything that has arrived is
 *     still handled, as far as {@link Limits#inputBytes} has room for what is left behind, and counted. With handlers that
 *     are done when they return there are none
 * @param error what failed, if something did: the link's error, the peer's violation, or what the policy threw
 */
public record CloseReport(
        long connectionId,
        PeerId peer,
        DisconnectReason reason,
        String policy,
        CloseEnding ending,
        String detail,
        Duration duration,
        Account account,
        RequestAccount requests,
        List<ReturnedMessage> returned,
        List<ReturnedMessage> lastWritten,
        long unhandled,
        Optional<Throwable> error) {
    /** Copies the lists. */
    public CloseReport {
        returned = List.copyOf(returned);
        lastWritten = List.copyOf(lastWritten);
    }

    /** Whether the close was {@link CloseEnding#CLEAN}. */
    public boolean clean() {
        return ending == CloseEnding.CLEAN;
    }

    /**
     * Whether nothing was lost, as far as can be known: every accepted message was {@link Outcome#DELIVERED} or {@link
     * Outcome#HANDED_OVER}, or {@link Outcome#WRITTEN} and the close was {@linkplain #clean clean}. A clean close alone says
     * nothing of messages that the policy threw away.
     */
    public boolean lossless() {
        LaneAccount total = account.total();
        long safe = total.count(Outcome.DELIVERED) + total.count(Outcome.HANDED_OVER);
        return clean() ? total.lost() == 0 && total.pending() == 0 : safe == total.accepted();
    }

    /** Everything but the messages, of which there is the number: one line for a log. */
    @Override
    public String toString() {
        return "CloseReport[connectionId=" + connectionId + ", peer=" + peer + ", reason=" + reason + ", policy="
                + policy
                + ", ending=" + ending + ", detail=" + detail + ", duration=" + duration + ", account=" + account
                + ", requests=" + requests
                + ", returned=" + returned.size() + ", lastWritten=" + lastWritten.size() + ", unhandled=" + unhandled
                + ", error=" + error + "]";
    }
}
