/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Bytes in which a lost, doubled or misplaced one shows. */
final class Payloads {
    private Payloads() {}

    /** The same bytes for the same seed. */
    static byte[] random(int size, long seed) {
        byte[] bytes = new byte[size];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    static void assertSame(byte[] expected, byte[] actual) {
        assertEquals(
                -1,
                Arrays.mismatch(expected, actual),
                () -> "first difference, of " + expected.length + " bytes expected and " + actual.length
                        + " bytes found");
    }

    /** Checks that these bytes are the chunk again and again, the last time perhaps in part. */
    static void assertRepeats(byte[] chunk, byte[] actual) {
        for (int from = 0; from < actual.length; from += chunk.length) {
            int length = Math.min(chunk.length, actual.length - from);
            assertEquals(
                    -1,
                    Arrays.mismatch(chunk, 0, length, actual, from, from + length),
                    "first difference in the chunk at " + from);
        }
    }
}
