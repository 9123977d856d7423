/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.chaos;

import java.util.Locale;

/** One of the two nodes, and its end of every connection. */
enum End {
    ALICE,
    BOB;

    /** The other one. */
    End other() {
        return this == ALICE ? BOB : ALICE;
    }

    /** For people. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
