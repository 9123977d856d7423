/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.node;

import io.softclose.net.netty.IoKind;

/** Whole nodes over epoll. */
final class EpollNodeTest extends NodeContract {
    EpollNodeTest() {
        super(IoKind.EPOLL);
    }
}
