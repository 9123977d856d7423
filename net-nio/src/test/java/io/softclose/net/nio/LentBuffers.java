/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio;

/** Lets the tests of whole nodes, in their own package, look for buffers that were not given back. */
public final class LentBuffers {
    private LentBuffers() {}

    /** How many buffers of a closed transport are still on loan. */
    public static long of(NioTransport transport) {
        return transport.lentBuffers();
    }
}
