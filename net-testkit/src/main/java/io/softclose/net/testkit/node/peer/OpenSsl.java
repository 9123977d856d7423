/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.node.peer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.softclose.net.PeerId;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A peer that shares no code with us: the program {@code openssl}, with a key and a certificate that it has made itself, in a
 * folder of its own. It says what it is given. Confined to a test's thread.
 */
public final class OpenSsl implements AutoCloseable {
    private static final int MOST_SECONDS = 30;
    private static final String IDENTITY =
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=peer -days 30 -keyout key.pem"
                    + " -out cert.pem";

    private final Path folder;
    private final Process process;

    private OpenSsl(Path folder, Process process) {
        this.folder = folder;
        this.process = process;
    }

    /** Makes its identity, and says who it is; skips the test if this machine has no {@code openssl}. */
    public static PeerId identity(Path folder) throws IOException, InterruptedException {
        assumeTrue(exists(folder), "there is no openssl on this machine (expected: version 3, on the path)");
        assertTrue(start(folder, IDENTITY).succeeds(), "openssl could make no identity");
        try (InputStream in = Files.newInputStream(folder.resolve("cert.pem"))) {
            Certificate made = CertificateFactory.getInstance("X.509").generateCertificate(in);
            return PeerId.ofKey(made.getPublicKey());
        } catch (GeneralSecurityException failed) {
            throw new IOException("the certificate of openssl: " + failed.getMessage(), failed);
        }
    }

    private static boolean exists(Path folder) throws InterruptedException {
        try {
            return start(folder, "version").succeeds();
        } catch (IOException none) {
            return false;
        }
    }

    /**
     * Dials with its identity.
     *
     * @param version the option that says which version of TLS
     */
    public static OpenSsl dial(Path folder, InetSocketAddress address, String version) throws IOException {
        return start(
                folder,
                "s_client -quiet -cert cert.pem -key key.pem " + version + " -connect 127.0.0.1:" + address.getPort());
    }

    /** Listens with its identity for one connection, and wants a certificate of whoever dials. */
    public static OpenSsl listen(Path folder, String version) throws IOException {
        return start(
                folder, "s_server -accept 127.0.0.1:0 -naccept 1 -Verify 1 -cert cert.pem -key key.pem " + version);
    }

    private static OpenSsl start(Path folder, String options) throws IOException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(options.split(" ", -1)));
        return new OpenSsl(
                folder,
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectOutput(folder.resolve("out.txt").toFile())
                        .redirectError(folder.resolve("errors.txt").toFile())
                        .start());
    }

    /** Where it listens: it says {@code ACCEPT 127.0.0.1:port}. */
    public InetSocketAddress address() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
        while (System.nanoTime() - deadline < 0 && process.isAlive()) {
            for (String line : printed().split("\n", -1)) {
                if (line.startsWith("ACCEPT 127.0.0.1:") && printed().contains(line + "\n")) {
                    int port = Integer.parseInt(
                            line.substring(line.lastIndexOf(':') + 1).strip());
                    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
                }
            }
            // No event tells what another process prints into a file.
            boolean unused = process.waitFor(5, TimeUnit.MILLISECONDS);
        }
        throw new AssertionError("does not listen: " + this);
    }

    /** Has it say this to its peer. */
    public void say(byte[] bytes) throws IOException {
        process.getOutputStream().write(bytes);
        process.getOutputStream().flush();
    }

    /** Waits until it has ended, as it does when its peer has. */
    public boolean ends() throws InterruptedException {
        return process.waitFor(MOST_SECONDS, TimeUnit.SECONDS);
    }

    private boolean succeeds() throws InterruptedException {
        return ends() && process.exitValue() == 0;
    }

    /** What it has printed, what its peer said among it. */
    public String printed() throws IOException {
        return Files.readString(folder.resolve("out.txt"), ISO_8859_1);
    }

    /** What it has printed of errors, and of the certificate of whoever dialled. */
    public String complained() throws IOException {
        return Files.readString(folder.resolve("errors.txt"), ISO_8859_1);
    }

    @Override
    public String toString() {
        try {
            return "openssl, which printed:\n" + printed() + "\nand complained:\n" + complained();
        } catch (IOException gone) {
            return "openssl, of which nothing can be read: " + gone;
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
