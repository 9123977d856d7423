/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.tls;

import io.softclose.net.PeerId;
import java.util.Optional;
import javax.net.ssl.SSLEngine;

/**
 * Makes the engines of links, for whoever has an {@code SSLContext} of its own, or another implementation such as OpenSSL's.
 * Thread-safe. An engine is used by one link, on its loop; the tasks that it delegates run elsewhere.
 */
public interface TlsEngines {
    /**
     * A fresh engine for a link that this end dials, in client mode.
     *
     * @param expected who was dialled, if the dial named a peer; the link checks that in any case when the handshake is
     *     complete
     */
    SSLEngine dialling(Optional<PeerId> expected);

    /** A fresh engine for a link that this end accepts, in server mode. */
    SSLEngine accepting();

    /**
     * An engine is not used any more: its link is gone, and none of its tasks runs. Called once for each, on the link's loop
     * or a thread of its tasks. For engines that hold more than the garbage collector finds, such as Netty's counted ones.
     *
     * @param engine made by {@link #dialling} or {@link #accepting}
     */
    default void release(SSLEngine engine) {}
}
