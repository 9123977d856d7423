/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.PeerId;
import io.softclose.net.tls.TlsIdentity;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerFileTest {
    private static final TlsIdentity ALICE = TlsIdentity.fresh();
    private static final TlsIdentity BOB = TlsIdentity.fresh();

    @TempDir
    Path folder;

    private Password none;

    @BeforeEach
    void findNoPassword() throws IOException {
        none = Password.of(Optional.empty(), Map.of());
    }

    @Test
    void aKeyStoreHasTheIdOfItsKey() throws IOException {
        Path file = folder.resolve("alice.p12");
        PeerId made = IdentityFile.create(file, none).peerId();

        assertEquals(List.of(made), read(file));
    }

    @Test
    void aTrustStoreHasTheIdsOfItsCertificates() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("alice", ALICE.certificate());
        store.setCertificateEntry("bob", BOB.certificate());
        Path file = folder.resolve("trust.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, new char[0]);
        }

        assertEquals(List.of(ALICE.peerId(), BOB.peerId()), read(file));
    }

    /** As {@code openssl} writes them: with text before, and a key beside. */
    @Test
    void aPemFileHasTheIdsOfItsCertificatesEachOnce() throws GeneralSecurityException, IOException {
        Path file = Files.writeString(
                folder.resolve("peers.pem"),
                "subject=CN = bob\n" + pem("CERTIFICATE", BOB.certificate().getEncoded())
                        + pem("PRIVATE KEY", new byte[100])
                        + pem("CERTIFICATE", ALICE.certificate().getEncoded())
                        + pem("CERTIFICATE", BOB.certificate().getEncoded()));

        assertEquals(List.of(BOB.peerId(), ALICE.peerId()), read(file));
    }

    @Test
    void whatHasNoCertificateIsRefused() throws IOException {
        assertRefused("no certificate (expected: at least one)", pem("PRIVATE KEY", new byte[100]));
        assertRefused("a broken certificate: ", pem("CERTIFICATE", new byte[100]));
        assertRefused("no key store (expected: PKCS#12)", "hello");
    }

    private void assertRefused(String why, String content) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), content);
        IOException refused = assertThrows(IOException.class, () -> read(file));
        assertTrue(String.valueOf(refused.getMessage()).contains(why), refused::toString);
    }

    private List<PeerId> read(Path file) throws IOException {
        return List.copyOf(PeerFile.read(file, none));
    }

    private static String pem(String what, byte[] bytes) {
        String text = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(bytes);
        return "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n";
    }
}
