/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.link;

import java.nio.ByteBuffer;

/** Sees what a link is offered to write. */
@FunctionalInterface
public interface OutputTap {
    /**
     * A link was offered the bytes of one buffer.
     *
     * @param bytes a view of them
     * @param taken how many of them it took, the first ones
     */
    void offered(ByteBuffer bytes, int taken);
}
