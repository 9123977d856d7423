/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.tls.link;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The threads of handshakes' tasks. */
class HandshakeThreadsTest {
    /** A pool counts as terminated while the last of its threads is on its way out: in some of these rounds it is seen there. */
    private static final int ROUNDS = 500;

    @Test
    void closingWaitsForTheEndOfTheLastThread() {
        for (int round = 0; round < ROUNDS; round++) {
            HandshakeThreads threads = new HandshakeThreads();
            AtomicReference<@Nullable Thread> ran = new AtomicReference<>();
            threads.execute(() -> ran.set(Thread.currentThread()));

            threads.close();

            assertFalse(requireNonNull(ran.get(), "ran").isAlive(), "in round " + round);
        }
    }
}
