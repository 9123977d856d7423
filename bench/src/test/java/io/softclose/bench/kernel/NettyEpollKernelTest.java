/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.kernel;

import io.softclose.bench.lab.AnyTransport;

final class NettyEpollKernelTest extends KernelTest {
    @Override
    AnyTransport transport() {
        return AnyTransport.NETTY_EPOLL;
    }
}
