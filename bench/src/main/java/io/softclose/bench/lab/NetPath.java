/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.lab;

import java.net.InetSocketAddress;

/** A way from one node to another, over which it may be dialled, and to which things can be done. */
public interface NetPath {
    /** Where the one finds the other. */
    InetSocketAddress address();

    /** The other listens here from now on. */
    void target(InetSocketAddress next);

    /** What it does to bytes that it takes from now on. */
    void conditions(WanConditions next);

    /** Passes nothing any more, without anybody being told: as if all packets were lost. */
    void hold();

    /** Passes again. */
    void release();

    /** Resets (RST) its connections; what is on its way is lost. New ones may be made at once. */
    void reset();
}
