/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.softclose.net.spi.Transport;
import io.softclose.net.testkit.TransportContract;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** The contract over TCP with one kind of I/O. Each transport's buffers are counted to the last byte. */
abstract class AbstractNettyTransportContractTest implements TransportContract {
    private final UnpooledByteBufAllocator buffers = new UnpooledByteBufAllocator(true);
    private final IoKind io;

    AbstractNettyTransportContractTest(IoKind io) {
        this.io = Kinds.requireAvailable(io);
    }

    @Override
    public final Transport createTransport() {
        return NettyTransport.builder().io(io).allocator(buffers).build();
    }

    @Override
    public SocketAddress listenAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    @Override
    public final long lentBuffers(Transport transport) {
        return ((NettyTransport) transport).lentBuffers()
                + buffers.metric().usedDirectMemory()
                + buffers.metric().usedHeapMemory();
    }
}
