/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.baseline;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RoundTripTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void aMessageComesBackThroughTwoSelectors() {
        assertTimeoutPreemptively(PATIENCE, () -> exchange(new NioRoundTrip()));
    }

    @Test
    void aMessageComesBackThroughTwoPipelines() {
        assertTimeoutPreemptively(PATIENCE, () -> exchange(new NettyRoundTrip()));
    }

    private static void exchange(RoundTrip made) throws Exception {
        try (RoundTrip roundTrip = made) {
            for (int size = 1; size <= 4096; size *= 2) {
                roundTrip.exchange(new byte[size]);
            }
        }
    }
}
