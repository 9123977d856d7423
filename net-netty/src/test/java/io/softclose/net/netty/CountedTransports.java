/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.softclose.net.spi.Transport;

/** Transports with one kind of I/O, whose buffers are counted to the last byte. */
final class CountedTransports {
    private final UnpooledByteBufAllocator buffers = new UnpooledByteBufAllocator(true);
    private final IoKind io;

    /** Skips the test where there is no such I/O. */
    CountedTransports(IoKind io) {
        this.io = Kinds.requireAvailable(io);
    }

    NettyTransport.Builder builder() {
        return NettyTransport.builder().io(io).allocator(buffers);
    }

    /** The buffers that a closed transport has not got back, and the bytes that none of these transports has. */
    long lentBuffers(Transport transport) {
        return ((NettyTransport) transport).lentBuffers()
                + buffers.metric().usedDirectMemory()
                + buffers.metric().usedHeapMemory();
    }
}
