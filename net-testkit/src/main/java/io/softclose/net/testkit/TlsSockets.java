/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit;

import io.softclose.net.testkit.wire.TrustsAnyone;
import io.softclose.net.tls.TlsIdentity;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/** The JDK's own TLS over a blocking socket, with a key of its own: it shares no code with the layer under test. */
final class TlsSockets {
    private static final SSLContext CONTEXT = context();

    private TlsSockets() {}

    /** TLS 1.3 over a connected socket, which is closed with it. Which end it is, and the handshake, are still to come. */
    static SSLSocket over(Socket socket) throws IOException {
        String host = socket.getInetAddress().getHostAddress();
        SSLSocket made = (SSLSocket) CONTEXT.getSocketFactory().createSocket(socket, host, socket.getPort(), true);
        made.setEnabledProtocols(new String[] {"TLSv1.3"});
        return made;
    }

    private static SSLContext context() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            Instant now = Instant.now();
            Duration day = Duration.ofDays(1);
            TlsIdentity identity = TlsIdentity.selfSigned(pair, now.minus(day), now.plus(day));
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("own", pair.getPrivate(), new char[0], new Certificate[] {identity.certificate()});
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, new char[0]);
            SSLContext made = SSLContext.getInstance("TLS");
            made.init(keys.getKeyManagers(), new TrustManager[] {new TrustsAnyone()}, null);
            return made;
        } catch (GeneralSecurityException | IOException broken) {
            throw new IllegalStateException("TLS is required of every Java platform", broken);
        }
    }
}
