/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** There is no answer to a request. {@link #failure} says why, and {@link #mayHaveBeenProcessed} whether to ask again. */
public final class RequestException extends NetworkException {
    private static final long serialVersionUID = 1L;

    /** Why there is no answer. */
    public enum Failure {
        /** The connection did not accept the request; {@link RequestException#refusal} has the reason. */
        REFUSED,
        /** The peer cannot have the request: its message ended as UNSENT, DISCARDED or EXPIRED. */
        NOT_SENT,
        /** The request left, and no answer can come any more: the peer has ended its direction, or the link is gone. */
        UNANSWERED,
        /** The timeout passed first. */
        TIMED_OUT,
        /** The peer takes no requests of this protocol. */
        NOT_SUPPORTED
    }

    private final Failure failure;
    private final boolean mayHaveBeenProcessed;
    private final @Nullable SendResult refusal;

    private RequestException(
            Failure failure, boolean mayHaveBeenProcessed, @Nullable SendResult refusal, String message) {
        super(message);
        this.failure = failure;
        this.mayHaveBeenProcessed = mayHaveBeenProcessed;
        this.refusal = refusal;
    }

    /** Of a request that was not accepted. */
    public static RequestException refused(Message request, SendResult reason) {
        return new RequestException(Failure.REFUSED, false, requireNonNull(reason, "reason"), request + ": " + reason);
    }

    /**
     * Of a request that was accepted.
     *
     * @param mayHaveBeenProcessed whether the peer may have it whole
     * @param detail one sentence for logs
     */
    public static RequestException of(Failure failure, boolean mayHaveBeenProcessed, String detail) {
        return new RequestException(requireNonNull(failure, "failure"), mayHaveBeenProcessed, null, detail);
    }

    /** Why there is no answer. */
    public Failure failure() {
        return failure;
    }

    /** Whether the peer's handler may have had the request, so that another one may do the same twice. */
    public boolean mayHaveBeenProcessed() {
        return mayHaveBeenProcessed;
    }

    /** Why the request was {@link Failure#REFUSED}; empty for other failures. */
    public Optional<SendResult> refusal() {
        return Optional.ofNullable(refusal);
    }
}
