/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.run;

import java.util.SplittableRandom;

/**
 * What one node leaves to chance. Requests, and handlers off the loop, have a chance of their own each, so that runs
 * without them are what they would be if there were none.
 *
 * @param usual for all else
 * @param asking for requests and answers
 * @param handling for where and how messages are handled
 */
record Chances(SplittableRandom usual, SplittableRandom asking, SplittableRandom handling) {
    static Chances of(long seed) {
        return new Chances(
                new SplittableRandom(seed ^ 0x5DEECE66DL),
                new SplittableRandom(seed ^ 0x2545F4914F6CDD1DL),
                new SplittableRandom(seed ^ 0x9E3779B97F4A7C15L));
    }

    Chances split() {
        return new Chances(usual.split(), asking.split(), handling.split());
    }
}
