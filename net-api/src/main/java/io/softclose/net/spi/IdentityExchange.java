/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.spi;

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
         * @param reply what to send last; empty to send nothing
         */
        record Identified(PeerId peer, ByteBuffer reply) implements Step {}
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
     * Proves nothing and sends nothing, as AptosNet without encryption: a dialled peer is believed to be who was
     * dialled; a peer that dials, or was dialled by address alone, gets an identity made from its address.
     */
    static IdentityExchange plaintext() {
        return (link, direction, dialled) -> received -> new Step.Identified(
                dialled.orElseGet(() -> PeerId.ofAddress(link.remoteAddress())), ByteBuffer.allocate(0));
    }

    /**
     * The peer is who the link has proved, and exchanges no bytes. A link that proves nobody is refused, and so is one that
     * proves another peer than was dialled: for networks over TLS.
     */
    static IdentityExchange proven() {
        return (link, direction, dialled) -> {
            PeerId peer = link.provenPeer()
                    .orElseThrow(
                            () -> new IdentityException("the link proves nobody (expected: one that does, as TLS)"));
            if (dialled.isPresent() && !dialled.get().equals(peer)) {
                throw new IdentityException("peer " + peer + " (expected: " + dialled.get() + ", who was dialled)");
            }
            return received -> new Step.Identified(peer, ByteBuffer.allocate(0));
        };
    }

    /** As {@link #proven} on a link that proves somebody, and as {@link #plaintext} on any other. */
    static IdentityExchange provenOrPlaintext() {
        return (link, direction, dialled) -> {
            IdentityExchange fitting = link.provenPeer().isPresent() ? proven() : plaintext();
            return fitting.begin(link, direction, dialled);
        };
    }
}
