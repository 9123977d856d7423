/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.figures;

import io.softclose.net.DisconnectReason;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counts the connections of one run from {@link #begin} to {@link #end}, and keeps what must not be all the time. Thread-safe. */
public final class ConnectionTally implements ConnectionLog {
    /** So many faults are kept. */
    private static final int MOST_FAULTS = 20;

    // Guarded by this.
    private final Map<DisconnectReason, Long> closes = new EnumMap<>(DisconnectReason.class);
    private final List<String> faults = new ArrayList<>();
    private long opened;
    private boolean counting;

    /** One that counts nothing yet. */
    public ConnectionTally() {}

    /** Counts from now on. */
    public synchronized void begin() {
        counting = true;
    }

    /** Counts no more: what comes is the end of the run. Faults are still noted. */
    public synchronized void end() {
        counting = false;
    }

    @Override
    public synchronized void opened() {
        opened += counting ? 1 : 0;
    }

    @Override
    public synchronized void closed(DisconnectReason reason) {
        if (counting) {
            closes.merge(reason, 1L, Long::sum);
        }
    }

    @Override
    public synchronized void fault(String what) {
        if (faults.size() < MOST_FAULTS) {
            faults.add(what);
        }
    }

    /** Connections that have opened. */
    public synchronized long connections() {
        return opened;
    }

    /** Connections that were open and have closed, by why; each end counts its own. */
    public synchronized Map<DisconnectReason, Long> closes() {
        return new EnumMap<>(closes);
    }

    /** What must not be. */
    public synchronized List<String> faults() {
        return List.copyOf(faults);
    }
}
