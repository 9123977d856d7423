/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.node;

import java.util.Locale;

/** Whether messages outlive their connection. */
public enum HandOver {
    /**
     * They wait for nothing ({@code peerWait} zero): what a connection leaves comes back to its sender, and what is sent while there
     * is none is refused, as by AptosNet.
     */
    OFF,
    /** What a connection leaves, and what is sent while there is none, waits for the next one, for as long as by default. */
    ON;

    /** Its name in tables. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
