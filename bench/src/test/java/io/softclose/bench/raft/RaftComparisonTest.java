/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.lab.AnyTransport;
import io.softclose.bench.lab.WanConditions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Short runs over real sockets. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class RaftComparisonTest {
    /** Held, or its level is forgotten. */
    private static final Logger RAFT = Logger.getLogger("io.microraft");

    private static final @Nullable Level LEVEL = RAFT.getLevel();

    @BeforeAll
    static void raftIsQuiet() {
        RAFT.setLevel(Level.SEVERE);
    }

    @AfterAll
    static void raftSaysAgainWhatItDoes() {
        RAFT.setLevel(LEVEL);
    }

    @Test
    void logsAgreeAlthoughConnectionsAreReset() throws Exception {
        RaftComparison comparison = play(Set.of(RaftSettings.Fault.RESETS), Duration.ofSeconds(3));

        RaftResult over = comparison.results().get(0);
        assertEquals(SoftcloseWiring.NAME, over.over());
        assertTrue(over.traffic().connections() > 0, comparison::toString);
        assertTrue(over.commits() > 0, comparison::toString);
        assertTrue(over.longest().compareTo(over.median()) >= 0, comparison::toString);
    }

    @Test
    void aStalledLeaderIsFollowedByAnother() throws Exception {
        // The run goes on until there is another.
        RaftComparison comparison = play(Set.of(RaftSettings.Fault.STALLED), Duration.ofSeconds(1));

        assertTrue(comparison.results().get(0).elections() > 0, comparison::toString);
    }

    private static RaftComparison play(Set<RaftSettings.Fault> faults, Duration duration) throws Exception {
        List<String> progress = new ArrayList<>();
        RaftComparison comparison = RaftComparison.play(
                new RaftSettings(
                        3,
                        AnyTransport.NIO,
                        "graceful",
                        new WanConditions(Duration.ofMillis(2), Duration.ofMillis(1), 1_000_000),
                        8,
                        100,
                        duration,
                        Duration.ofMillis(300),
                        faults,
                        System.nanoTime() & 0xFFFF),
                progress::add);
        assertTrue(comparison.passed(), () -> String.join("\n", comparison.table()));
        assertEquals(2, progress.size(), progress::toString);
        assertTrue(comparison.results().get(1).commits() > 0, comparison::toString);
        return comparison;
    }
}
