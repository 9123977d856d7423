/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.identity;

import io.softclose.net.PeerId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Who the certificates in a file belong to: a PKCS#12 key store, or certificates in PEM. */
public final class PeerFile {
    private static final String PEM = "-----BEGIN ";
    private static final Pattern CERTIFICATE =
            Pattern.compile("-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----");

    private PeerFile() {}

    /**
     * The ids of all peers in a file, each once, in the file's order.
     *
     * @param password of a key store; a PEM file has none
     * @return at least one
     * @throws IOException if there is no such file, it is neither, the password is wrong, or it has no certificate; its
     *     message says which, and what was expected
     */
    public static Set<PeerId> read(Path file, Password password) throws IOException {
        byte[] bytes = Contents.of(file);
        String text = new String(bytes, Contents.CHARSET);
        try {
            List<Certificate> certificates =
                    text.contains(PEM) ? inPem(text) : inStore(IdentityFile.store(file, bytes, password));
            Set<PeerId> peers = new LinkedHashSet<>();
            certificates.forEach(certificate -> peers.add(PeerId.ofKey(certificate.getPublicKey())));
            if (peers.isEmpty()) {
                throw new IOException("\"" + file + "\": no certificate (expected: at least one)");
            }
            return peers;
        } catch (GeneralSecurityException broken) {
            throw new IOException("\"" + file + "\": a broken certificate: " + broken.getMessage(), broken);
        }
    }

    private static List<Certificate> inPem(String text) throws GeneralSecurityException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<Certificate> certificates = new ArrayList<>();
        for (String block :
                CERTIFICATE.matcher(text).results().map(MatchResult::group).toList()) {
            certificates.add(factory.generateCertificate(new ByteArrayInputStream(block.getBytes(Contents.CHARSET))));
        }
        return certificates;
    }

    private static List<Certificate> inStore(KeyStore store) throws GeneralSecurityException {
        List<Certificate> certificates = new ArrayList<>();
        for (String alias : Collections.list(store.aliases())) {
            Certificate certificate = store.getCertificate(alias);
            if (certificate != null) {
                certificates.add(certificate);
            }
        }
        return certificates;
    }
}
