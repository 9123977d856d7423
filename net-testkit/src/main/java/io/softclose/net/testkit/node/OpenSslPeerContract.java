/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Message;
import io.softclose.net.PeerId;
import io.softclose.net.SendResult;
import io.softclose.net.spi.IdentityExchange;
import io.softclose.net.spi.Transport;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.node.fixture.Node;
import io.softclose.net.testkit.node.fixture.Nodes;
import io.softclose.net.testkit.node.fixture.TransportUnderTest;
import io.softclose.net.testkit.node.peer.OpenSsl;
import io.softclose.net.testkit.node.peer.Peers;
import io.softclose.net.testkit.wire.WireBytes;
import io.softclose.net.tls.TlsIdentity;
import io.softclose.net.tls.TlsSettings;
import io.softclose.net.tls.TlsTransport;
import io.softclose.net.tls.TrustedPeers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nodes over mutual TLS on any transport, and {@code openssl} at the other end: it is known by its key, knows us by ours, talks
 * AptosNet's frames, and sees our end. Skipped where there is none. The author of a transport over TCP implements this
 * interface in a test class, as {@link NodeContract}.
 */
public interface OpenSslPeerContract extends TransportUnderTest {
    @Test
    default void openSslDialsOverTls13(Nodes nodes, @TempDir Path folder) throws Exception {
        openSslDials(nodes, folder, "-tls1_3");
    }

    @Test
    default void openSslDialsOverTls12(Nodes nodes, @TempDir Path folder) throws Exception {
        openSslDials(nodes, folder, "-tls1_2");
    }

    @Test
    default void openSslIsDialledOverTls13(Nodes nodes, @TempDir Path folder) throws Exception {
        openSslIsDialled(nodes, folder, "-tls1_3");
    }

    @Test
    default void openSslIsDialledOverTls12(Nodes nodes, @TempDir Path folder) throws Exception {
        openSslIsDialled(nodes, folder, "-tls1_2");
    }

    private static void openSslDials(Nodes nodes, Path folder, String version)
            throws IOException, InterruptedException {
        PeerId peer = OpenSsl.identity(folder);
        Node node = node(nodes, TlsIdentity.fresh(), peer);
        try (OpenSsl openSsl = OpenSsl.dial(folder, node.listen(), version)) {
            openSsl.say(WireBytes.handshake(Peers.CHAIN_ID, 0, Node.PROTOCOL.id()));
            Connection connection = node.nextConnection();
            assertEquals(Optional.of(peer), connection.provenPeer());

            talk(openSsl, node, connection);
            var unused = connection.close();

            // It ends because of our close_notify, and answers with its own.
            assertTrue(openSsl.ends(), "openssl has not ended");
            CloseReport report = node.nextReport();
            assertEquals(CloseEnding.CLEAN, report.ending(), report::toString);
            assertTrue(openSsl.printed().contains("to openssl"), openSsl::toString);
        }
    }

    private static void openSslIsDialled(Nodes nodes, Path folder, String version)
            throws IOException, InterruptedException {
        PeerId peer = OpenSsl.identity(folder);
        TlsIdentity own = TlsIdentity.fresh();
        Node node = node(nodes, own, peer);
        try (OpenSsl openSsl = OpenSsl.listen(folder, version)) {
            CompletionStage<Connection> opened =
                    node.network().dial(peer, openSsl.address()).opened();
            openSsl.say(WireBytes.handshake(Peers.CHAIN_ID, 0, Node.PROTOCOL.id()));
            Connection connection = Waiting.await(opened, "the connection");
            assertEquals(Optional.of(peer), connection.provenPeer());

            talk(openSsl, node, connection);
            CloseReport report = Waiting.await(connection.close(), "the close");

            assertEquals(CloseEnding.CLEAN, report.ending(), report::toString);
            assertTrue(openSsl.ends(), "openssl has not ended");
            assertTrue(openSsl.printed().contains("to openssl"), openSsl::toString);
            assertTrue(openSsl.complained().contains("softclose " + own.peerId().shortText()), openSsl::toString);
            // Its word for our close_notify; an end without one is an ERROR to it.
            assertTrue(openSsl.printed().contains("DONE") && !openSsl.printed().contains("ERROR"), openSsl::toString);
        }
    }

    private static Node node(Nodes nodes, TlsIdentity own, PeerId trusted) {
        Transport below = nodes.transport();
        TlsSettings settings = TlsSettings.builder(TrustedPeers.of(trusted))
                .identity(own)
                .alsoTls12()
                .build();
        return nodes.node(
                below,
                builder -> builder.chainId(Peers.CHAIN_ID)
                        .peerId(own.peerId())
                        .transport(() -> TlsTransport.over(below, settings))
                        .identityExchange(IdentityExchange.proven()));
    }

    private static void talk(OpenSsl openSsl, Node node, Connection connection) throws IOException {
        openSsl.say(WireBytes.directSend(Node.PROTOCOL.id(), 0, "to us".getBytes(UTF_8)));
        assertEquals(5, node.nextMessage().payload().remaining());
        Message answer = Message.of(Node.PROTOCOL, 0, "to openssl".getBytes(UTF_8));
        assertEquals(SendResult.ACCEPTED, connection.send(answer));
    }
}
