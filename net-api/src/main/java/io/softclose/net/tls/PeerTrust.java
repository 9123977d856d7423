/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.tls;

import io.softclose.net.PeerId;

/**
 * Decides with whom there may be a link, whoever dials, by the identity that the key of the peer's certificate proves.
 * Asked within the handshake, on a thread that runs its tasks, and once more on the link's loop when the handshake is
 * complete, for a session that is resumed shows no certificate. Thread-safe; must not block.
 */
@FunctionalInterface
public interface PeerTrust {
    /** Whether this peer may come in. */
    boolean trusts(PeerId peer);

    /** Trusts whoever has proved any key: for nodes that only dial, and name whom they expect. */
    static PeerTrust anyone() {
        return peer -> true;
    }
}
