/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.tls;

import io.softclose.net.PeerId;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** This node's key, and the certificate that it shows. A self-signed one will do: peers look at the key. Immutable. */
public final class TlsIdentity {
    private final PrivateKey key;
    private final List<X509Certificate> chain;

    private TlsIdentity(PrivateKey key, List<X509Certificate> chain) {
        this.key = key;
        this.chain = chain;
    }

    /**
     * An identity from its parts.
     *
     * @param chain the certificate of the key, followed by those that vouch for it, if any
     * @throws IllegalArgumentException if there is no certificate
     */
    public static TlsIdentity of(PrivateKey key, X509Certificate... chain) {
        if (chain.length == 0) {
            throw new IllegalArgumentException("chain: empty (expected: the certificate of the key)");
        }
        return new TlsIdentity(key, List.of(chain));
    }

    /**
     * The identity in a key store.
     *
     * @param store with exactly one entry that has a key
     * @param password of the key
     * @throws IllegalArgumentException if there is no such entry, or more than one, or it has no X.509 certificates
     * @throws GeneralSecurityException if the key cannot be recovered, for example for a wrong password
     */
    public static TlsIdentity of(KeyStore store, char[] password) throws GeneralSecurityException {
        List<String> keys = new ArrayList<>();
        for (String alias : Collections.list(store.aliases())) {
            if (store.isKeyEntry(alias)) {
                keys.add(alias);
            }
        }
        if (keys.size() != 1) {
            throw new IllegalArgumentException("key store: entries with a key: " + keys + " (expected: one)");
        }
        Key key = store.getKey(keys.get(0), password);
        List<X509Certificate> chain = new ArrayList<>();
        for (Certificate certificate : store.getCertificateChain(keys.get(0))) {
            chain.add(x509(certificate));
        }
        if (!(key instanceof PrivateKey own)) {
            throw new IllegalArgumentException("key store: a secret key (expected: a private one)");
        }
        return of(own, chain.toArray(X509Certificate[]::new));
    }

    private static X509Certificate x509(Certificate certificate) {
        if (certificate instanceof X509Certificate x509) {
            return x509;
        }
        throw new IllegalArgumentException("certificate: " + certificate.getType() + " (expected: X.509)");
    }

    /** A fresh key on the P-256 curve, with a certificate of its own that is good from yesterday on for ten years. */
    public static TlsIdentity fresh() {
        Instant now = Instant.now();
        return fresh(now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(3653)));
    }

    /** A fresh key on the P-256 curve, with a certificate of its own for this time. */
    public static TlsIdentity fresh(Instant from, Instant until) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return selfSigned(generator.generateKeyPair(), from, until);
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("P-256 is required for TLS", broken);
        }
    }

    /**
     * A key that is there, with a new certificate of its own.
     *
     * @param pair on the P-256 curve
     * @throws GeneralSecurityException if this key cannot sign
     */
    public static TlsIdentity selfSigned(KeyPair pair, Instant from, Instant until) throws GeneralSecurityException {
        String name = "softclose " + PeerId.ofKey(pair.getPublic()).shortText();
        return of(pair.getPrivate(), SelfSigned.of(pair, name, from, until));
    }

    /** Who this node is to its peers. */
    public PeerId peerId() {
        return PeerId.ofKey(certificate().getPublicKey());
    }

    /** The certificate of the key. */
    public X509Certificate certificate() {
        return chain.get(0);
    }

    PrivateKey key() {
        return key;
    }

    X509Certificate[] chain() {
        return chain.toArray(X509Certificate[]::new);
    }

    /** The peer id. */
    @Override
    public String toString() {
        return "TlsIdentity[" + peerId() + "]";
    }
}
