/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

/** {@link NettyTransport} over TCP with NIO. */
class NettyNioTransportContractTest extends AbstractNettyTransportContractTest {
    NettyNioTransportContractTest() {
        super(IoKind.NIO);
    }
}
