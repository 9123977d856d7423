/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.outbox;

/**
 * Lets sends in until it is sealed. One atomic word holds the sealed bit and the number of admissions ever made, so an
 * admission either comes before the seal, and is in the number that the seal freezes, or is refused: there is no third
 * result. An admission is withdrawn if its send fails before its message is in a lane. Admissions in flight are those not
 * yet found in a lane: this number less the lanes' sum. Thread-safe and lock-free.
 */
final class AdmissionGate {
    private static final long SEALED = Long.MIN_VALUE;

    private final ContendedLong word = new ContendedLong();

    /** Admits one message, unless sealed. */
    boolean admit() {
        long seen = word.get();
        while ((seen & SEALED) == 0) {
            if (word.compareAndSet(seen, seen + 1)) {
                return true;
            }
            seen = word.get();
        }
        return false;
    }

    /** Takes back the admission of a message that is not queued after all. */
    void withdraw() {
        word.add(-1);
    }

    /** Refuses every admission from now on. Idempotent. */
    void seal() {
        long seen = word.get();
        while (!word.compareAndSet(seen, seen | SEALED)) {
            seen = word.get();
        }
    }

    boolean sealed() {
        return (word.get() & SEALED) != 0;
    }

    /** How many were admitted, and not withdrawn; once sealed, it can only fall. */
    long admitted() {
        return word.get() & ~SEALED;
    }
}
