/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;

/** {@link NettyTransport} over Unix domain sockets, which it has with epoll. */
final class NettyEpollUnixTransportContractTest extends AbstractNettyTransportContractTest {
    private final AtomicInteger sockets = new AtomicInteger();

    @TempDir
    private static Path directory;

    NettyEpollUnixTransportContractTest() {
        super(IoKind.EPOLL);
    }

    @Override
    public SocketAddress listenAddress() {
        return UnixDomainSocketAddress.of(directory.resolve("socket-" + sockets.incrementAndGet()));
    }

    @Override
    public boolean resets() {
        return false;
    }
}
