/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.chaos.plan;

import java.util.Locale;

/** One of the two nodes, and its end of every connection. */
public enum End {
    ALICE,
    BOB;

    /** The other one. */
    public End other() {
        return this == ALICE ? BOB : ALICE;
    }

    /** For people. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
