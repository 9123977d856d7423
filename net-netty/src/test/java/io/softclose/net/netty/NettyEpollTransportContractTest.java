/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

/** {@link NettyTransport} over TCP with epoll. */
class NettyEpollTransportContractTest extends AbstractNettyTransportContractTest {
    NettyEpollTransportContractTest() {
        super(IoKind.EPOLL);
    }
}
