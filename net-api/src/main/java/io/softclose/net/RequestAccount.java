/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

/**
 * What became of a connection's requests over its whole life: those that it made, and those that its peer made. Their
 * messages, and those of its answers, are in the {@link Account} as well, as messages.
 *
 * @param made ours
 * @param received the peer's
 */
public record RequestAccount(Made made, Received received) {
    /** Of a connection on which nobody asked anything. */
    public static final RequestAccount NONE =
            new RequestAccount(new Made(0, 0, 0, 0, 0, 0, 0), new Received(0, 0, 0, 0, 0));

    /**
     * How the replies to our requests completed.
     *
     * @param answered with the peer's answer
     * @param notSent as {@link RequestException.Failure#NOT_SENT}
     * @param unanswered as {@link RequestException.Failure#UNANSWERED}
     * @param timedOut as {@link RequestException.Failure#TIMED_OUT}
     * @param notSupported as {@link RequestException.Failure#NOT_SUPPORTED}
     * @param cancelled by {@link Reply#cancel}
     * @param ignoredAnswers how many answers came to none of our requests in flight: too late, or twice, or never asked for
     */
    public record Made(
            long answered,
            long notSent,
            long unanswered,
            long timedOut,
            long notSupported,
            long cancelled,
            long ignoredAnswers) {
        /** How many requests were accepted. */
        public long total() {
            return answered + notSent + unanswered + timedOut + notSupported + cancelled;
        }
    }

    /**
     * What became of the peer's requests that came to a handler's protocol.
     *
     * @param answered the answer was accepted for sending, past the gate: these are the messages of the {@link Account} that
     *     the application did not send
     * @param timedOut there was no answer, or no room for it, within {@link Limits#inboundRequestTimeout}
     * @param failed the handler threw, or its answer cannot be sent
     * @param cutOff no answer could go any more: the connection had stopped sending, or was gone
     * @param turnedAway not handled: there were {@link Limits#maxInboundRequests} already, or no answer could go any more
     */
    public record Received(long answered, long timedOut, long failed, long cutOff, long turnedAway) {
        /** How many requests came. */
        public long total() {
            return answered + timedOut + failed + cutOff + turnedAway;
        }
    }
}
