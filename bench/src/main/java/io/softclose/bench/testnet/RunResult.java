/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet;

import io.softclose.net.Outcome;
import java.util.List;
import java.util.Locale;

/** How one run of the test network went. */
public sealed interface RunResult {
    /** Which run. */
    Variant variant();

    /** What must not be, in words; empty if all is well. */
    List<String> faults();

    /** One line for people. */
    String summary();

    /**
     * A run that came to its end.
     *
     * @param chain how the chain got on
     * @param network what became of messages and connections
     * @param safe whether the validators agreed on every block
     * @param balanced whether every account balances
     */
    record Finished(
            Variant variant,
            ChainFigures chain,
            NetworkFigures network,
            boolean safe,
            boolean balanced,
            List<String> faults)
            implements RunResult {
        /** Copies the list. */
        public Finished {
            faults = List.copyOf(faults);
        }

        @Override
        public String summary() {
            return String.format(
                    Locale.ROOT,
                    "%.0f rounds a minute, round time p99 %d ms, %d of %d votes lost, %d refused, %d messages UNSENT, %d handed over%s",
                    chain.roundsPerMinute(),
                    chain.correctedTimes().p99().toMillis(),
                    chain.votes().lost(),
                    chain.votes().sent(),
                    chain.votes().refused(),
                    network.outcomes().getOrDefault(Outcome.UNSENT, 0L),
                    network.handedOver(),
                    faults.isEmpty() ? "" : ", FAULTS " + faults);
        }
    }

    /**
     * A run that did not.
     *
     * @param reason what went wrong
     */
    record Failed(Variant variant, String reason) implements RunResult {
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
