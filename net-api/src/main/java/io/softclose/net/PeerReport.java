/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import java.util.List;

/**
 * What became of the messages that were addressed to a {@link Peer}, when its network has shut down.
 *
 * @param peer who it was
 * @param account over all its connections
 * @param returned what still waited for a connection and comes back now, most urgent lane first, in order
 */
public record PeerReport(PeerId peer, PeerAccount account, List<ReturnedMessage> returned) {
    /** Copies the list. */
    public PeerReport {
        returned = List.copyOf(returned);
    }
}
