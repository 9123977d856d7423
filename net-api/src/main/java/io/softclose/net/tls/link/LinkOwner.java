/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.tls.link;

import io.softclose.net.PeerId;
import java.util.Optional;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;

/** What a {@link TlsLink} is to do its work with. */
public interface LinkOwner {
    /**
     * Who the session's peer has proved to be; nobody if it has shown no certificate.
     *
     * @throws io.softclose.net.HandshakeException if it is refused
     */
    Optional<PeerId> admit(SSLSession session);

    /** Runs tasks of handshakes, off the loop. */
    Executor tasks();

    /** Lends the link's buffers. */
    BufferMemory memory();

    /** The link's engine is not used any more. */
    void release(SSLEngine engine);

    /** How long the handshake may take, from when the link below is up. */
    long handshakeNanos();
}
