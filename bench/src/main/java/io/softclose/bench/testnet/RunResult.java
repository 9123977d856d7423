/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet;

import io.softclose.bench.testnet.figures.ChainFigures;
import io.softclose.bench.testnet.figures.ChainWitness;
import io.softclose.bench.testnet.figures.ConnectionTally;
import io.softclose.bench.testnet.figures.MessageTally;
import io.softclose.bench.testnet.figures.NetworkFigures;
import io.softclose.bench.testnet.node.HandOver;
import io.softclose.bench.testnet.node.Missing;
import io.softclose.bench.testnet.node.Variant;
import io.softclose.net.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How one run of the test network went. */
public sealed interface RunResult {
    /** Which run. */
    Variant variant();

    /** What must not be, in words; empty if all is well. */
    List<String> faults();

    /** What is not known, because processes were killed. */
    List<Missing> missing();

    /** One line for people. */
    String summary();

    /**
     * A run that came to its end.
     *
     * @param chain how the chain got on
     * @param network what became of messages and connections
     * @param safe whether the validators agreed on every block
     * @param balanced whether every account balances, of those that are known
     * @param missing what is not known of validators whose processes were killed
     */
    record Finished(
            Variant variant,
            ChainFigures chain,
            NetworkFigures network,
            boolean safe,
            boolean balanced,
            List<String> faults,
            List<Missing> missing)
            implements RunResult {
        /** Copies the lists. */
        public Finished {
            faults = List.copyOf(faults);
            missing = List.copyOf(missing);
        }

        /**
         * What was seen, once it is over.
         *
         * @param unbalanced what does not balance, in words
         */
        public static Finished of(
                Variant variant,
                ChainWitness chain,
                ConnectionTally connections,
                MessageTally messages,
                List<String> unbalanced,
                List<Missing> missing) {
            List<String> faults = new ArrayList<>(chain.violations());
            faults.addAll(chain.rejections());
            faults.addAll(unbalanced);
            boolean handsOver = variant.handOver() == HandOver.ON;
            return new Finished(
                    variant,
                    handsOver ? chain.figures() : chain.figures().withoutHandOver(),
                    new NetworkFigures(
                            messages.accepted(),
                            messages.outcomes(),
                            // Those that may not wait leave their connection, too, but for nowhere.
                            handsOver ? messages.handedOver() : 0,
                            connections.connections(),
                            connections.closes()),
                    chain.violations().isEmpty(),
                    unbalanced.isEmpty(),
                    faults,
                    missing);
        }

        @Override
        public String summary() {
            return String.format(
                    Locale.ROOT,
                    "%.0f rounds a minute, round time p99 %d ms, %d of %d votes lost, %s silently, %d refused, %d handed over; of all messages %d UNSENT, %d handed over%s",
                    chain.roundsPerMinute(),
                    chain.correctedTimes().p99().toMillis(),
                    chain.votes().lost(),
                    chain.votes().sent(),
                    chain.votes().silentOrUnknown(),
                    chain.votes().refused(),
                    chain.votes().handedOver(),
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
        public List<Missing> missing() {
            return List.of();
        }

        @Override
        public String summary() {
            return "FAILED: " + reason;
        }
    }
}
