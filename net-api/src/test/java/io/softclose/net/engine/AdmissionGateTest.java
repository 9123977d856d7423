/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

class AdmissionGateTest {
    private static final int ROUNDS = 5_000;
    private static final int SENDERS = 4;

    private final AdmissionGate gate = new AdmissionGate();

    @Test
    void countsWhatItAdmits() {
        assertTrue(gate.admit());
        assertTrue(gate.admit());

        assertEquals(2, gate.admitted());
        assertFalse(gate.sealed());
    }

    @Test
    void admitsNothingOnceSealedAndKeepsTheCount() {
        assertTrue(gate.admit());

        gate.seal();
        gate.seal();

        assertFalse(gate.admit());
        assertTrue(gate.sealed());
        assertEquals(1, gate.admitted());
    }

    /**
     * Each round, four threads admit until they are refused, and the first that has admitted a few seals. Fails if {@code
     * admit} looks at the sealed bit and counts in two steps, or {@code seal} replaces the word instead of setting a
     * bit: both were tried.
     */
    @Test
    void theSealFreezesExactlyTheAdmissionsThatCameBeforeIt() throws Exception {
        try (Race race = new Race()) {
            for (int round = 0; round < ROUNDS; round++) {
                AdmissionGate raced = new AdmissionGate();
                int sealAfter = 1 + round % 61;
                List<Callable<Long>> runners = new ArrayList<>();
                for (int sender = 0; sender < SENDERS; sender++) {
                    runners.add(() -> admissions(raced, sealAfter));
                }

                List<Long> counts = race.run(runners);

                assertEquals(
                        raced.admitted(),
                        counts.stream().mapToLong(Long::longValue).sum(),
                        "admissions: " + counts);
            }
        }
    }

    private static long admissions(AdmissionGate gate, long sealAfter) {
        long count = 0;
        while (gate.admit()) {
            count++;
            if (count == sealAfter) {
                gate.seal();
            }
        }
        return count;
    }
}
