/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import io.softclose.net.testkit.node.OpenSslPeerContract;

/** Nodes over TLS on {@link NettyTransport} with epoll, and {@code openssl}. */
final class NettyEpollOpenSslPeerTest extends AbstractNettyTlsPeerTest implements OpenSslPeerContract {
    NettyEpollOpenSslPeerTest() {
        super(IoKind.EPOLL);
    }
}
