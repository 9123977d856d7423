/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio;

import io.softclose.net.spi.Transport;
import io.softclose.net.testkit.transport.TransportContract;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;

/** {@link NioTransport} over Unix domain sockets. */
final class NioUnixTransportContractTest implements TransportContract {
    private static final AtomicInteger SOCKETS = new AtomicInteger();

    @TempDir
    private static Path directory;

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
        return UnixDomainSocketAddress.of(directory.resolve("socket-" + SOCKETS.incrementAndGet()));
    }

    @Override
    public boolean resets() {
        return false;
    }

    @Override
    public long lentBuffers(Transport transport) {
        return ((NioTransport) transport).lentBuffers();
    }
}
