/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import io.softclose.net.testkit.WithTls;
import io.softclose.net.testkit.transport.DialContract;
import io.softclose.net.testkit.transport.LinkCloseContract;
import io.softclose.net.testkit.transport.LinkEndContract;
import io.softclose.net.testkit.transport.LinkHandlerContract;
import io.softclose.net.testkit.transport.LinkReadContract;
import io.softclose.net.testkit.transport.LinkWriteContract;

/** The quick part of the contract for TLS over Netty, for every build; {@link NettyEpollTlsTransportContractTest} is all of it. */
final class NettyEpollTlsLinksTest extends TestedNettyTransport
        implements WithTls,
                DialContract,
                LinkWriteContract,
                LinkReadContract,
                LinkEndContract,
                LinkCloseContract,
                LinkHandlerContract {
    NettyEpollTlsLinksTest() {
        super(IoKind.EPOLL);
    }
}
