/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.spi;

import io.softclose.net.Connection.Direction;
import io.softclose.net.PeerId;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Believes what the link does not prove. One object, so that whoever is given it can tell. */
enum Plaintext implements IdentityExchange {
    INSTANCE;

    @Override
    public Session begin(Link link, Direction direction, Optional<PeerId> dialled) {
        if (link.provenPeer().isPresent()) {
            return IdentityExchange.proven().begin(link, direction, dialled);
        }
        PeerId believed = dialled.orElseGet(() -> PeerId.ofAddress(link.remoteAddress()));
        return received -> new Step.Identified(believed, Proof.NONE, ByteBuffer.allocate(0));
    }
}
