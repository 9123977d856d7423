/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.node;

import io.softclose.net.HandshakeException;
import io.softclose.net.HandshakeException.Failure;
import io.softclose.net.engine.NetworkSettings;
import io.softclose.net.log.RateLimitedLog;
import io.softclose.net.spi.InputEnd;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.wire.PeerText;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Turns away a link for which the network has no room. Loop only. */
final class RefusedLink implements LinkHandler {
    private static final RateLimitedLog REFUSALS = new RateLimitedLog(Level.WARNING);
    private static final RateLimitedLog FAILURES = new RateLimitedLog(Level.ERROR);

    private final Link link;
    private final NetworkSettings settings;

    RefusedLink(Link link, NetworkSettings settings) {
        this.link = link;
        this.settings = settings;
    }

    @Override
    public void onConnected() {
        link.abort();
        HandshakeException refused = new HandshakeException(
                Failure.TOO_MANY_CONNECTIONS,
                "inbound connection from " + PeerText.of(link.remoteAddress()) + ": refused (expected: at most "
                        + settings.limits().maxInboundConnections() + " inbound connections, "
                        + settings.limits().maxHandshakes() + " handshakes, and none during shutdown)");
        REFUSALS.log("{0}", refused.getMessage());
        try {
            settings.events().inboundRefused(link.remoteAddress(), refused);
        } catch (Throwable failure) {
            FAILURES.thrown(PeerText.of(link.remoteAddress()), "inboundRefused() threw", failure);
        }
    }

    @Override
    public void onRead(ByteBuffer data) {}

    @Override
    public void onWritable() {}

    @Override
    public void onInputClosed(InputEnd end) {}

    @Override
    public void onClosed(@Nullable Throwable cause) {}
}
