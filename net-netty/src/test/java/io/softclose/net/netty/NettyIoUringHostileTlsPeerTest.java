/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import io.softclose.net.testkit.node.HostileTlsPeerContract;

/** Nodes over TLS on {@link NettyTransport} with io_uring, and peers that do their worst. */
final class NettyIoUringHostileTlsPeerTest extends AbstractNettyTlsPeerTest implements HostileTlsPeerContract {
    NettyIoUringHostileTlsPeerTest() {
        super(IoKind.IO_URING);
    }
}
