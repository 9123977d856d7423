/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

/** How an accepted message ended. Every accepted message ends in exactly one of these. */
public enum Outcome {
    /** The peer confirmed that its handler took it. Only a connection with receipts can tell. */
    DELIVERED(Resend.NO_NEED),
    /** Every byte was handed to the operating system. The base wire can say no more. */
    WRITTEN(Resend.WOULD_DUPLICATE),
    /** Bytes left, the link died, and nothing shows whether the peer has it. */
    UNCERTAIN(Resend.MAY_DUPLICATE),
    /** The peer cannot have it whole. */
    UNSENT(Resend.SAFE),
    /** The close policy chose to drop it before any byte left. */
    DISCARDED(Resend.SAFE),
    /** Its own time to live passed before any byte left. */
    EXPIRED(Resend.POINTLESS),
    /**
     * It was addressed to a {@link Peer}, and the peer cannot have it whole from this connection: it has left the
     * connection's account, and waits for the peer's next connection. Only a connection counts it; the sender hears
     * of it by {@link OutcomeListener#handedOver}, and of the final outcome as of any.
     */
    HANDED_OVER(Resend.NO_NEED);

    /** What resending a message would do. */
    public enum Resend {
        /** The peer has it, or the engine sends it again. */
        NO_NEED,
        /** Unless the peer's machine or the network failed, it would have it twice. */
        WOULD_DUPLICATE,
        /** It might have it twice. */
        MAY_DUPLICATE,
        /** It would have it once. */
        SAFE,
        /** Nobody wants it any more. */
        POINTLESS
    }

    private final Resend resend;

    Outcome(Resend resend) {
        this.resend = resend;
    }

    /** Whether the message went whole, as far as can be known: {@link #DELIVERED} or {@link #WRITTEN}. */
    public boolean went() {
        return this == DELIVERED || this == WRITTEN;
    }

    /** Whether it did not go, or not for certain, and nobody takes care of it but the sender. */
    public boolean lost() {
        return !went() && this != HANDED_OVER;
    }

    /** What sending the message again would do. */
    public Resend resend() {
        return resend;
    }
}
