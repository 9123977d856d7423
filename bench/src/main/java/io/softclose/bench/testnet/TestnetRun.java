/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet;

import io.softclose.bench.testnet.node.Crew;
import io.softclose.bench.testnet.node.Variant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Plays the test network under one variant after the other, on a thread of its own: whoever waits can have what there is before
 * all are through.
 */
public final class TestnetRun {
    /** What ending the run that is under way may take: the end of processes, which are killed. */
    private static final Duration LAST_RUN = Duration.ofSeconds(3);

    private final TestnetSettings settings;
    private final Crew crew;
    private final List<Variant> variants;
    private final Consumer<String> progress;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final Thread worker = new Thread(this::playAll, "softclose-testnet");
    /** Guarded by itself. */
    private final List<RunResult> results = new ArrayList<>();

    private TestnetRun(TestnetSettings settings, Crew crew, List<Variant> variants, Consumer<String> progress) {
        this.settings = settings;
        this.crew = crew;
        this.variants = List.copyOf(variants);
        this.progress = progress;
        worker.setDaemon(true);
    }

    /**
     * Starts.
     *
     * @param crew the validators of all runs; closed when the last is through
     * @param progress told a line for each run that is through
     */
    public static TestnetRun start(
            TestnetSettings settings, Crew crew, List<Variant> variants, Consumer<String> progress) {
        TestnetRun run = new TestnetRun(settings, crew, variants, progress);
        run.worker.start();
        return run;
    }

    /** Completes when all runs are through. */
    public CompletionStage<Void> done() {
        return done;
    }

    /** Starts no more runs, and gives the one up that is under way: what it has made has ended, if that is possible within three seconds. */
    public TestnetComparison stop() {
        worker.interrupt();
        try {
            worker.join(LAST_RUN.toMillis());
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        synchronized (results) {
            return new TestnetComparison(settings, results, variants.size());
        }
    }

    private void playAll() {
        try (crew) {
            RunPlayer player = new RunPlayer(settings, crew);
            for (Variant variant : variants) {
                progress.accept(play(player, variant));
            }
            done.complete(null);
        } catch (InterruptedException stopped) {
            // Nobody waits for the rest any more.
        } catch (RuntimeException | Error failure) {
            done.completeExceptionally(failure);
        }
    }

    private String play(RunPlayer player, Variant variant) throws InterruptedException {
        RunResult result = player.play(variant);
        synchronized (results) {
            results.add(result);
            return "[%d/%d] %s: %s".formatted(results.size(), variants.size(), variant, result.summary());
        }
    }
}
