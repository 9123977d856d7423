/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.spi;

import io.softclose.net.Connection;
import io.softclose.net.Connection.Direction;
import io.softclose.net.PeerId;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Finds out who is at the other end of a fresh link, before AptosNet's handshake. It may exchange bytes of its own
 * first, or ask the link {@linkplain Link#provenPeer whom it has proved}. Thread-safe; each link has its own {@link
 * Session}, which is confined to the link's loop.
 */
public interface IdentityExchange {
    /**
     * Starts with one link.
     *
     * @param dialled who was dialled, if this end dialled and named a peer
     * @throws IdentityException if this peer is refused straight away
     */
    Session begin(Link link, Direction direction, Optional<PeerId> dialled);

    /** The exchange on one link. */
    interface Session {
        /** What to send first; empty to send nothing. */
        default ByteBuffer greeting() {
            return ByteBuffer.allocate(0);
        }

        /**
         * Asked once after the greeting, with no bytes, and then whenever bytes arrive, until it has identified the
         * peer. Takes from the buffer the bytes that belong to the exchange, and no more. What it leaves unfinished is
         * shown again, followed by more, next time; at most 64 KiB are kept for that.
         *
         * @throws IdentityException if the peer is refused
         */
        Step receive(ByteBuffer received);
    }

    /** How far an exchange has come. */
    sealed interface Step {
        /**
         * More bytes are needed.
         *
         * @param reply what to send meanwhile; empty to send nothing
         */
        record Continue(ByteBuffer reply) implements Step {}

        /**
         * The peer is known.
         *
         * @param peer who it is
         * @param proof whether it has proved that
         * @param reply what to send last; empty to send nothing
         */
        record Identified(PeerId peer, Proof proof, ByteBuffer reply) implements Step {}
    }

    /** Whether a peer has proved who it is. */
    enum Proof {
        /** With a key, for one. It becomes {@link Connection#provenPeer}. */
        GIVEN,
        /** It is believed, or has a stand-in: whoever is in between could be anybody. */
        NONE
    }

    /** The peer is refused. The message says who was expected and who came. */
    final class IdentityException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /** A refusal with its reason. */
        public IdentityException(String message) {
            super(message);
        }
    }

    /**
     * The peer is who the link has proved, and exchanges no bytes. A link that proves nobody is refused, and so is one that
     * proves another peer than was dialled. The default of every network.
     */
    static IdentityExchange proven() {
        return (link, direction, dialled) -> {
            PeerId peer = link.provenPeer()
                    .orElseThrow(() -> new IdentityException("the link proves nobody (expected: one that does, as TLS;"
                            + " or NetworkBuilder.plaintext(), on a network of trust)"));
            if (dialled.isPresent() && !dialled.get().equals(peer)) {
                throw new IdentityException("peer " + peer + " (expected: " + dialled.get() + ", who was dialled)");
            }
            return received -> new Step.Identified(peer, Proof.GIVEN, ByteBuffer.allocate(0));
        };
    }

    /**
     * Lets in whoever a link proves nothing of, as AptosNet without encryption does, and exchanges no bytes: a dialled peer
     * is believed to be who was dialled; a peer that dials, or was dialled by address alone, gets an identity made from its
     * address. A link that proves its peer is treated as by {@link #proven}. It is the same object each time.
     */
    static IdentityExchange plaintext() {
        return Plaintext.INSTANCE;
    }
}
