/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import io.softclose.net.spi.Transport;
import io.softclose.net.spi.TransportProvider;

/** Makes a {@link NettyTransport} with default settings, under the name {@code netty}. */
public final class NettyTransportProvider implements TransportProvider {
    /** For {@link java.util.ServiceLoader}. */
    public NettyTransportProvider() {}

    @Override
    public String name() {
        return NettyTransport.NAME;
    }

    @Override
    public Transport create() {
        return NettyTransport.builder().build();
    }
}
