/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.connection;

import io.softclose.net.CloseEnding;
import io.softclose.net.ConnectionState;
import io.softclose.net.DisconnectReason;
import io.softclose.net.HandshakeException;
import io.softclose.net.HandshakeException.Failure;
import io.softclose.net.Limits;
import io.softclose.net.engine.Nanos;
import io.softclose.net.spi.InputEnd;
import io.softclose.net.spi.Scheduler.Timer;
import io.softclose.net.wire.PeerText;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The link is being established, then identities and handshakes are exchanged, within their time. A refused peer is
 * told why, as far as the wire has words for it. Loop only.
 */
final class Opening extends Unclosed {
    /** What a peer that ends the link has no words for: the wire tells of no refusal before the handshake. */
    private static final String USUAL_CAUSES =
            " before the handshake was complete (usual causes: the peer has no room for"
                    + " more connections, it shuts down, or what listens there is no such peer)";

    private final Supplier<Handshaker> handshakers;
    private final BooleanSupplier admission;

    private @Nullable Handshaker handshaker;
    private Timer timer = () -> {};

    /**
     * Waits for the link.
     *
     * @param handshakers makes a handshaker once the link is up
     * @param admission asked once the handshake is complete: whether the network has room for the connection
     */
    Opening(Parts parts, Life life, Supplier<Handshaker> handshakers, BooleanSupplier admission) {
        super(parts, life);
        this.handshakers = handshakers;
        this.admission = admission;
    }

    /** The link is up. */
    void connected() {
        parts.state().moveTo(ConnectionState.HANDSHAKING);
        Limits limits = parts.settings().limits();
        parts.limitUnsent(limits.unsentBytes());
        Duration timeout = limits.handshakeTimeout();
        timer = parts.loop()
                .schedule(
                        Nanos.of(timeout),
                        () -> refuse(new HandshakeException(
                                Failure.TIMEOUT, "handshake: not complete after " + timeout.toMillis() + " ms")));
        try {
            Handshaker begun = handshakers.get();
            handshaker = begun;
            begun.start();
            life.work();
        } catch (HandshakeException refused) {
            refuse(refused);
        }
    }

    /** Takes the peer's bytes; what follows the handshake is the intake's. */
    void read(ByteBuffer data) {
        Handshaker running = handshaker;
        if (running == null) {
            return;
        }
        try {
            ByteBuffer rest = running.receive(data);
            life.work();
            if (rest != null) {
                if (!admission.getAsBoolean()) {
                    // To the peer this connection is open: it may have sent messages already.
                    parts.intake().lose(rest);
                    throw tooManyConnections();
                }
                timer.cancel();
                life.opened(running);
                parts.intake().hold(rest);
            }
        } catch (HandshakeException refused) {
            refuse(refused);
        }
    }

    /** The peer has ended the link. */
    void inputClosed(InputEnd end) {
        String what = end == InputEnd.ENDED ? "the peer ended the link" : "the peer's bytes were cut off";
        refuse(new HandshakeException(Failure.LINK_CLOSED, "handshake: " + what + USUAL_CAUSES));
    }

    /** Ends it because the peer is not wanted. */
    void refuse(HandshakeException refused) {
        leave(DisconnectReason.HANDSHAKE_FAILED, CloseEnding.ERROR, String.valueOf(refused.getMessage()), refused);
        switch (refused.failure()) {
            case LINK_CLOSED -> parts.link().close();
            // The peer may be open, and our end would say that we have handled what it sends.
            case TIMEOUT, MALFORMED, IDENTITY -> parts.link().abort();
            // Our handshake tells such a peer why; it may be on its way still, and more of the peer's behind its own.
            case INVALID_CHAIN_ID, INVALID_NETWORK_ID, NO_COMMON_VERSION, NO_COMMON_PROTOCOLS, TOO_MANY_CONNECTIONS ->
                parts.intake().linger();
        }
    }

    @Override
    public void close(CloseOrder order) {
        leave(order.calledAt(), order.reason(), CloseEnding.CLEAN, "closed before it was open", null);
        // The peer may be open, and our end would say that we have handled what it sends.
        parts.link().abort();
    }

    @Override
    DisconnectReason reasonOfLoss() {
        return parts.state().get() == ConnectionState.DIALING
                ? DisconnectReason.DIAL_FAILED
                : DisconnectReason.HANDSHAKE_FAILED;
    }

    @Override
    String usualCauses() {
        return parts.state().get() == ConnectionState.DIALING ? "" : USUAL_CAUSES;
    }

    @Override
    void stop() {
        timer.cancel();
    }

    private HandshakeException tooManyConnections() {
        return new HandshakeException(
                Failure.TOO_MANY_CONNECTIONS,
                "inbound connection from " + PeerText.of(parts.link().remoteAddress()) + ": no room (expected: at most "
                        + parts.settings().limits().maxInboundConnections()
                        + " open, see Limits.maxInboundConnections)");
    }
}
