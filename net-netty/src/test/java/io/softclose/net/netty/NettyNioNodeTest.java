/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

/** Whole nodes on {@link NettyTransport} with NIO. */
class NettyNioNodeTest extends AbstractNettyNodeTest {
    NettyNioNodeTest() {
        super(IoKind.NIO);
    }
}
