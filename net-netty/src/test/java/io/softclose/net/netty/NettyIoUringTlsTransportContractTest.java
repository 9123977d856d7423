/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

/** TLS 1.3 over {@link NettyTransport} with one kind of I/O. */
final class NettyIoUringTlsTransportContractTest extends AbstractNettyTlsTransportContractTest {
    NettyIoUringTlsTransportContractTest() {
        super(IoKind.IO_URING);
    }
}
