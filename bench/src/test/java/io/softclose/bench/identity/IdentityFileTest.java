/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.identity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.softclose.net.tls.TlsIdentity;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityFileTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"", "secret", " with ~all\" of {ASCII}"})
    void whatIsMadeIsReadAgain(String password) throws IOException {
        Path file = folder.resolve("alice.p12");

        TlsIdentity made = IdentityFile.create(file, password(password));

        assertEquals(made.peerId(), IdentityFile.read(file, password(password)).peerId());
    }

    @Test
    void nobodyElseMayReadTheKey() throws IOException {
        Path file = folder.resolve("alice.p12");
        assumeTrue(file.getFileSystem().supportedFileAttributeViews().contains("posix"), "files have no owners here");

        IdentityFile.create(file, password(""));

        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void aFileThatIsThereIsLeftAsItIs() throws IOException {
        Path file = Files.write(folder.resolve("alice.p12"), new byte[] {1, 2, 3});

        assertThrows(FileAlreadyExistsException.class, () -> IdentityFile.create(file, password("")));

        assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(file));
    }

    @Test
    void withoutItsDirectoryNothingIsMade() {
        Path file = folder.resolve("absent").resolve("alice.p12");

        assertThrows(NoSuchFileException.class, () -> IdentityFile.create(file, password("")));
    }

    @Test
    void aWrongPasswordIsCalledThatAndNotShown() throws IOException {
        Path file = folder.resolve("alice.p12");
        IdentityFile.create(file, password("right"));

        assertRefused("wrong password; it was SOFTCLOSE_TLS_PASSWORD", file, password("wrong"));
        assertRefused("wrong password; it was none, for neither", file, none());
    }

    @Test
    void aKeyWithAPasswordOfItsOwnHasAWrongOne() throws Exception {
        Path file = stored("alice.p12", store -> enter(store, "alice", fresh(), "other"), "store");

        assertRefused("wrong password; it was SOFTCLOSE_TLS_PASSWORD", file, password("store"));
    }

    @Test
    void aStoreWithoutAKeyIsRefused() throws Exception {
        TlsIdentity other = TlsIdentity.fresh();
        Path file = stored("trust.p12", store -> store.setCertificateEntry("bob", other.certificate()), "");

        assertRefused("entries with a key: [] (expected: one)", file, none());
    }

    @Test
    void aStoreWithSeveralKeysIsRefused() throws Exception {
        Path file = stored(
                "two.p12",
                store -> {
                    enter(store, "alice", fresh(), "");
                    enter(store, "bob", fresh(), "");
                },
                "");

        assertRefused("entries with a key: [alice, bob] (expected: one)", file, none());
    }

    @Test
    void aCertificateOutOfItsDatesIsRefused() throws Exception {
        Instant now = Instant.now();
        Path expired = stored(
                "expired.p12",
                store -> enter(store, "alice", of(now.minusSeconds(1000), now.minusSeconds(10)), ""),
                "");
        Path early = stored(
                "early.p12", store -> enter(store, "alice", of(now.plusSeconds(1000), now.plusSeconds(2000)), ""), "");

        assertRefused("certificate out of its dates: NotAfter: ", expired, none());
        assertRefused("certificate out of its dates: NotBefore: ", early, none());
    }

    @Test
    void whatIsNoKeyStoreIsRefused() throws IOException {
        assertRefused("no key store (expected: PKCS#12)", Files.writeString(folder.resolve("a"), "hello"), none());
        assertRefused("no key store (expected: PKCS#12)", Files.createFile(folder.resolve("b")), none());
        assertRefused("there is no such file", folder.resolve("c"), none());
        assertRefused("cannot be read (", folder, none());
    }

    @Test
    void theFirstLineOfAFileIsThePasswordAndComesBeforeTheEnvironment() throws IOException {
        Path passwords = Files.writeString(folder.resolve("password"), "secret\nand more\n");
        Path file = folder.resolve("alice.p12");

        TlsIdentity made =
                IdentityFile.create(file, Password.of(Optional.of(passwords), Map.of(Password.VARIABLE, "other")));

        assertEquals(made.peerId(), IdentityFile.read(file, password("secret")).peerId());
        IOException foreign = assertThrows(IOException.class, () -> password("Schlüssel"));
        assertTrue(String.valueOf(foreign.getMessage()).endsWith("(expected: ASCII)"), foreign::toString);
        IOException absent =
                assertThrows(IOException.class, () -> Password.of(Optional.of(folder.resolve("absent")), Map.of()));
        assertTrue(String.valueOf(absent.getMessage()).contains("there is no such file"), absent::toString);
    }

    private static void assertRefused(String why, Path file, Password password) {
        IOException refused = assertThrows(IOException.class, () -> IdentityFile.read(file, password));
        String message = String.valueOf(refused.getMessage());
        assertTrue(message.startsWith("\"" + file + "\": "), message);
        assertTrue(message.contains(why), message);
    }

    private static Password password(String text) throws IOException {
        return Password.of(Optional.empty(), Map.of(Password.VARIABLE, text));
    }

    private static Password none() throws IOException {
        return Password.of(Optional.empty(), Map.of());
    }

    /** What is put into a store. */
    private interface Filling {
        void into(KeyStore store) throws GeneralSecurityException;
    }

    private Path stored(String name, Filling filling, String password) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        filling.into(store);
        Path file = folder.resolve(name);
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, password.toCharArray());
        }
        return file;
    }

    /** A key with its certificate. */
    private record Owner(KeyPair pair, TlsIdentity identity) {}

    private static Owner fresh() throws GeneralSecurityException {
        return of(Instant.now().minusSeconds(10), Instant.now().plusSeconds(1000));
    }

    private static Owner of(Instant from, Instant until) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair pair = generator.generateKeyPair();
        return new Owner(pair, TlsIdentity.selfSigned(pair, from, until));
    }

    private static void enter(KeyStore store, String alias, Owner owner, String password)
            throws GeneralSecurityException {
        Certificate[] chain = {owner.identity().certificate()};
        store.setKeyEntry(alias, owner.pair().getPrivate(), password.toCharArray(), chain);
    }
}
