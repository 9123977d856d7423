/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Runs the cells of a comparison, one after the other, on a thread of its own: whoever waits for them can have what there
 * is before they are through.
 */
public final class ComparisonRun {
    private final List<Cell> cells;
    private final CellRunner runner;
    private final Consumer<String> progress;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final Thread worker = new Thread(this::runAll, "softclose-comparison");
    /** Guarded by itself. */
    private final List<CellResult> results = new ArrayList<>();

    private ComparisonRun(List<Cell> cells, CellRunner runner, Consumer<String> progress) {
        this.cells = List.copyOf(cells);
        this.runner = runner;
        this.progress = progress;
        worker.setDaemon(true);
    }

    /**
     * Starts them.
     *
     * @param progress told a line for each cell that is through
     */
    public static ComparisonRun start(List<Cell> cells, CellRunner runner, Consumer<String> progress) {
        ComparisonRun run = new ComparisonRun(cells, runner, progress);
        run.worker.start();
        return run;
    }

    /** Completes when all cells are through. */
    public CompletionStage<Void> done() {
        return done;
    }

    /** Starts no more cells, and leaves the one that runs. */
    public Comparison stop() {
        worker.interrupt();
        synchronized (results) {
            return new Comparison(results, cells.size());
        }
    }

    private void runAll() {
        try {
            for (Cell cell : cells) {
                progress.accept(run(cell));
            }
            done.complete(null);
        } catch (InterruptedException stopped) {
            // Nobody waits for the rest any more.
        } catch (RuntimeException | Error failure) {
            done.completeExceptionally(failure);
        }
    }

    private String run(Cell cell) throws InterruptedException {
        CellResult result = runner.run(cell);
        synchronized (results) {
            results.add(result);
            return "[%d/%d] %s: %s".formatted(results.size(), cells.size(), cell, result.summary());
        }
    }
}
