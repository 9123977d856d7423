/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.scenario;

import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;

/** What makes a run hard from its start on, besides the faults that come on the way. Most runs have one or two. */
public enum Hardship {
    /** Slow paths behind send buffers of up to 4 MiB that were made for fast ones, and enough to send to fill them. */
    SLOW_PATH(10),
    /** Whatever the user wrote keeps its loop busy. */
    BUSY(20),
    /** Every end sends all the time. */
    TALK(15),
    /** Both ends of every connection close in the same moment. */
    TOGETHER(15),
    /** Applications pause and go on all the time. */
    RESTLESS(12),
    /** A hundred connections and more. */
    CROWD(1),
    /** A loop dies. */
    DYING_LOOP(8),
    /** Now and then no link has a buffer to lend. */
    NO_MEMORY(10),
    /** Some payloads cannot be read. Only if the test knows how to make such. */
    UNREADABLE(10),
    /** Whatever the user wrote throws, Errors too. */
    THROWING(10),
    /** No end reads more than so many messages and bytes a second. */
    RATIONED(10);

    /** In how many of a hundred runs. */
    private final int percent;

    Hardship(int percent) {
        this.percent = percent;
    }

    static Set<Hardship> some(SplittableRandom random) {
        Set<Hardship> some = EnumSet.noneOf(Hardship.class);
        for (Hardship one : values()) {
            if (random.nextInt(100) < one.percent) {
                some.add(one);
            }
        }
        return some;
    }
}
