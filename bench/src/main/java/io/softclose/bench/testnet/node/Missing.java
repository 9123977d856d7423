/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.node;

import java.time.Duration;
import java.util.Locale;

/**
 * What is not known because a validator's process was killed.
 *
 * @param validator its index
 * @param pending how many of the messages that it had accepted, by what it said last, had no outcome
 * @param age how long before its end it said that; what it accepted since is in no figure
 */
public record Missing(int validator, long pending, Duration age) {
    /** In words. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "validator %d's process was killed: its account is %d ms older than its end, what it accepted in them counts nowhere, and"
                        + " of %d messages that it had accepted nobody knows the outcome; how its connections closed counts at the other"
                        + " ends alone",
                validator,
                age.toMillis(),
                pending);
    }
}
