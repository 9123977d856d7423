/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import io.softclose.net.spi.Transport;
import io.softclose.net.testkit.node.fixture.TransportUnderTest;
import java.util.OptionalInt;

/** Nodes over TLS on one kind of I/O, and peers that are no nodes. */
abstract class AbstractNettyTlsPeerTest implements TransportUnderTest {
    private final CountedTransports transports;

    AbstractNettyTlsPeerTest(IoKind io) {
        transports = new CountedTransports(io);
    }

    @Override
    public final Transport createTransport(int loops, OptionalInt sendBufferBytes) {
        NettyTransport.Builder settings = transports.builder().loops(loops);
        sendBufferBytes.ifPresent(settings::sendBufferBytes);
        return settings.build();
    }

    @Override
    public final long lentBuffers(Transport transport) {
        return transports.lentBuffers(transport);
    }
}
