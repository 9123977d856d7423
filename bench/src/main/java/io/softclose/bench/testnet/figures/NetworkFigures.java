/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.figures;

import io.softclose.net.DisconnectReason;
import io.softclose.net.Outcome;
import java.util.Map;

/**
 * What became of the messages and connections of all validators of a run. Messages are those of the whole run, from the first to
 * the last outcome; connections those of the time that was measured.
 *
 * @param accepted messages to peers that networks took
 * @param outcomes how these ended
 * @param handedOver how often one left a connection to wait for the next
 * @param reconnections connections that opened
 * @param closes why connections that were open closed; each end counts its own
 */
public record NetworkFigures(
        long accepted,
        Map<Outcome, Long> outcomes,
        long handedOver,
        long reconnections,
        Map<DisconnectReason, Long> closes) {
    /** Copies the maps. */
    public NetworkFigures {
        outcomes = Map.copyOf(outcomes);
        closes = Map.copyOf(closes);
    }
}
