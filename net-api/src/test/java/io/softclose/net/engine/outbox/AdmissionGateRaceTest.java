/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.outbox;

import io.softclose.net.engine.Interleavings;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Nothing is let in after the seal, and the number that the seal freezes is final: as if one thread did it all. */
@Tag("races")
class AdmissionGateRaceTest {
    @Test
    void letsInAndSealsAsIfInOneThread() {
        Interleavings.linearizable(Shared.class, InOneThread.class);
    }

    /** The gate of a lane, as a send passes it. */
    public static class Shared {
        private static final int BYTES = 3;

        private final AdmissionGate gate = new AdmissionGate(100, 1000);

        @Operation
        public boolean enter() {
            long seen = gate.word();
            while (!AdmissionGate.sealed(seen)) {
                if (gate.fits(seen, BYTES) && gate.enter(seen, BYTES)) {
                    return true;
                }
                seen = gate.word();
            }
            return false;
        }

        @Operation
        public void seal() {
            gate.seal();
        }

        @Operation
        public boolean sealed() {
            return AdmissionGate.sealed(gate.word());
        }

        @Operation
        public long count() {
            return gate.count();
        }

        @Operation
        public long bytes() {
            return AdmissionGate.bytes(gate.held());
        }
    }

    /** What it must be like. */
    public static class InOneThread {
        private long count;
        private boolean sealed;

        public boolean enter() {
            count += sealed ? 0 : 1;
            return !sealed;
        }

        public void seal() {
            sealed = true;
        }

        public boolean sealed() {
            return sealed;
        }

        public long count() {
            return count;
        }

        public long bytes() {
            return count * Shared.BYTES;
        }
    }
}
