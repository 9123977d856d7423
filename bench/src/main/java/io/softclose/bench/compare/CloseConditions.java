/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.compare;

import io.softclose.bench.Json;
import io.softclose.net.spi.Require;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a run closes under besides its scenario and reader. What is not given is left as it is.
 *
 * @param deadline the most that the close may take; the policy's, if none is given
 * @param rtt how long bytes take there and back; loopback's, if none is given
 * @param bytesPerSecond of the path, each way; loopback's, if none is given
 * @param stall for how long the receiving node reads nothing at first; the reader's, if none is given
 */
public record CloseConditions(
        Optional<Duration> deadline, Optional<Duration> rtt, Optional<Long> bytesPerSecond, Optional<Duration> stall) {
    /** Nothing is given. */
    public static final CloseConditions NONE =
            new CloseConditions(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** Checks what is given. */
    public CloseConditions {
        deadline.ifPresent(given -> Require.positive("deadline", given));
        rtt.ifPresent(given -> Require.notNegative("rtt", given));
        stall.ifPresent(given -> Require.notNegative("stall", given));
        bytesPerSecond.ifPresent(given -> Require.within("bytesPerSecond", given, 1, Long.MAX_VALUE));
    }

    /** Those that are given, by name, the unit at its end. */
    Map<String, Double> named() {
        Map<String, Double> named = new LinkedHashMap<>();
        deadline.ifPresent(given -> named.put("deadlineMillis", Json.millis(given)));
        rtt.ifPresent(given -> named.put("rttMillis", Json.millis(given)));
        bytesPerSecond.ifPresent(given -> named.put("bandwidthBytesPerSecond", given.doubleValue()));
        stall.ifPresent(given -> named.put("stallMillis", Json.millis(given)));
        return named;
    }

    /** Whether bytes are to take longer than on loopback. */
    boolean needPath() {
        return rtt.isPresent() || bytesPerSecond.isPresent();
    }

    /** In words, each after a comma; empty if nothing is given. */
    String suffix() {
        return named().entrySet().stream()
                .map(condition -> ", " + condition.getKey() + " " + condition.getValue())
                .collect(Collectors.joining())
                .replace(".0", "");
    }
}
