/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.chaos.plan;

/**
 * What a handler does with messages besides writing down that it had them.
 *
 * @param every how many messages apart
 * @param micros how long, where that has a meaning
 */
public record HandlerPlan(Manner manner, int every, int micros) {
    /** A manner to handle messages. */
    public enum Manner {
        /** Nothing. */
        QUICK,
        /** Blocks its event loop. */
        SLOW,
        /** Pauses the connection, and resumes it later. */
        PAUSING,
        /** Throws. */
        THROWING
    }
}
