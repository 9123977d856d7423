/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.softclose.net.spi.Transport;
import io.softclose.net.testkit.node.NodeContract;
import java.util.OptionalInt;

/** Whole nodes on one kind of I/O. Each transport's buffers are counted to the last byte. */
abstract class AbstractNettyNodeTest implements NodeContract {
    private final UnpooledByteBufAllocator buffers = new UnpooledByteBufAllocator(true);
    private final IoKind io;

    AbstractNettyNodeTest(IoKind io) {
        this.io = Kinds.requireAvailable(io);
    }

    @Override
    public final Transport createTransport(int loops, OptionalInt sendBufferBytes) {
        NettyTransport.Builder settings =
                NettyTransport.builder().io(io).loops(loops).allocator(buffers);
        sendBufferBytes.ifPresent(settings::sendBufferBytes);
        return settings.build();
    }

    @Override
    public final int mostUnflushedBytes() {
        return LinkOutput.MAX_UNFLUSHED;
    }

    @Override
    public final long lentBuffers(Transport transport) {
        return ((NettyTransport) transport).lentBuffers()
                + buffers.metric().usedDirectMemory()
                + buffers.metric().usedHeapMemory();
    }
}
