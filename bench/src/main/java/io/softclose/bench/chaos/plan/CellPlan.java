/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.chaos.plan;

/**
 * One connection, between networks of its own.
 *
 * @param index its number within the round
 * @param dialler the end that dials
 * @param maxFrameSize of both ends, in bytes; what exceeds it is streamed
 */
public record CellPlan(int index, End dialler, int maxFrameSize, EndPlan alice, EndPlan bob) {
    public EndPlan of(End end) {
        return end == End.ALICE ? alice : bob;
    }
}
