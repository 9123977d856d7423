/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import io.softclose.net.spi.Transport;
import io.softclose.net.testkit.transport.fixture.TestedTransport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;

/** {@link NettyTransport} over TCP with one kind of I/O, whose buffers are counted. */
abstract class TestedNettyTransport implements TestedTransport {
    private final CountedTransports transports;

    TestedNettyTransport(IoKind io) {
        transports = new CountedTransports(io);
    }

    @Override
    public final Transport createTransport() {
        return transports.builder().build();
    }

    @Override
    public final Transport createTransport(Duration lingerTimeout, Duration lingerTime) {
        return transports
                .builder()
                .lingerTimeout(lingerTimeout)
                .lingerTime(lingerTime)
                .build();
    }

    @Override
    public SocketAddress listenAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    @Override
    public final long lentBuffers(Transport transport) {
        return transports.lentBuffers(transport);
    }
}
