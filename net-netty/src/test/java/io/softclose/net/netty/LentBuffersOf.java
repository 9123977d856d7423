/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import io.netty.buffer.ByteBufAllocator;

/** Lets the tests of whole nodes, in their own package, look for buffers that were not given back. */
public final class LentBuffersOf {
    private LentBuffersOf() {}

    /** How many buffers of a closed transport are still on loan. */
    public static long transport(NettyTransport transport) {
        return transport.lentBuffers();
    }

    /** Has all buffers of a transport come from there. */
    @SuppressWarnings("exports") // among tests
    public static NettyTransport.Builder allocating(ByteBufAllocator allocator, NettyTransport.Builder settings) {
        return settings.allocator(allocator);
    }
}
