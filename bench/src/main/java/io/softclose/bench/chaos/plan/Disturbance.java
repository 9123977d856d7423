/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.chaos.plan;

/**
 * What is done to a process in the midst of a round.
 *
 * @param atMillis after the dials
 * @param forMillis how long it is stopped, if it is
 */
public record Disturbance(Kind kind, End end, int atMillis, int forMillis) {
    /** What signals do. */
    public enum Kind {
        /** SIGSTOP, and SIGCONT later. */
        STOP,
        /** SIGKILL. */
        KILL
    }
}
