/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.connection;

import static java.util.Objects.requireNonNull;

import io.softclose.net.Connection.Direction;
import io.softclose.net.HandshakeException;
import io.softclose.net.HandshakeException.Failure;
import io.softclose.net.PeerId;
import io.softclose.net.engine.NetworkSettings;
import io.softclose.net.log.Log;
import io.softclose.net.spi.IdentityExchange;
import io.softclose.net.spi.IdentityExchange.IdentityException;
import io.softclose.net.spi.IdentityExchange.Proof;
import io.softclose.net.spi.IdentityExchange.Step;
import io.softclose.net.spi.Link;
import io.softclose.net.wire.HandshakeMsg;
import io.softclose.net.wire.HandshakeReader;
import io.softclose.net.wire.PeerText;
import io.softclose.net.wire.ProtocolIdSet;
import io.softclose.net.wire.WireException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The first bytes of a connection: the identity exchange, then AptosNet's handshake, which both ends send without
 * waiting for the other's. Loop only.
 */
final class Handshaker {
    /** Most unfinished bytes of an identity exchange that are kept. */
    private static final int MAX_UNFINISHED = 64 * 1024;

    private final IdentityExchange.Session session;
    private final Predicate<ByteBuffer> sender;
    private final HandshakeReader reader;
    private final HandshakeMsg ours;

    private ByteBuffer unfinished = ByteBuffer.allocate(0);
    private @Nullable PeerId peer;
    private Proof proof = Proof.NONE;
    private @Nullable ProtocolIdSet protocols;

    /**
     * Begins the identity exchange; sends nothing yet.
     *
     * @param sender takes what is to be sent, in order; says false if too much of that waits already
     */
    Handshaker(
            NetworkSettings settings,
            Link link,
            Direction direction,
            Optional<PeerId> dialled,
            Predicate<ByteBuffer> sender) {
        this.sender = sender;
        ours = settings.self().handshake();
        reader = new HandshakeReader(settings.services().known());
        try {
            session = settings.ways().identityExchange().begin(link, direction, dialled);
        } catch (Throwable refused) {
            throw identityFailed(refused);
        }
    }

    /** Sends what we have to say first. */
    void start() {
        try {
            send(session.greeting());
        } catch (Throwable refused) {
            throw identityFailed(refused);
        }
        identify(ByteBuffer.allocate(0));
    }

    /**
     * Takes the peer's bytes.
     *
     * @return null until the handshake is complete; then what followed it
     * @throws HandshakeException if the peer is refused
     */
    @Nullable
    ByteBuffer receive(ByteBuffer data) {
        ByteBuffer rest = peer == null ? identify(data) : data;
        if (peer != null && rest.hasRemaining()) {
            readHandshake(rest);
        }
        return protocols == null ? null : rest;
    }

    /** Who is there, once complete. */
    PeerId peer() {
        return requireNonNull(peer, "peer");
    }

    /** Whether it has proved that. */
    Proof proof() {
        return proof;
    }

    /** What both ends support, once complete. */
    ProtocolIdSet protocols() {
        return requireNonNull(protocols, "protocols");
    }

    /** Shows the session all that is unfinished; returns what it left once the peer is known. */
    private ByteBuffer identify(ByteBuffer data) {
        ByteBuffer all = ByteBuffer.allocate(unfinished.remaining() + data.remaining());
        all.put(unfinished).put(data).flip();
        try {
            Step step = requireNonNull(session.receive(all), "receive() answered null");
            if (step instanceof Step.Continue more) {
                send(more.reply());
            } else if (step instanceof Step.Identified identified) {
                peer = identified.peer();
                proof = identified.proof();
                send(identified.reply());
                send(ours.encode());
                return all;
            }
        } catch (Throwable refused) {
            throw identityFailed(refused);
        }
        if (all.remaining() > MAX_UNFINISHED) {
            throw new HandshakeException(
                    Failure.IDENTITY,
                    "identity exchange: " + all.remaining() + " bytes unfinished (expected: at most " + MAX_UNFINISHED
                            + ")");
        }
        unfinished = all;
        return ByteBuffer.allocate(0);
    }

    private void readHandshake(ByteBuffer data) {
        try {
            HandshakeMsg theirs = reader.feed(data);
            if (theirs != null) {
                protocols = ours.negotiate(theirs);
            }
        } catch (WireException malformed) {
            throw failed(Failure.MALFORMED, "handshake: " + malformed.getMessage(), malformed);
        }
    }

    private void send(ByteBuffer bytes) {
        if (bytes.hasRemaining() && !sender.test(bytes)) {
            throw new IdentityException("the peer takes none of what is to be sent");
        }
    }

    /** An exchange that fails in a way it may not must not leave the link to the time limit. */
    private static HandshakeException identityFailed(Throwable cause) {
        String what = cause instanceof IdentityException ? cause.getMessage() : Log.text(cause);
        return failed(Failure.IDENTITY, "identity exchange: " + PeerText.of(what), cause);
    }

    private static HandshakeException failed(Failure failure, String message, Throwable cause) {
        HandshakeException failed = new HandshakeException(failure, message);
        failed.initCause(cause);
        return failed;
    }
}
