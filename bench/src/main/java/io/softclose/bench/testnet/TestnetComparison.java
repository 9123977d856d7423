/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet;

import io.softclose.bench.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The results of a comparison, as tables for people and as JSON for programs.
 *
 * @param settings what all runs have in common
 * @param results in the order in which they were played
 * @param planned how many runs there were to be; more than the results if it was interrupted
 */
public record TestnetComparison(TestnetSettings settings, List<RunResult> results, int planned) {
    private static final double BITS = 8.0 / 1_000_000;

    /** Copies the list. */
    public TestnetComparison {
        results = List.copyOf(results);
    }

    /** Whether all validators agreed in all runs, and every account balances. */
    public boolean passed() {
        return results.stream().allMatch(result -> result.faults().isEmpty());
    }

    /** Whether it ended before all was played. */
    public boolean interrupted() {
        return results.size() < planned;
    }

    /** What was played, in one line. */
    public static String title(TestnetSettings settings) {
        return String.format(
                Locale.ROOT,
                "%1$d validators%9$s, TLS over %2$s, %3$d ms one way and up to %4$d more, %5$.1f Mbit/s%10$s, %6$s, %7$.1f s each, seed %8$d",
                TestnetSettings.VALIDATORS,
                settings.transport().name().toLowerCase(Locale.ROOT),
                settings.path().latency().toMillis(),
                settings.path().jitter().toMillis(),
                settings.path().bytesPerSecond() * BITS,
                settings.faults().inWords(),
                settings.duration().toMillis() / 1000.0,
                settings.seed(),
                switch (settings.placement()) {
                    case ONE_PROCESS -> "";
                    case PROCESSES -> ", each in a process of its own";
                    case NAMESPACES -> ", each in a process and a network namespace of its own";
                },
                settings.lossPercent() > 0 ? ", " + settings.lossPercent() + " % of packets lost" : "");
    }

    /** The tables, the legend and the verdict, line by line. */
    public List<String> tables() {
        List<String> lines = new ArrayList<>(List.of(title(settings), ""));
        lines.addAll(TestnetTables.of(results));
        lines.add("");
        lines.addAll(verdict());
        return lines;
    }

    /** The JSON document. */
    public String json(Origin origin) {
        return TestnetJson.of(this, origin);
    }

    private List<String> verdict() {
        List<String> lines = new ArrayList<>();
        if (interrupted()) {
            lines.add("INTERRUPTED after " + results.size() + " of " + planned + " runs.");
        }
        for (RunResult result : results) {
            result.faults()
                    .forEach(fault ->
                            lines.add("FAULT in " + result.variant() + ", seed " + settings.seed() + ": " + fault));
        }
        for (RunResult result : results) {
            result.missing().forEach(missing -> lines.add("MISSING in " + result.variant() + ": " + missing + "."));
        }
        boolean whole = results.stream().allMatch(result -> result.missing().isEmpty());
        if (passed() && !results.isEmpty()) {
            lines.add("All " + results.size() + " runs: the validators agreed on every block, and every account "
                    + (whole ? "balances." : "that is whole balances."));
        }
        return lines;
    }
}
