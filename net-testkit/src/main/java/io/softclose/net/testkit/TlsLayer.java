/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit;

import io.softclose.net.spi.Transport;
import io.softclose.net.tls.PeerTrust;
import io.softclose.net.tls.TlsIdentity;
import io.softclose.net.tls.TlsSettings;
import io.softclose.net.tls.TlsTransport;
import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLSocket;

/** TLS 1.3 between peers of which each has a key of its own. Those on bare sockets are the JDK's, and share one. */
enum TlsLayer implements Layer {
    INSTANCE;

    /** A record's plaintext, and a message that begins before it. */
    private static final int MOST_UNFLUSHED = 32 * 1024;

    @Override
    public Transport over(Transport below) {
        return TlsTransport.over(
                below,
                TlsSettings.builder(PeerTrust.anyone())
                        .identity(TlsIdentity.fresh())
                        .handshakeTimeout(Waiting.SAFETY_NET)
                        .build());
    }

    @Override
    public Socket dialled(Socket socket) throws IOException {
        return shaken(TlsSockets.over(socket), true);
    }

    @Override
    public Socket accepted(Socket socket) throws IOException {
        return shaken(TlsSockets.over(socket), false);
    }

    private static Socket shaken(SSLSocket socket, boolean dialling) throws IOException {
        socket.setUseClientMode(dialling);
        socket.setNeedClientAuth(!dialling);
        int before = socket.getSoTimeout();
        socket.setSoTimeout((int) Waiting.SAFETY_NET.toMillis());
        try {
            socket.startHandshake();
        } catch (IOException failure) {
            socket.close();
            throw failure;
        }
        socket.setSoTimeout(before);
        return socket;
    }

    @Override
    public int mostUnflushedBytes() {
        return MOST_UNFLUSHED;
    }
}
