/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio;

import io.softclose.net.spi.Transport;
import io.softclose.net.testkit.transport.TransportContract;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;

/** {@link NioTransport} over TCP. */
class NioTransportContractTest implements TransportContract {
    @Override
    public Transport createTransport() {
        return NioTransport.builder().build();
    }

    @Override
    public Transport createTransport(Duration lingerTimeout, Duration lingerTime) {
        return NioTransport.builder()
                .lingerTimeout(lingerTimeout)
                .lingerTime(lingerTime)
                .build();
    }

    @Override
    public SocketAddress listenAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    @Override
    public long lentBuffers(Transport transport) {
        return ((NioTransport) transport).lentBuffers();
    }
}
