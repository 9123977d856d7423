/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.identity;

import io.softclose.net.tls.TlsIdentity;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/** A PKCS#12 key store with one key: who a node is. */
public final class IdentityFile {
    private static final String TYPE = "PKCS12";
    private static final String ALIAS = "softclose";
    private static final Duration EARLIER = Duration.ofDays(1);
    private static final Duration GOOD_FOR = Duration.ofDays(3653);

    private IdentityFile() {}

    /**
     * The identity in a file.
     *
     * @throws IOException if there is no such file, it is no key store, the password is wrong, it has no key or several, or
     *     its certificate is out of its dates; its message says which, and what was expected
     */
    public static TlsIdentity read(Path file, Password password) throws IOException {
        try {
            TlsIdentity identity = TlsIdentity.of(store(file, Contents.of(file), password), password.characters());
            identity.certificate().checkValidity();
            return identity;
        } catch (CertificateExpiredException | CertificateNotYetValidException outOfDate) {
            throw new IOException(
                    quoted(file) + "certificate out of its dates: " + outOfDate.getMessage()
                            + " (expected: one that is good now; a new one for the same key leaves the peer id as it is)",
                    outOfDate);
        } catch (UnrecoverableKeyException wrong) {
            throw wrongPassword(file, password, wrong);
        } catch (GeneralSecurityException | IllegalArgumentException unusable) {
            throw new IOException(quoted(file) + unusable.getMessage(), unusable);
        }
    }

    /**
     * Makes a fresh key on the P-256 curve with a certificate of its own, good for ten years, and writes them to a new file,
     * which nobody else may read where the file system knows owners.
     *
     * @throws java.nio.file.FileAlreadyExistsException if the file is there already; it is left as it is
     */
    public static TlsIdentity create(Path file, Password password) throws IOException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            Instant now = Instant.now();
            TlsIdentity identity = TlsIdentity.selfSigned(pair, now.minus(EARLIER), now.plus(GOOD_FOR));
            KeyStore store = KeyStore.getInstance(TYPE);
            store.load(null, null);
            store.setKeyEntry(
                    ALIAS, pair.getPrivate(), password.characters(), new Certificate[] {identity.certificate()});
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            store.store(bytes, password.characters());
            write(file, bytes.toByteArray());
            return identity;
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("P-256 and PKCS#12 are required of a JDK", missing);
        }
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), forTheOwnerAlone(file))) {
            writeAll(file, channel, ByteBuffer.wrap(bytes));
        }
    }

    private static void writeAll(Path file, FileChannel channel, ByteBuffer bytes) throws IOException {
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        } catch (IOException incomplete) {
            Files.deleteIfExists(file);
            throw incomplete;
        }
    }

    private static FileAttribute<?>[] forTheOwnerAlone(Path file) {
        boolean hasOwners = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        return hasOwners
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    /** The store that these bytes of a file are. */
    static KeyStore store(Path file, byte[] bytes, Password password) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance(TYPE);
            store.load(new ByteArrayInputStream(bytes), password.characters());
            return store;
        } catch (IOException refused) {
            if (refused.getCause() instanceof UnrecoverableKeyException) {
                throw wrongPassword(file, password, refused);
            }
            throw notAStore(file, refused);
        } catch (GeneralSecurityException refused) {
            throw notAStore(file, refused);
        }
    }

    private static IOException notAStore(Path file, Exception refused) {
        return new IOException(quoted(file) + "no key store (expected: PKCS#12)", refused);
    }

    private static IOException wrongPassword(Path file, Password password, Exception refused) {
        return new IOException(quoted(file) + "wrong password; it was " + password, refused);
    }

    private static String quoted(Path file) {
        return "\"" + file + "\": ";
    }
}
