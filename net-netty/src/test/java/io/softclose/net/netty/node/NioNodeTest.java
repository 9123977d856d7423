/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.node;

import io.softclose.net.netty.IoKind;

/** Whole nodes over NIO. */
final class NioNodeTest extends NodeContract {
    NioNodeTest() {
        super(IoKind.NIO);
    }
}
