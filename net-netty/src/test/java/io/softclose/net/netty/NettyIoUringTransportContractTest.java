/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

/** {@link NettyTransport} over TCP with io_uring. */
class NettyIoUringTransportContractTest extends AbstractNettyTransportContractTest {
    NettyIoUringTransportContractTest() {
        super(IoKind.IO_URING);
    }
}
