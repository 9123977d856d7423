/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus;

import io.softclose.net.Connection.Direction;
import io.softclose.net.PeerId;
import io.softclose.net.spi.IdentityExchange;
import io.softclose.net.spi.Link;
import java.nio.ByteBuffer;
import java.util.Optional;

/** An exchange that stands for mutual TLS, and costs nothing: each end says who it is, and is taken at its word as if it had proved that. */
record Introductions(PeerId self) implements IdentityExchange {
    @Override
    public Session begin(Link link, Direction direction, Optional<PeerId> dialled) {
        return new Session() {
            @Override
            public ByteBuffer greeting() {
                return ByteBuffer.wrap(self.toBytes());
            }

            @Override
            public Step receive(ByteBuffer received) {
                if (received.remaining() < PeerId.LENGTH) {
                    return new Step.Continue(ByteBuffer.allocate(0));
                }
                byte[] id = new byte[PeerId.LENGTH];
                received.get(id);
                PeerId peer = PeerId.of(id);
                if (dialled.isPresent() && !dialled.get().equals(peer)) {
                    throw new IdentityException("peer " + peer + " (expected: " + dialled.get() + ")");
                }
                return new Step.Identified(peer, Proof.GIVEN, ByteBuffer.allocate(0));
            }
        };
    }
}
