/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softclose.net.testkit.peers.PeerRun.Troubles;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Two nodes that send to each other as peers, in virtual time: what is promised of peers, whatever happens to connections. */
class PeerSimulationTest {
    /** As of every simulation: the first seed, and how many. */
    private static final String SEED = "softclose.sim.seed";

    private static final String SEEDS = "softclose.sim.seeds";
    private static final int USUAL = 60;
    private static final int TRACE_LINES = 300;

    @Test
    void ofTwoDialledAtOnceOneStaysAndNothingIsLostDoubledOrReordered() {
        Map<String, Long> reached = run(Troubles.NONE);

        assertReached(reached, "two open", "handed over", "WRITTEN");
        assertEquals(0, reached.get("UNCERTAIN"));
    }

    @Test
    void whatALoserBroughtWhoseLinkFailsIsHandledBeforeWhatTheWinnerBrings() {
        Map<String, Long> reached = run(Troubles.LOSER_FAILS);

        assertReached(reached, "loser cut", "UNCERTAIN", "WRITTEN");
    }

    @Test
    void whateverBreaksEveryMessageHasOneOutcomeAndWhatWasUnsentGoesOnceToTheNext() {
        Map<String, Long> reached = run(Troubles.MANY);

        assertReached(
                reached,
                "two open",
                "waits though open",
                "handed over",
                "told of room",
                "gave up room",
                "restart",
                "dialled nevertheless",
                "WRITTEN",
                "UNCERTAIN",
                "UNSENT",
                "DISCARDED",
                "EXPIRED",
                "request ANSWERED",
                "request UNANSWERED",
                "request NOT_SENT",
                "request TIMED_OUT",
                "request CANCELLED");
    }

    private static Map<String, Long> run(Troubles troubles) {
        long first = Long.getLong(SEED, 1);
        long count = Long.getLong(SEEDS, System.getProperty(SEED) == null ? USUAL : 1);
        Map<String, Long> reached = new TreeMap<>();
        for (long seed = first; seed < first + count; seed++) {
            PeerRun run = new PeerRun(seed, troubles);
            List<String> violations = run.run();
            if (!violations.isEmpty()) {
                throw failure(seed, troubles, violations);
            }
            run.rareStates().forEach((state, times) -> reached.merge(state, times, Long::sum));
        }
        System.out.println("PeerSimulationTest: " + count + " seeds, " + reached);
        return reached;
    }

    /** Runs the seed once more, to write down what happens. */
    private static AssertionError failure(long seed, Troubles troubles, List<String> violations) {
        PeerRun again = new PeerRun(seed, troubles);
        again.record();
        List<String> repeated = again.run();
        List<String> lines = again.recorded();
        return new AssertionError("seed " + seed + ":\n  " + String.join("\n  ", violations)
                + (repeated.equals(violations) ? "" : "\nTHE SAME SEED RAN DIFFERENTLY")
                + "\nrepeat it: mvn -B test -am -Dsurefire.failIfNoSpecifiedTests=false -Dtest=PeerSimulationTest -D"
                + SEED + "=" + seed + "\nthe last events:\n"
                + String.join("\n", lines.subList(Math.max(0, lines.size() - TRACE_LINES), lines.size())));
    }

    private static void assertReached(Map<String, Long> reached, String... states) {
        if (Long.getLong(SEEDS, USUAL) >= USUAL && System.getProperty(SEED) == null) {
            for (String state : states) {
                assertEquals(true, reached.getOrDefault(state, 0L) > 0, state + ": never reached, " + reached);
            }
        }
    }
}
