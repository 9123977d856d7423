/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.node;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.NetworkEvents;
import io.softclose.net.PeerId;
import io.softclose.net.ProtocolId;
import io.softclose.net.nio.NioTransport;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.wire.WireBytes;
import io.softclose.net.tls.TlsIdentity;
import io.softclose.net.tls.TlsSettings;
import io.softclose.net.tls.TlsTransport;
import io.softclose.net.tls.TrustedPeers;
import io.softclose.policy.drain.GracefulPolicy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A peer that shares no code with us: Debian's {@code openssl}, dialling and listening, over both versions of TLS. */
class OpenSslTest {
    private static final ProtocolId PROTOCOL = ProtocolId.CONSENSUS_DIRECT_SEND_BCS;

    @TempDir
    Path folder;

    private final BlockingQueue<Connection> connected = new LinkedBlockingQueue<>();
    private final BlockingQueue<CloseReport> reports = new LinkedBlockingQueue<>();
    private final BlockingQueue<Message> received = new LinkedBlockingQueue<>();
    private final NetworkEvents events = new NetworkEvents() {
        @Override
        public void connected(Connection connection) {
            connected.add(connection);
        }

        @Override
        public void disconnected(Connection connection, CloseReport report) {
            reports.add(report);
        }
    };

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_3", "-tls1_2"})
    void openSslIsKnownByItsKeyTalksAndSeesOurEnd(String version) throws Exception {
        assumeTrue(
                hasOpenSsl(),
                "there is no openssl on this machine (expected: the program openssl, version 3, on the path)");
        makeIdentity();
        PeerId peer = PeerId.ofKey(certificate().getPublicKey());
        TlsIdentity own = TlsIdentity.fresh();
        try (Network network = network(own, peer)) {
            InetSocketAddress address =
                    (InetSocketAddress) network.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                            .localAddress();
            Process client = client(address.getPort(), version);
            say(client, WireBytes.handshake(4, 0, PROTOCOL.id()));
            Connection connection = Waiting.next(connected, "a connection");
            assertEquals(peer, connection.peer());

            say(client, WireBytes.directSend(PROTOCOL.id(), 0, "to us".getBytes(UTF_8)));
            assertEquals(5, Waiting.next(received, "a message").payload().remaining());
            assertTrue(connection
                    .send(Message.of(PROTOCOL, 0, "to openssl".getBytes(UTF_8)))
                    .accepted());
            var unused = connection.close();

            // It ends because of our close_notify, and answers with its own.
            assertTrue(client.waitFor(20, TimeUnit.SECONDS), "openssl has not ended");
            CloseReport report = Waiting.next(reports, "a report");
            assertEquals(CloseEnding.CLEAN, report.ending(), report::toString);
            assertTrue(Files.readString(folder.resolve("out.txt"), ISO_8859_1).contains("to openssl"));
        }
    }

    /** It wants a certificate of us, too: {@code -Verify}. */
    @ParameterizedTest
    @ValueSource(strings = {"-tls1_3", "-tls1_2"})
    void openSslIsDialledTalksAndSeesOurEnd(String version) throws Exception {
        assumeTrue(
                hasOpenSsl(),
                "there is no openssl on this machine (expected: the program openssl, version 3, on the path)");
        makeIdentity();
        PeerId peer = PeerId.ofKey(certificate().getPublicKey());
        TlsIdentity own = TlsIdentity.fresh();
        Process server = server(version);
        try (Network network = network(own, peer);
                BufferedReader printed = server.inputReader(ISO_8859_1)) {
            CompletionStage<Connection> opened =
                    network.dial(peer, addressOf(printed)).opened();
            say(server, WireBytes.handshake(4, 0, PROTOCOL.id()));
            Connection connection = Waiting.await(opened, "the connection");
            assertEquals(Optional.of(peer), connection.provenPeer());

            say(server, WireBytes.directSend(PROTOCOL.id(), 0, "to us".getBytes(UTF_8)));
            assertEquals(5, Waiting.next(received, "a message").payload().remaining());
            assertTrue(connection
                    .send(Message.of(PROTOCOL, 0, "to openssl".getBytes(UTF_8)))
                    .accepted());
            CloseReport report = Waiting.await(connection.close(), "the close");

            assertEquals(CloseEnding.CLEAN, report.ending(), report::toString);
            assertTrue(server.waitFor(20, TimeUnit.SECONDS), "openssl has not ended");
            String rest = printed.lines().collect(Collectors.joining("\n"));
            assertTrue(rest.contains("to openssl"), rest);
            String checked = Files.readString(folder.resolve("errors.txt"), ISO_8859_1);
            assertTrue(checked.contains("softclose " + own.peerId().shortText()), checked);
            // Its word for our close_notify; an end without one is an ERROR to it.
            assertTrue(rest.contains("DONE") && !rest.contains("ERROR"), rest);
        } finally {
            server.destroyForcibly();
        }
    }

    private Process server(String version) throws IOException {
        return new ProcessBuilder(
                        "openssl",
                        "s_server",
                        version,
                        "-accept",
                        "127.0.0.1:0",
                        "-naccept",
                        "1",
                        "-Verify",
                        "1",
                        "-cert",
                        "cert.pem",
                        "-key",
                        "key.pem")
                .directory(folder.toFile())
                .redirectError(folder.resolve("errors.txt").toFile())
                .start();
    }

    /** It says {@code ACCEPT 127.0.0.1:port}. */
    private static InetSocketAddress addressOf(BufferedReader printed) throws IOException {
        for (String line = printed.readLine(); line != null; line = printed.readLine()) {
            if (line.startsWith("ACCEPT ")) {
                int port = Integer.parseInt(
                        line.substring(line.lastIndexOf(':') + 1).strip());
                return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            }
        }
        throw new AssertionError("openssl does not listen");
    }

    private Network network(TlsIdentity own, PeerId trusted) {
        TlsSettings settings = TlsSettings.builder(TrustedPeers.of(trusted))
                .identity(own)
                .alsoTls12()
                .build();
        return Network.builder()
                .peerId(own.peerId())
                .transport(() -> TlsTransport.over(NioTransport.builder().build(), settings))
                .closePolicy(GracefulPolicy.builder().build())
                .handle(PROTOCOL, (connection, message) -> received.add(message))
                .events(events)
                .build();
    }

    private Process client(int port, String version) throws IOException {
        return process(
                "openssl",
                "s_client",
                "-quiet",
                version,
                "-connect",
                "127.0.0.1:" + port,
                "-cert",
                "cert.pem",
                "-key",
                "key.pem");
    }

    private static void say(Process client, byte[] bytes) throws IOException {
        client.getOutputStream().write(bytes);
        client.getOutputStream().flush();
    }

    private boolean hasOpenSsl() throws InterruptedException {
        try {
            return process("openssl", "version").waitFor() == 0;
        } catch (IOException none) {
            return false;
        }
    }

    private void makeIdentity() throws IOException, InterruptedException {
        Process request = process(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-subj",
                "/CN=peer",
                "-days",
                "30",
                "-keyout",
                "key.pem",
                "-out",
                "cert.pem");
        assertEquals(0, request.waitFor());
    }

    private X509Certificate certificate() throws IOException, CertificateException {
        try (InputStream in = Files.newInputStream(folder.resolve("cert.pem"))) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private Process process(String... command) throws IOException {
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(folder.resolve("out.txt").toFile())
                .redirectError(folder.resolve("errors.txt").toFile())
                .start();
    }
}
