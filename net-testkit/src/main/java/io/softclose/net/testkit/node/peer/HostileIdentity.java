/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.node.peer;

import io.softclose.net.PeerId;
import io.softclose.net.testkit.wire.TrustsAnyone;
import io.softclose.net.tls.TlsIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/**
 * What a peer over the JDK's TLS sockets claims to be: it trusts everybody, and shows a certificate that need not be its own.
 *
 * @param key signs
 * @param certificate is shown
 */
public record HostileIdentity(PrivateKey key, X509Certificate certificate) {
    private static final Duration SOON = Duration.ofHours(1);

    /** As a good peer's. */
    public static HostileIdentity fresh() {
        Instant now = Instant.now();
        return of(now.minus(SOON), now.plus(SOON));
    }

    /** Whose certificate is not good any more. */
    public static HostileIdentity expired() {
        Instant now = Instant.now();
        return of(now.minus(SOON), now.minusSeconds(10));
    }

    /** Who shows another's certificate, and has not its key. */
    public static HostileIdentity thiefOf(HostileIdentity owner) {
        return new HostileIdentity(fresh().key, owner.certificate);
    }

    private static HostileIdentity of(Instant from, Instant until) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            KeyPair pair = generator.generateKeyPair();
            TlsIdentity made = TlsIdentity.selfSigned(pair, from, until);
            return new HostileIdentity(pair.getPrivate(), made.certificate());
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("P-256 is required for TLS", broken);
        }
    }

    public PeerId peerId() {
        return PeerId.ofKey(certificate.getPublicKey());
    }

    /** The first record of a handshake: a whole ClientHello. */
    public static byte[] hello() throws IOException {
        SSLEngine engine = context(new KeyManager[0]).createSSLEngine();
        engine.setUseClientMode(true);
        ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), record);
        return Arrays.copyOf(record.array(), record.position());
    }

    /** Dials, and has not shaken hands. */
    public SSLSocket dial(InetSocketAddress node, String protocol) throws IOException {
        return over(new Socket(node.getAddress(), node.getPort()), managers(), protocol);
    }

    /** The dialling end over a socket that is connected, and has not shaken hands. */
    public SSLSocket over(Socket socket) throws IOException {
        return over(socket, managers(), "TLSv1.3");
    }

    /** As {@link #dial}, of a peer that shows no certificate. */
    public static SSLSocket dialNameless(InetSocketAddress node) throws IOException {
        return over(new Socket(node.getAddress(), node.getPort()), new KeyManager[0], "TLSv1.3");
    }

    private static SSLSocket over(Socket socket, KeyManager[] keys, String protocol) throws IOException {
        SSLSocket secured = (SSLSocket) context(keys)
                .getSocketFactory()
                .createSocket(socket, socket.getInetAddress().getHostAddress(), socket.getPort(), true);
        secured.setEnabledProtocols(new String[] {protocol});
        return secured;
    }

    /** Listens on a free port, and asks for certificates. */
    public SSLServerSocket listen() throws IOException {
        SSLServerSocket server = (SSLServerSocket)
                context(managers()).getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress());
        server.setNeedClientAuth(true);
        return server;
    }

    private KeyManager[] managers() {
        try {
            char[] password = "none".toCharArray();
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("own", key, password, new Certificate[] {certificate});
            KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
            factory.init(store, password);
            return factory.getKeyManagers();
        } catch (GeneralSecurityException | IOException broken) {
            throw new IllegalStateException("a key store in memory", broken);
        }
    }

    private static SSLContext context(KeyManager[] keys) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, new TrustManager[] {new TrustsAnyone()}, null);
            return context;
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("TLS is required of every Java platform", broken);
        }
    }
}
