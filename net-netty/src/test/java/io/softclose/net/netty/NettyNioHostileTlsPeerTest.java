/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import io.softclose.net.testkit.node.HostileTlsPeerContract;

/** Nodes over TLS on {@link NettyTransport} with NIO, and peers that do their worst. */
final class NettyNioHostileTlsPeerTest extends AbstractNettyTlsPeerTest implements HostileTlsPeerContract {
    NettyNioHostileTlsPeerTest() {
        super(IoKind.NIO);
    }
}
