/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.chaos;

import io.softclose.bench.chaos.Pair.Verdict;
import io.softclose.bench.chaos.judge.Tally;
import io.softclose.bench.chaos.plan.RoundPlan;
import io.softclose.bench.lab.AnyTransport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Rounds of chaos, several side by side.
 *
 * @param seed of all plans
 * @param firstRound the first round's number
 * @param rounds how many
 * @param repeat whether all rounds have the first one's plan
 * @param pairs how many rounds at a time, each with two processes of its own
 * @param transports to choose from
 * @param progress is told what happens, line by line, on any thread
 */
public record Campaign(
        long seed,
        int firstRound,
        int rounds,
        Repeat repeat,
        int pairs,
        List<AnyTransport> transports,
        Consumer<String> progress) {
    /** Whether rounds have plans of their own. */
    public enum Repeat {
        /** Each has its own. */
        NONE,
        /** All have the first one's. */
        FIRST
    }

    /** After this many bad rounds, more of them tell nothing new. */
    private static final int MOST_BAD_ROUNDS = 10;

    private static final int PROGRESS_EVERY = 100;

    /**
     * How it went.
     *
     * @param badRounds how many rounds showed something that must not be
     * @param lines what was seen, for people
     * @param directory where the bad rounds are written down
     */
    public record Outcome(int badRounds, List<String> lines, Path directory) {}

    /** Copies the list. */
    public Campaign {
        transports = List.copyOf(transports);
    }

    /** Plays the rounds. Blocks until all are over. */
    public Outcome run() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("softclose-chaos");
        Run run = new Run(directory);
        List<Thread> threads = new ArrayList<>();
        for (int pair = 0; pair < pairs; pair++) {
            Thread thread = new Thread(run::play, "chaos-" + pair);
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return new Outcome(run.bad.get(), run.tally.lines(), directory);
    }

    /** One run's moving parts. */
    private final class Run {
        final Path directory;
        final Tally tally = new Tally();
        final AtomicInteger next = new AtomicInteger();
        final AtomicInteger bad = new AtomicInteger();

        Run(Path directory) {
            this.directory = directory;
        }

        void play() {
            String names = transports.stream().map(Enum::name).collect(Collectors.joining(","));
            try (Pair pair = new Pair(directory, names, tally)) {
                for (int index = next.getAndIncrement();
                        index < rounds && bad.get() < MOST_BAD_ROUNDS;
                        index = next.getAndIncrement()) {
                    int round = firstRound + (repeat == Repeat.FIRST ? 0 : index);
                    tell(pair.play(RoundPlan.of(seed, round, transports)));
                    if ((index + 1) % PROGRESS_EVERY == 0) {
                        progress.accept((index + 1) + " of " + rounds + " rounds, " + bad.get() + " bad");
                    }
                }
            } catch (RuntimeException | Error failure) {
                bad.incrementAndGet();
                progress.accept("the campaign itself failed: " + failure);
                throw failure;
            }
        }

        private void tell(Verdict verdict) {
            if (!verdict.faults().isEmpty()) {
                bad.incrementAndGet();
                progress.accept("round " + verdict.round() + " of seed " + seed + ": "
                        + String.join(System.lineSeparator() + "    ", verdict.faults()));
            }
        }
    }
}
