/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.softclose.net.netty.socket.Io;
import java.util.Arrays;
import java.util.List;

/** The kinds of I/O that are available where the tests run. */
@SuppressWarnings("exports") // nobody reads the tests of a module
public final class Kinds {
    private Kinds() {}

    /** Skips the test, and prints so, where the kind's native library is not available. */
    public static IoKind requireAvailable(IoKind kind) {
        Throwable cause = Io.valueOf(kind.name()).unavailabilityCause();
        if (cause != null) {
            System.out.println("SKIPPED: native library not available here: " + kind + ", " + cause);
        }
        assumeTrue(cause == null, "native library not available here: " + kind);
        return kind;
    }

    /** Each that is. */
    public static List<IoKind> available() {
        return Arrays.stream(Io.values())
                .filter(io -> io.unavailabilityCause() == null)
                .map(io -> IoKind.valueOf(io.name()))
                .toList();
    }
}
