/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.tls;

import io.softclose.net.PeerId;
import io.softclose.net.tls.TlsSettings.ClientAuthentication;
import io.softclose.net.tls.TlsSettings.Version;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/**
 * Engines of a context.
 *
 * @param versions that may be spoken
 */
record ContextEngines(SSLContext context, Set<Version> versions, ClientAuthentication clientAuthentication)
        implements TlsEngines {
    @Override
    public SSLEngine dialling(Optional<PeerId> expected) {
        // A session is resumed with the peer it was made with only.
        SSLEngine engine = expected.isPresent()
                ? context.createSSLEngine(Pinning.hostOf(expected.get()), 0)
                : context.createSSLEngine();
        engine.setUseClientMode(true);
        return configured(engine);
    }

    @Override
    public SSLEngine accepting() {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setNeedClientAuth(clientAuthentication == ClientAuthentication.REQUIRED);
        return configured(engine);
    }

    private SSLEngine configured(SSLEngine engine) {
        List<String> names = versions.stream().sorted().map(Version::protocol).toList();
        engine.setEnabledProtocols(names.toArray(String[]::new));
        return engine;
    }
}
