/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.tls.link;

import io.softclose.net.HandshakeException;
import io.softclose.net.HandshakeException.Failure;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** What failures of an engine mean to whoever asked for a connection. */
final class TlsFailures {
    private static final int MOST_CAUSES = 16;

    private TlsFailures() {}

    /**
     * What the link's handler is told.
     *
     * @param heard whether the peer has said anything of its own: until then, its refusal may be on its way
     */
    static Throwable told(Exception failure, boolean heard) {
        if (heard || failure instanceof HandshakeException) {
            return failure;
        }
        CertificateException refusal = refusal(failure);
        String what = refusal == null ? String.valueOf(failure.getMessage()) : String.valueOf(refusal.getMessage());
        boolean ofIdentity = refusal != null
                || failure instanceof SSLHandshakeException
                || failure instanceof SSLPeerUnverifiedException;
        HandshakeException told =
                new HandshakeException(ofIdentity ? Failure.IDENTITY : Failure.MALFORMED, "TLS handshake: " + what);
        told.initCause(failure);
        return told;
    }

    /** What our own check of the peer's certificate said, if it was that. */
    private static @Nullable CertificateException refusal(Throwable failure) {
        Throwable at = failure;
        for (int i = 0; at != null && i < MOST_CAUSES; i++, at = at.getCause()) {
            if (at instanceof CertificateException refusal) {
                return refusal;
            }
        }
        return null;
    }
}
