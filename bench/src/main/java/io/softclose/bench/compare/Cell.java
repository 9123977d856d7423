/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.compare;

/**
 * One run of the comparison.
 *
 * @param transport of both nodes, by name
 * @param policy the sender's close policy, by name
 * @param scenario what is sent
 * @param reader who receives
 * @param conditions what it closes under besides
 */
public record Cell(String transport, String policy, Scenario scenario, Reader reader, CloseConditions conditions) {
    /** A run without conditions of its own. */
    public Cell(String transport, String policy, Scenario scenario, Reader reader) {
        this(transport, policy, scenario, reader, CloseConditions.NONE);
    }

    /** The four names and what is given besides, for progress and faults. */
    @Override
    public String toString() {
        return transport + " " + policy + " " + scenario.name() + " " + reader.label() + conditions.suffix();
    }
}
