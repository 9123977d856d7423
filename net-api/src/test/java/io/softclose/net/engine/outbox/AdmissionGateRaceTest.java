/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.outbox;

import io.softclose.net.engine.Interleavings;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Nothing is admitted after the seal, and the number that the seal freezes is final: as if one thread did it all. */
@Tag("races")
class AdmissionGateRaceTest {
    @Test
    void admitsAndSealsAsIfInOneThread() {
        Interleavings.linearizable(Shared.class, InOneThread.class);
    }

    /** The gate. */
    public static class Shared {
        private final AdmissionGate gate = new AdmissionGate();

        @Operation
        public boolean admit() {
            return gate.admit();
        }

        @Operation
        public void seal() {
            gate.seal();
        }

        @Operation
        public boolean sealed() {
            return gate.sealed();
        }

        @Operation
        public long admitted() {
            return gate.admitted();
        }
    }

    /** What it must be like. */
    public static class InOneThread {
        private long admitted;
        private boolean sealed;

        public boolean admit() {
            admitted += sealed ? 0 : 1;
            return !sealed;
        }

        public void seal() {
            sealed = true;
        }

        public boolean sealed() {
            return sealed;
        }

        public long admitted() {
            return admitted;
        }
    }
}
