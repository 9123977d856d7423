/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import io.softclose.net.testkit.node.HostileTlsPeerContract;

/** Nodes over TLS on {@link NettyTransport} with epoll, and peers that do their worst. */
final class NettyEpollHostileTlsPeerTest extends AbstractNettyTlsPeerTest implements HostileTlsPeerContract {
    NettyEpollHostileTlsPeerTest() {
        super(IoKind.EPOLL);
    }
}
