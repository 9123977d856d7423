/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

/** Whole nodes on {@link NettyTransport} with io_uring. */
class NettyIoUringNodeTest extends AbstractNettyNodeTest {
    NettyIoUringNodeTest() {
        super(IoKind.IO_URING);
    }

    /** Netty's end comes first. */
    @Override
    public boolean resetsUnreadInput() {
        return false;
    }
}
