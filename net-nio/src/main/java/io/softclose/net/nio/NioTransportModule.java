/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio;

import io.softclose.net.guice.TransportModule;
import io.softclose.net.nio.base.NioSettings;

/** Lets networks that Guice makes run over a {@link NioTransport}, each over one of its own. */
@SuppressWarnings("exports") // Guice is optional
public final class NioTransportModule extends TransportModule {
    /** With default settings. */
    public NioTransportModule() {
        this(NioTransport.builder());
    }

    /**
     * With these settings, as they are now.
     *
     * @throws IllegalArgumentException if a setting is out of bounds
     */
    public NioTransportModule(NioTransport.Builder settings) {
        this(settings.settings());
    }

    private NioTransportModule(NioSettings settings) {
        super(NioTransport.NAME, () -> new NioTransport(settings));
    }
}
