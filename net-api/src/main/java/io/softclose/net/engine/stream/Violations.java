/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.stream;

import io.softclose.net.engine.Callbacks;
import io.softclose.net.log.Allowance;
import io.softclose.net.spi.EventLoop;

/**
 * Tells the application what is wrong with what a peer sends: 64 times at once and 64 times a second after that. A peer may
 * send nothing else, and that must not cost more than messages. The others are counted, and the count is told. Loop only.
 */
final class Violations {
    private static final int MOST = 64;

    private final EventLoop loop;
    private final Callbacks callbacks;
    private final Allowance allowance = new Allowance(MOST, MOST);

    Violations(EventLoop loop, Callbacks callbacks) {
        this.loop = loop;
        this.callbacks = callbacks;
    }

    /** Whether one more is told, by {@link #tell}, and answered; counts it if not. */
    boolean mayTell() {
        return allowance.take(loop.nanoTime());
    }

    void tell(String detail) {
        tellLeftOut();
        callbacks.protocolViolation(detail);
    }

    /** Tells how many were counted only, if any were. */
    void tellLeftOut() {
        long leftOut = allowance.takeLeftOut();
        if (leftOut > 0) {
            callbacks.protocolViolation(leftOut + " more since the last one (told: at most " + MOST + " a second)");
        }
    }
}
