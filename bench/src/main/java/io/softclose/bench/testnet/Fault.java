/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet;

import java.util.Locale;

/** What goes wrong during a run, or is done to a validator. By a seed, each but the first happens once, to a validator by chance. */
public enum Fault {
    /** Connections are reset (RST) all the time, one after the other. */
    RESETS,
    /** A validator leaves the set, so the others close its connections as stale; later it comes back. */
    REMOVED,
    /** Nothing passes to or from a validator for a while, and nobody is told: as if its process were stopped (SIGSTOP). */
    STALLED,
    /** What a validator sends and is sent crawls for a while. */
    SLOW,
    /** A validator ends in the midst of everything, and is started again later. */
    KILLED;

    /** Its name on the command line. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
