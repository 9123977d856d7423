/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import io.softclose.net.guice.TransportModule;
import io.softclose.net.netty.socket.NettySettings;

/** Lets networks that Guice makes run over a {@link NettyTransport}, each over one of its own. */
@SuppressWarnings("exports") // Guice is optional
public final class NettyTransportModule extends TransportModule {
    /** A module with default settings. */
    public NettyTransportModule() {
        this(NettyTransport.builder());
    }

    /**
     * A module with these settings, as they are now.
     *
     * @throws IllegalArgumentException if a setting is out of bounds
     */
    public NettyTransportModule(NettyTransport.Builder settings) {
        this(settings.settings());
    }

    private NettyTransportModule(NettySettings settings) {
        super(NettyTransport.NAME, () -> new NettyTransport(settings));
    }
}
