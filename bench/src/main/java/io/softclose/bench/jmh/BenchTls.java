/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.jmh;

import io.softclose.net.PeerId;
import io.softclose.net.tls.PeerTrust;
import io.softclose.net.tls.TlsEngines;
import io.softclose.net.tls.TlsIdentity;
import io.softclose.net.tls.TlsSettings;
import java.util.Optional;
import javax.net.ssl.SSLEngine;

/** Engines of the JDK for everybody who is compared: TLS 1.3, mutual, with one cipher. */
final class BenchTls implements TlsEngines {
    static final String CIPHER = "TLS_AES_128_GCM_SHA256";
    static final TlsIdentity IDENTITY = TlsIdentity.fresh();

    private final TlsEngines engines =
            TlsSettings.of(IDENTITY, PeerTrust.anyone()).engines();

    /** Settings with these engines. */
    static TlsSettings settings() {
        return TlsSettings.builder(PeerTrust.anyone()).engines(new BenchTls()).build();
    }

    @Override
    public SSLEngine dialling(Optional<PeerId> expected) {
        return withCipher(engines.dialling(expected));
    }

    @Override
    public SSLEngine accepting() {
        return withCipher(engines.accepting());
    }

    private static SSLEngine withCipher(SSLEngine engine) {
        engine.setEnabledCipherSuites(new String[] {CIPHER});
        return engine;
    }
}
