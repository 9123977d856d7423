/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.spi;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * The frame of one close.
 *
 * @param admission whether sends are still accepted while draining
 * @param deadline the most the close may take in all; zero ends it at once
 * @param stallTimeout the most the peer may take nothing while there is something to write to it; longer than zero
 */
public record ClosePlan(Admission admission, Duration deadline, Duration stallTimeout) {
    /** Whether sends are accepted once the close has started. */
    public enum Admission {
        /** No send is accepted from the start of the close on. */
        SEAL,
        /** Sends are accepted until the policy decides to finish. */
        KEEP_OPEN
    }

    /** Checks the durations. */
    public ClosePlan {
        requireNonNull(admission, "admission");
        Require.notNegative("deadline", deadline);
        Require.positive("stallTimeout", stallTimeout);
    }
}
