/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import io.softclose.net.spi.Transport;
import io.softclose.net.testkit.node.HostileTlsPeerContract;
import java.util.OptionalInt;

/** Nodes over TLS on {@link NettyTransport} with NIO, and peers that do their worst. */
final class NettyNioHostileTlsPeerTest implements HostileTlsPeerContract {
    private final CountedTransports transports = new CountedTransports(IoKind.NIO);

    @Override
    public Transport createTransport(int loops, OptionalInt sendBufferBytes) {
        NettyTransport.Builder settings = transports.builder().loops(loops);
        sendBufferBytes.ifPresent(settings::sendBufferBytes);
        return settings.build();
    }

    @Override
    public long lentBuffers(Transport transport) {
        return transports.lentBuffers(transport);
    }
}
