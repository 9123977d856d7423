/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit;

import io.softclose.net.spi.Transport;
import java.io.IOException;
import java.net.Socket;

/**
 * What contracts put between the transport under test and whoever uses it, and between their own bare sockets and what
 * these have to say. A contract must hold with it as well as without. Thread-safe.
 */
public interface Layer {
    /**
     * A transport with this layer.
     *
     * @param below carries its bytes, and is closed with it
     */
    Transport over(Transport below);

    /**
     * What a peer says and hears over a socket with which it has dialled. Returns once the layer's handshake is complete.
     *
     * @param socket connected; closed with the one that is returned
     */
    Socket dialled(Socket socket) throws IOException;

    /**
     * What a peer says and hears over a socket that it has accepted. Returns once the layer's handshake is complete.
     *
     * @param socket connected; closed with the one that is returned
     */
    Socket accepted(Socket socket) throws IOException;

    /** The most bytes that one of its links has taken and the link below has not. */
    int mostUnflushedBytes();

    /** No layer. */
    static Layer none() {
        return NoLayer.INSTANCE;
    }

    /** TLS 1.3 between peers of which each has a key and trusts every other. */
    static Layer tls() {
        return TlsLayer.INSTANCE;
    }
}
