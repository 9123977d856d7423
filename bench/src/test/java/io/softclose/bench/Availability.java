/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench;

import static org.junit.jupiter.api.Assumptions.abort;

import io.softclose.bench.lab.AnyTransport;

/** Skips tests of what is not available here. */
public final class Availability {
    private Availability() {}

    /** Skips the test, and prints so, where this transport is not available. */
    public static void require(AnyTransport transport) {
        if (!transport.available()) {
            System.out.println("SKIPPED: not available here: " + transport);
            abort("not available here: " + transport);
        }
    }
}
