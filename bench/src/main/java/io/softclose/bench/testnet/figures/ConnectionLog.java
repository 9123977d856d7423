/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.figures;

import io.softclose.net.DisconnectReason;

/** What is kept of what networks tell of their connections. Thread-safe. */
public interface ConnectionLog {
    /** A connection has opened; each is told once, by the end that dialled. */
    void opened();

    /** A connection that was open has closed; each end tells. */
    void closed(DisconnectReason reason);

    /** What must not be. */
    void fault(String what);
}
