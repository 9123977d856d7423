/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.engine.Race;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AdmissionGateTest {
    private static final int ROUNDS = 3_000;

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
     * Each round, two threads admit until they are refused, and the first that has admitted its share seals. Fails if
     * {@code admit} looks at the sealed bit and counts in two steps, or admits although the gate is sealed: both were
     * tried.
     */
    @Test
    void theSealFreezesExactlyTheAdmissionsThatCameBeforeIt() throws Exception {
        try (Race race = new Race()) {
            for (int round = 0; round < ROUNDS; round++) {
                Raced raced = new Raced(1 + round % 997);

                List<Long> counts = race.run(List.of(raced::admitAndSeal, raced::admitAndSeal));

                assertEquals(raced.gate.admitted(), counts.get(0) + counts.get(1), "admissions: " + counts);
                assertEquals(raced.frozen.get(), raced.gate.admitted(), "the count moved after the seal");
            }
        }
    }

    /** A gate that one of two threads seals. */
    private static final class Raced {
        private final AdmissionGate gate = new AdmissionGate();
        private final AtomicLong frozen = new AtomicLong(-1);
        private final long sealAfter;

        Raced(long sealAfter) {
            this.sealAfter = sealAfter;
        }

        long admitAndSeal() {
            long count = 0;
            while (gate.admit()) {
                count++;
                if (count == sealAfter) {
                    gate.seal();
                    frozen.compareAndSet(-1, gate.admitted());
                    assertFalse(gate.admit(), "admitted after the seal");
                }
            }
            return count;
        }
    }
}
