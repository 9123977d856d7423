/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import io.softclose.net.testkit.node.OpenSslPeerContract;

/** Nodes over TLS on {@link NettyTransport} with io_uring, and {@code openssl}. */
final class NettyIoUringOpenSslPeerTest extends AbstractNettyTlsPeerTest implements OpenSslPeerContract {
    NettyIoUringOpenSslPeerTest() {
        super(IoKind.IO_URING);
    }
}
