/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.testnet.consensus.core.BrokenRules;
import io.softclose.bench.testnet.consensus.core.SafetyRules;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/** Four validators in virtual time: they never disagree, whatever goes wrong, and go on once nothing does. */
class ConsensusSimulationTest {
    /** As of every simulation: the first seed, and how many. */
    private static final String SEED = "softclose.sim.seed";

    private static final String SEEDS = "softclose.sim.seeds";
    private static final int USUAL = 30;
    /** In each of most worlds the planted defect makes a fork. */
    private static final int SEEDS_FOR_DEFECT = 20;

    private static final int TRACE_LINES = 300;

    @Test
    void whateverGoesWrongNoTwoBlocksAreDecidedAndOnceHealedMoreAreCommitted() {
        Map<String, Long> seen = run(USUAL, ConsensusRun::new);

        if (System.getProperty(SEED) == null) {
            for (String what : List.of(
                    "round by timeout",
                    "round by quorum",
                    "block with batches",
                    "sent SYNC_INFO",
                    "sent BLOCK_RETRIEVAL_REQUEST",
                    "sent BATCH_REQUEST",
                    "outcome UNSENT",
                    "fault: crash",
                    "fault: isolated",
                    "fault: partition")) {
                assertTrue(seen.getOrDefault(what, 0L) > 0, what + ": never seen, " + seen);
            }
        }
    }

    @Test
    void aLeaderThatProposesForksMakesNone() {
        run(USUAL / 3, seed -> new ConsensusRun(seed, BrokenRules::proposesForks, SafetyRules::new));
    }

    @Test
    void oneThatWasAwayForLongTakesOverWhereTheOthersAre() {
        ConsensusRun run = new ConsensusRun(1);

        assertEquals(List.of(), run.runWithOneAway(Duration.ofSeconds(90)));
        assertEquals(1, run.seen().get("skipped"));
    }

    @Test
    void votersThatIgnoreTheLockAreFoundOut() {
        for (long seed = 1; seed <= SEEDS_FOR_DEFECT; seed++) {
            List<String> violations =
                    new ConsensusRun(seed, BrokenRules::proposesForks, BrokenRules::votesForAnyBranch).run();
            if (violations.stream().anyMatch(violation -> violation.contains("decided"))) {
                return;
            }
        }
        throw new AssertionError("no fork in " + SEEDS_FOR_DEFECT + " seeds (expected: one at least)");
    }

    private static Map<String, Long> run(int usual, LongFunction<ConsensusRun> world) {
        long first = Long.getLong(SEED, 1);
        long count = Long.getLong(SEEDS, System.getProperty(SEED) == null ? usual : 1);
        Map<String, Long> seen = new TreeMap<>();
        for (long seed = first; seed < first + count; seed++) {
            ConsensusRun run = world.apply(seed);
            List<String> violations = run.run();
            if (!violations.isEmpty()) {
                throw failure(seed, violations, world.apply(seed));
            }
            run.seen().forEach((what, times) -> seen.merge(what, times, Long::sum));
        }
        System.out.println("ConsensusSimulationTest: " + count + " seeds");
        seen.forEach((what, times) -> System.out.printf("%,12d  %s%n", times, what));
        return seen;
    }

    /** Runs the seed once more, to write down what happens. */
    private static AssertionError failure(long seed, List<String> violations, ConsensusRun again) {
        again.record();
        List<String> repeated = again.run();
        List<String> lines = again.recorded();
        return new AssertionError("seed " + seed + ":\n  " + String.join("\n  ", violations)
                + (repeated.equals(violations) ? "" : "\nTHE SAME SEED RAN DIFFERENTLY")
                + "\nrepeat it: mvn -B test -pl bench -am -Dsurefire.failIfNoSpecifiedTests=false"
                + " -Dtest=ConsensusSimulationTest -D" + SEED + "=" + seed + "\nthe last events:\n"
                + String.join("\n", lines.subList(Math.max(0, lines.size() - TRACE_LINES), lines.size())));
    }
}
