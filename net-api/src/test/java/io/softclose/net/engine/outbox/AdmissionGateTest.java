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
    private static final int TICKETS = 1 << 21;
    private static final long WIDEST = 1L << 40;

    private final AdmissionGate gate = new AdmissionGate(10, 1000);

    @Test
    void countsWhatItLetsInAndWhatItHolds() {
        assertTrue(enter(gate, 7));
        assertTrue(enter(gate, 0));
        gate.leave(1, 7);
        assertTrue(enter(gate, 5));

        assertEquals(3, gate.count());
        assertEquals(2, AdmissionGate.messages(gate.held()));
        assertEquals(5, AdmissionGate.bytes(gate.held()));
        assertFalse(AdmissionGate.sealed(gate.word()));
    }

    @Test
    void onceSealedLetsInOnlyThoseWhoDoNotLookForTheSeal() {
        assertTrue(enter(gate, 1));

        gate.seal();
        gate.seal();

        assertFalse(enter(gate, 1));
        assertEquals(1, gate.count());
        assertTrue(gate.enter(gate.word(), 1));
        assertTrue(AdmissionGate.sealed(gate.word()));
        assertEquals(2, gate.count());
        assertEquals(2, AdmissionGate.bytes(gate.held()));
    }

    @Test
    void letsNobodyInByAWordThatIsNotThereAnyMore() {
        long before = gate.word();
        assertTrue(enter(gate, 1));
        gate.leave(1, 1);

        assertFalse(gate.enter(before, 1), "the lane holds what it held, but a ticket has been taken");
    }

    /** Fails if either sum may spill into the other or into the seal: each was tried. */
    @Test
    void itsSumsComeRoundUnnoticed() {
        AdmissionGate wide = new AdmissionGate(1 << 20, WIDEST);
        long bytes = 0;
        for (int i = 0; i < TICKETS + 3; i++) {
            assertEquals(i % TICKETS, AdmissionGate.ticket(wide.word()));
            // The greatest of these bring the bytes round many times.
            int size = i % 2 == 0 ? Integer.MAX_VALUE : i % 3;
            assertTrue(enter(wide, size));
            bytes += size;
            if (i % 500 == 499) {
                assertEquals(500, AdmissionGate.messages(wide.held()));
                assertEquals(bytes, AdmissionGate.bytes(wide.held()));
                wide.leave(500, bytes);
                bytes = 0;
            }
        }

        assertEquals(TICKETS + 3, wide.count());
        assertEquals(bytes, AdmissionGate.bytes(wide.held()));
        assertFalse(AdmissionGate.sealed(wide.word()));
    }

    /**
     * Each round, two threads enter until they are refused, and the first that has entered its share seals. Fails if the
     * seal and the count are looked at in two steps, or a sealed gate lets in: both were tried.
     */
    @Test
    void theSealFreezesExactlyTheAdmissionsThatCameBeforeIt() throws Exception {
        try (Race race = new Race()) {
            for (int round = 0; round < ROUNDS; round++) {
                Raced raced = new Raced(1 + round % 997);

                List<Long> counts = race.run(List.of(raced::enterAndSeal, raced::enterAndSeal));

                assertEquals(raced.gate.count(), counts.get(0) + counts.get(1), "admissions: " + counts);
                assertEquals(raced.frozen.get(), raced.gate.count(), "the count moved after the seal");
            }
        }
    }

    /** As a send does; there is room for it. */
    private static boolean enter(AdmissionGate gate, int bytes) {
        while (true) {
            long word = gate.word();
            if (AdmissionGate.sealed(word)) {
                return false;
            }
            assertTrue(gate.fits(word, bytes) || gate.word() != word, "no room");
            if (gate.enter(word, bytes)) {
                return true;
            }
        }
    }

    /** A gate that one of two threads seals. */
    private static final class Raced {
        private final AdmissionGate gate = new AdmissionGate(1 << 20, WIDEST);
        private final AtomicLong frozen = new AtomicLong(-1);
        private final long sealAfter;

        Raced(long sealAfter) {
            this.sealAfter = sealAfter;
        }

        long enterAndSeal() {
            long count = 0;
            while (enter(gate, 1)) {
                count++;
                if (count == sealAfter) {
                    gate.seal();
                    frozen.compareAndSet(-1, gate.count());
                    assertFalse(enter(gate, 1), "admitted after the seal");
                }
            }
            return count;
        }
    }
}
