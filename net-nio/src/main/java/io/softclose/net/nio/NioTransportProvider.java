/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio;

import io.softclose.net.spi.Transport;
import io.softclose.net.spi.TransportProvider;

/** Makes a {@link NioTransport} with default settings, under the name {@code nio}. */
public final class NioTransportProvider implements TransportProvider {
    /** For {@link java.util.ServiceLoader}. */
    public NioTransportProvider() {}

    @Override
    public String name() {
        return NioTransport.NAME;
    }

    @Override
    public Transport create() {
        return NioTransport.builder().build();
    }
}
