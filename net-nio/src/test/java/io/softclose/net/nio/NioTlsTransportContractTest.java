/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio;

import static java.util.Objects.requireNonNull;

import io.softclose.net.spi.Transport;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.transport.TransportContract;
import io.softclose.net.testkit.transport.TransportFixture;
import io.softclose.net.tls.TlsIdentity;
import io.softclose.net.tls.TlsSettings;
import io.softclose.net.tls.TlsTransport;
import io.softclose.net.tls.TrustedPeers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;

/** TLS 1.3 over {@link NioTransport}: a transport like any other. */
final class NioTlsTransportContractTest implements TransportContract {
    private static final TlsIdentity IDENTITY = TlsIdentity.fresh();
    private static final TlsSettings SETTINGS = TlsSettings.builder(TrustedPeers.of(IDENTITY.peerId()))
            .identity(IDENTITY)
            .handshakeTimeout(Waiting.SAFETY_NET)
            .build();

    private final Map<Transport, NioTransport> below = new ConcurrentHashMap<>();

    @Override
    public Transport createTransport() {
        return over(NioTransport.builder().build());
    }

    @Override
    public Transport createTransport(Duration lingerTimeout, Duration lingerTime) {
        return over(NioTransport.builder()
                .lingerTimeout(lingerTimeout)
                .lingerTime(lingerTime)
                .build());
    }

    private Transport over(NioTransport transport) {
        Transport made = TlsTransport.over(transport, SETTINGS);
        below.put(made, transport);
        return made;
    }

    @Override
    public SocketAddress listenAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    @Override
    public long lentBuffers(Transport transport) {
        return requireNonNull(below.get(transport), "below").lentBuffers();
    }

    @Override
    @Test
    @Disabled("its peer is a bare socket, with which no handshake is ever complete")
    public void anAttemptToWriteShowsThatBytesLeave(TransportFixture fixture) {}
}
