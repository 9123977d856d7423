/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim;

import static java.util.Objects.requireNonNull;

import io.softclose.net.Message;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.testkit.sim.run.SimulationRun;
import io.softclose.net.testkit.sim.run.SimulationRun.Result;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * Random runs of whole nodes on a {@link SimNetwork}: connections that send, close, abort and break in every way that the
 * simulation has, with the ledger watching. Each run comes from its seed alone. For the tests of a close policy:
 *
 * <pre>{@code
 * Simulation.of("PatientPolicyTest", chance -> new PatientPolicy()).run(500);
 * }</pre>
 *
 * <p>Two system properties change which seeds are run: {@value #SEED} is the first, and {@value #SEEDS} is how many. A run
 * that fails names the first, and how to repeat it.
 */
public final class Simulation {
    /** The system property with the first seed. */
    public static final String SEED = "softclose.sim.seed";

    /** The system property with the number of seeds. */
    public static final String SEEDS = "softclose.sim.seeds";

    private static final int TRACE_LINES = 400;

    private final String test;
    private final Function<RandomGenerator, ? extends ClosePolicy> policies;
    private final UnaryOperator<Message> spoiling;
    private final boolean layered;

    private Simulation(
            String test,
            Function<RandomGenerator, ? extends ClosePolicy> policies,
            UnaryOperator<Message> spoiling,
            boolean layered) {
        this.test = requireNonNull(test, "test");
        this.policies = requireNonNull(policies, "policies");
        this.spoiling = spoiling;
        this.layered = layered;
    }

    /**
     * Runs in which every node has a policy from here.
     *
     * @param test what Maven's {@code -Dtest} calls the test that runs them, for the command that repeats a run
     * @param policies makes a node's policy, by chance if there are several; everything random about it must come from
     *     the generator that it is given. Called on several threads, for runs that go on at the same time
     */
    public static Simulation of(String test, Function<RandomGenerator, ? extends ClosePolicy> policies) {
        return new Simulation(test, policies, UnaryOperator.identity(), false);
    }

    /** The same, where some messages are made ones whose payload cannot be read. */
    Simulation spoiling(UnaryOperator<Message> spoiled) {
        return new Simulation(test, policies, spoiled, layered);
    }

    /**
     * The same, where all links speak TLS 1.3, and one more fault is possible: an end that the peer never said, which must
     * not count as one.
     */
    public Simulation withTls() {
        return new Simulation(test, policies, spoiling, true);
    }

    /**
     * Runs as many seeds as the system properties say, from 1 on if they say nothing.
     *
     * @param usualSeeds how many if no property says so
     * @throws AssertionError if something was not as it must be; it names the seed, and has a trace of that run
     */
    public SimulationReport run(int usualSeeds) {
        long first = Long.getLong(SEED, 1);
        return run(first, Long.getLong(SEEDS, System.getProperty(SEED) == null ? usualSeeds : 1));
    }

    /**
     * Runs these seeds, each on one thread, and as many at a time as there are processors.
     *
     * @param first the first seed
     * @param count how many, one after the other
     * @throws AssertionError if something was not as it must be; it names the lowest such seed, and has a trace of that run
     */
    public SimulationReport run(long first, long count) {
        return run(first, count, Runtime.getRuntime().availableProcessors());
    }

    SimulationReport run(long first, long count, int processors) {
        long started = System.nanoTime();
        Totals totals = new Totals();
        SeedWalk.each(first, count, (int) Math.max(1, Math.min(processors, count)), seed -> {
            Result result = runOnce(seed);
            if (!result.violations().isEmpty()) {
                throw failure(seed, seed - first + 1, result);
            }
            totals.add(result);
        });
        return totals.report(count, System.nanoTime() - started);
    }

    /** What the runs came to, in whatever order they end. */
    private static final class Totals {
        private long closes;
        private long events;
        private final Set<String> endStates = new TreeSet<>();
        private final Map<String, Long> rareStates = new LinkedHashMap<>();

        synchronized void add(Result result) {
            closes += result.closes();
            events += result.events();
            endStates.addAll(result.endStates());
            result.rareStates().forEach((state, times) -> rareStates.merge(state, times, Long::sum));
        }

        synchronized SimulationReport report(long seeds, long nanos) {
            return new SimulationReport(seeds, closes, events, endStates, rareStates, nanos);
        }
    }

    private Result runOnce(long seed) {
        try {
            return new SimulationRun(seed, policies, spoiling, layered).run();
        } catch (RuntimeException | Error failure) {
            throw new AssertionError(
                    "seed " + seed + " of " + test + " threw " + failure + "; " + repeat(seed), failure);
        }
    }

    /** Runs the seed once more, to write down what happens. */
    private AssertionError failure(long seed, long seedsRun, Result failed) {
        SimulationRun again = new SimulationRun(seed, policies, spoiling, layered);
        again.world().trace().record();
        Result repeated = again.run();
        var lines = again.world().trace().lines();
        String trace = String.join("\n", lines.subList(Math.max(0, lines.size() - TRACE_LINES), lines.size()));
        String same = repeated.fingerprint() == failed.fingerprint() ? "" : "\nTHE SAME SEED RAN DIFFERENTLY";
        return new AssertionError("seed " + seed + " (number " + seedsRun + " of the run), after " + failed.events()
                + " events:\n  " + String.join("\n  ", failed.violations()) + same + "\n" + repeat(seed)
                + "\nthe last events:\n" + trace);
    }

    private String repeat(long seed) {
        return "repeat it: mvn -B test -am -Dsurefire.failIfNoSpecifiedTests=false -Dtest=" + test + " -D" + SEED + "="
                + seed;
    }
}
