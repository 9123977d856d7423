/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** Shows the one identity that there is, whoever the peer says it trusts: it may know the key and no issuer. */
final class OwnKey extends X509ExtendedKeyManager {
    private static final String ALIAS = "own";

    private final TlsIdentity identity;
    private final String type;

    OwnKey(TlsIdentity identity) {
        this.identity = identity;
        type = identity.certificate().getPublicKey().getAlgorithm();
    }

    private @Nullable String alias(String... keyTypes) {
        return List.of(keyTypes).contains(type) ? ALIAS : null;
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
        return alias(keyTypes);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        return alias(keyType);
    }

    @Override
    public @Nullable String chooseClientAlias(String[] keyTypes, Principal @Nullable [] issuers, Socket socket) {
        return alias(keyTypes);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, Socket socket) {
        return alias(keyType);
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return alias(keyType) == null ? null : new String[] {ALIAS};
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return getClientAliases(keyType, issuers);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return identity.chain();
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return identity.key();
    }
}
