/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

/** Whole nodes on {@link NettyTransport} with epoll. */
class NettyEpollNodeTest extends AbstractNettyNodeTest {
    NettyEpollNodeTest() {
        super(IoKind.EPOLL);
    }
}
