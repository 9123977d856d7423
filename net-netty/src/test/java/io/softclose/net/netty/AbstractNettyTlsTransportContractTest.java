/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

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

/** The contract for TLS 1.3 over TCP with one kind of I/O. */
abstract class AbstractNettyTlsTransportContractTest implements TransportContract {
    private static final TlsIdentity IDENTITY = TlsIdentity.fresh();
    private static final TlsSettings SETTINGS = TlsSettings.builder(TrustedPeers.of(IDENTITY.peerId()))
            .identity(IDENTITY)
            .handshakeTimeout(Waiting.SAFETY_NET)
            .build();

    private final CountedTransports transports;
    private final Map<Transport, Transport> below = new ConcurrentHashMap<>();

    AbstractNettyTlsTransportContractTest(IoKind io) {
        transports = new CountedTransports(io);
    }

    @Override
    public final Transport createTransport() {
        return over(transports.builder().build());
    }

    @Override
    public final Transport createTransport(Duration lingerTimeout, Duration lingerTime) {
        return over(transports
                .builder()
                .lingerTimeout(lingerTimeout)
                .lingerTime(lingerTime)
                .build());
    }

    private Transport over(Transport transport) {
        Transport made = TlsTransport.over(transport, SETTINGS);
        below.put(made, transport);
        return made;
    }

    @Override
    public SocketAddress listenAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    @Override
    public final long lentBuffers(Transport transport) {
        return transports.lentBuffers(requireNonNull(below.get(transport), "below"));
    }

    @Override
    @Test
    @Disabled("its peer is a bare socket, with which no handshake is ever complete")
    public void anAttemptToWriteShowsThatBytesLeave(TransportFixture fixture) {}
}
