/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import io.softclose.net.testkit.node.OpenSslPeerContract;

/** Nodes over TLS on {@link NettyTransport} with NIO, and {@code openssl}. */
final class NettyNioOpenSslPeerTest extends AbstractNettyTlsPeerTest implements OpenSslPeerContract {
    NettyNioOpenSslPeerTest() {
        super(IoKind.NIO);
    }
}
