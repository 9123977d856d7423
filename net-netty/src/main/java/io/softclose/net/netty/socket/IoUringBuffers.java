/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.socket;

import io.netty.channel.ChannelConfig;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringBufferRingConfig;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringFixedBufferRingAllocator;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;

/**
 * The buffers that io_uring reads into, shared by the links of a loop. With them a link that reads always has a receive
 * with the kernel, which completes whatever happens to the connection. Without, Netty waits for a poll to say that
 * there is something; that poll tells of each event once, and a reset that arrives while bytes are being read gets lost
 * with it: the link would never hear of its end.
 */
final class IoUringBuffers {
    private static final short GROUP = 0;
    /** Most buffers of a loop that wait to be filled; it starts with a quarter of them. */
    private static final short MOST = 16;

    private IoUringBuffers() {}

    /** What makes a loop that has such buffers. */
    static IoHandlerFactory handlers(NettySettings settings) {
        IoUringBufferRingConfig ring = IoUringBufferRingConfig.builder()
                .bufferGroupId(GROUP)
                .bufferRingSize(MOST)
                .batchSize(MOST / 4)
                .batchAllocation(false)
                .incremental(IoUring.isRegisterBufferRingIncSupported())
                .allocator(new IoUringFixedBufferRingAllocator(settings.allocator(), settings.readBufferBytes()))
                .build();
        return IoUringKeeper.factory(
                IoUringIoHandler.newFactory(new IoUringIoHandlerConfig().setBufferRingConfig(ring)));
    }

    /** Has a channel, which is not registered yet, use those of its loop. */
    static void use(ChannelConfig config) {
        config.setOption(IoUringChannelOption.IO_URING_BUFFER_GROUP_ID, GROUP);
    }
}
