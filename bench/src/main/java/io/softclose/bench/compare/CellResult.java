/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.compare;

import io.softclose.net.CloseEnding;
import java.time.Duration;
import java.util.List;

/** How one run of the comparison went. */
public sealed interface CellResult {
    /** Which run. */
    Cell cell();

    /** What must not be, in words; empty if all is well. */
    List<String> faults();

    /** One line for people. */
    String summary();

    /**
     * A run that came to its end.
     *
     * @param audit what became of the messages
     * @param ending how the sender's close ended
     * @param lossless whether the sender's report says that nothing was lost
     * @param closeTime how long the sender's close took
     * @param balanced whether the accounts of both nodes balance
     * @param faults what must not be, of both nodes
     */
    record Finished(
            Cell cell,
            Ledger.Audit audit,
            CloseEnding ending,
            boolean lossless,
            Duration closeTime,
            boolean balanced,
            List<String> faults)
            implements CellResult {
        /** Copies the list. */
        public Finished {
            faults = List.copyOf(faults);
        }

        /** Whether the sender's close was clean. */
        boolean clean() {
            return ending == CloseEnding.CLEAN;
        }

        @Override
        public String summary() {
            return "%d of %d arrived, %d lost, %d of them silently, %s after %d ms%s"
                    .formatted(
                            audit.delivered(),
                            audit.accepted(),
                            audit.lost(),
                            audit.silentlyLost(),
                            ending,
                            closeTime.toMillis(),
                            faults.isEmpty() ? "" : ", FAULTS " + faults);
        }
    }

    /**
     * A run that did not.
     *
     * @param reason what went wrong
     */
    record Failed(Cell cell, String reason) implements CellResult {
        @Override
        public List<String> faults() {
            return List.of(reason);
        }

        @Override
        public String summary() {
            return "FAILED: " + reason;
        }
    }
}
