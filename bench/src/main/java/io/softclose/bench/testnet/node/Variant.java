/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.node;

/**
 * What is compared: everything else is the same in all runs.
 *
 * @param policy the close policy of all validators, by name
 * @param handOver whether messages outlive their connection
 */
public record Variant(String policy, HandOver handOver) {
    /** For progress and faults. */
    @Override
    public String toString() {
        return policy + (handOver == HandOver.ON ? " with hand-over" : " without hand-over");
    }
}
