/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.node;

import io.softclose.net.netty.IoKind;

/** Whole nodes over io_uring. */
final class IoUringNodeTest extends NodeContract {
    IoUringNodeTest() {
        super(IoKind.IO_URING);
    }
}
