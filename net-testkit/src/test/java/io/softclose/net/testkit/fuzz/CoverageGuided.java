/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.fuzz;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** What Jazzer calls, by name, once and then for each input. It runs in a JVM of its own, see {@link Campaign}. */
public final class CoverageGuided {
    private static @Nullable FuzzTarget target;

    private CoverageGuided() {}

    /** Chooses the target by name. */
    public static void fuzzerInitialize(String[] args) {
        target = FuzzTargets.named(args[0]);
    }

    /** Tries an input. */
    public static void fuzzerTestOneInput(byte[] input) throws Throwable {
        requireNonNull(target, "target").check(input);
    }
}
