/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.lab;

/** What carries packets through the middle of a {@link Testbed}, under its conditions. */
public interface Wire extends AutoCloseable {
    /** Connects both sides: by the kernel's netem where there is one, otherwise by the relay. */
    static Wire connect(Testbed testbed, Conditions conditions, long seed) {
        return NetemWire.availableIn(testbed.wire())
                ? NetemWire.connect(testbed.wire(), conditions)
                : RelayWire.connect(testbed.wire(), conditions, seed);
    }

    /** What it is, for the run's output. */
    String description();

    @Override
    void close();
}
