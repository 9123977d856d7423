/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.tls;

import io.softclose.net.PeerId;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Judges certificates by their key alone: it must be that of a trusted peer, and of the one who was dialled if anybody was
 * named. TLS proves that the peer has the key. Names and issuers say nothing here; dates are kept, for they are the owner's
 * own word on how long the key is good.
 */
final class Pinning extends X509ExtendedTrustManager {
    private final PeerTrust trust;

    Pinning(PeerTrust trust) {
        this.trust = trust;
    }

    /** What an engine is to be told as its peer's host, so that the check finds it again. */
    static String hostOf(PeerId expected) {
        return expected.toString();
    }

    /**
     * Whether a peer is wanted.
     *
     * @param expected who was dialled, if anybody was named
     * @return why not; empty if it is
     */
    static Optional<String> refusal(PeerId peer, Optional<PeerId> expected, PeerTrust trust) {
        if (expected.isPresent() && !expected.get().equals(peer)) {
            return Optional.of("peer " + peer + " (expected: " + expected.get() + ", who was dialled)");
        }
        return trust.trusts(peer) ? Optional.empty() : Optional.of("peer " + peer + " (expected: one who is trusted)");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain, Optional.empty());
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain, Optional.ofNullable(engine.getPeerHost()).map(PeerId::parse));
    }

    private void check(X509Certificate[] chain, Optional<PeerId> expected) throws CertificateException {
        X509Certificate shown = chain[0];
        shown.checkValidity();
        Optional<String> refusal = refusal(PeerId.ofKey(shown.getPublicKey()), expected, trust);
        if (refusal.isPresent()) {
            throw new CertificateException(refusal.get());
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw withoutEngine();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw withoutEngine();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw withoutEngine();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw withoutEngine();
    }

    /** Without its engine there is no knowing whom a link expects. */
    private static CertificateException withoutEngine() {
        return new CertificateException("no engine (expected: the one of a link)");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
