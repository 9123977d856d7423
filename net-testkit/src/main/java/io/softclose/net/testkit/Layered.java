/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit;

/** A contract that holds for a transport by itself and with a {@link Layer} over it. */
public interface Layered {
    /** What is between the transport under test and whoever uses it; nothing by default. */
    default Layer layer() {
        return Layer.none();
    }
}
