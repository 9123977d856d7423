/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softclose.bench.chaos.Campaign.Repeat;
import io.softclose.bench.lab.AnyTransport;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The short form of the chaos: {@code java -jar benchmarks.jar chaos} has the long one. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no SIGSTOP")
class ChaosTest {
    private static final long SEED = Long.getLong("softclose.chaos.seed", 2);
    private static final int ROUNDS = 40;

    @Test
    void nothingThatMustNotBeHappensInFortyRounds() throws Exception {
        List<AnyTransport> available = Arrays.stream(AnyTransport.values())
                .filter(AnyTransport::available)
                .toList();
        Queue<String> progress = new ConcurrentLinkedQueue<>();

        Campaign.Outcome outcome = new Campaign(SEED, 0, ROUNDS, Repeat.NONE, 2, available, progress::add).run();

        assertEquals(
                0,
                outcome.badRounds(),
                () -> "seed " + SEED + ": " + progress + ", written down in " + outcome.directory());
        outcome.lines().forEach(System.out::println);
    }
}
