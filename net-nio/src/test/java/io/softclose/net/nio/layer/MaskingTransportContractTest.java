/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.layer;

import io.softclose.net.nio.NioTransport;
import io.softclose.net.spi.Transport;
import io.softclose.net.testkit.transport.TransportContract;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;

/** {@link MaskingTransport} over NIO. */
class MaskingTransportContractTest implements TransportContract {
    @Override
    public Transport createTransport() {
        return new MaskingTransport(NioTransport.builder().build());
    }

    @Override
    public Transport createTransport(Duration lingerTimeout, Duration lingerTime) {
        return new MaskingTransport(NioTransport.builder()
                .lingerTimeout(lingerTimeout)
                .lingerTime(lingerTime)
                .build());
    }

    @Override
    public SocketAddress listenAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }
}
