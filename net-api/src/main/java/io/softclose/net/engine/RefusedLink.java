/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine;

import io.softclose.net.HandshakeException;
import io.softclose.net.HandshakeException.Failure;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkHandler;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Turns away a link for which the network has no room. Loop only. */
final class RefusedLink implements LinkHandler {
    private final Link link;
    private final NetworkSettings settings;

    RefusedLink(Link link, NetworkSettings settings) {
        this.link = link;
        this.settings = settings;
    }

    @Override
    public void onConnected() {
        link.abort();
        int most = settings.limits().maxInboundConnections();
        HandshakeException refused = new HandshakeException(
                Failure.TOO_MANY_CONNECTIONS,
                "inbound connection from " + link.remoteAddress() + ": refused (expected: at most " + most
                        + " inbound connections, and none during shutdown)");
        Log.log(Level.WARNING, "{0}", refused.getMessage());
        try {
            settings.events().inboundRefused(link.remoteAddress(), refused);
        } catch (Throwable failure) {
            Log.thrown(Level.ERROR, link.remoteAddress(), "inboundRefused() threw", failure);
        }
    }

    @Override
    public void onRead(ByteBuffer data) {}

    @Override
    public void onWritable() {}

    @Override
    public void onInputClosed() {}

    @Override
    public void onClosed(@Nullable Throwable cause) {}
}
