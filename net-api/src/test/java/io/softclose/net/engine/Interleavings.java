/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import io.softclose.net.engine.connection.CloseOrder;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionResult;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.kotlinx.lincheck.util.ExceptionResult;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.verifier.Verifier;

/**
 * Runs code that races in many interleavings, by Lincheck: its model checker switches threads at accesses to shared
 * memory, tries the executions with the fewest switches first, each once, and prints the one that fails, step by step.
 * It has every thread see the same memory; what a processor reorders only {@link #stressStory} can meet.
 *
 * <p>The bounds are those of every build, unless the system property {@code softclose.races} is {@code full}.
 */
public final class Interleavings {
    private static final boolean FULL = "full".equals(System.getProperty("softclose.races"));

    /** Has a thread of its own, for whose next look each interleaving would wait: it has no say in any. */
    private static final String WATCH = "io.softclose.net.engine.node.LoopWatch";

    private Interleavings() {}

    /**
     * Runs a story: each {@link Operation} of the class in a thread of its own, all at once, then its {@link
     * org.jetbrains.lincheck.datastructures.Validate}. None of them may throw.
     */
    public static void ofStory(Class<?> story) {
        ofStory(story, 1);
    }

    /**
     * Runs a story of more steps than others, in fewer interleavings.
     *
     * @param cost how many times as long one takes
     */
    public static void ofStory(Class<?> story, int cost) {
        ModelCheckingOptions options = new ModelCheckingOptions()
                .invocationsPerIteration((FULL ? 20_000 : 400) / cost)
                .addGuarantee(forClasses(Interleavings.class.getName())
                        .methods("alone")
                        .ignore())
                .addGuarantee(
                        forClasses(Interleavings::holdsValues).allMethods().ignore())
                .addGuarantee(forClasses(WATCH).allMethods().ignore())
                .addGuarantee(forClasses(Interleavings::isOfTheJdk).allMethods().ignore());
        run(options, story);
    }

    /** Runs what no thread of a story can race with, its setting or its end: following each step would only take time. */
    public static <T> T alone(Supplier<T> work) {
        return work.get();
    }

    /** As {@link #alone(Supplier)}. */
    public static void alone(Runnable work) {
        work.run();
    }

    /** Runs a story in real threads, again and again. */
    public static void stressStory(Class<?> story) {
        run(new StressOptions().invocationsPerIteration(FULL ? 300_000 : 5_000), story);
    }

    /**
     * Runs random operations of a class in three threads; what they answer must be explained by one order in which a
     * sequential class answers the same.
     */
    public static void linearizable(Class<?> structure, Class<?> sequential) {
        new ModelCheckingOptions()
                .iterations(FULL ? 50 : 4)
                .invocationsPerIteration(FULL ? 2_000 : 400)
                .threads(3)
                .actorsPerThread(2)
                .actorsBefore(1)
                .actorsAfter(2)
                .sequentialSpecification(sequential)
                .check(structure);
    }

    private static void run(Options<?, ?> options, Class<?> story) {
        List<List<Actor>> threads = Arrays.stream(story.getMethods())
                .filter(method -> method.isAnnotationPresent(Operation.class))
                .sorted(Comparator.comparing(Method::getName))
                .map(method -> List.of(new Actor(method, List.of())))
                .toList();
        options.iterations(0)
                .addCustomScenario(new ExecutionScenario(List.of(), threads, List.of(), null))
                .verifier(NothingThrown.class)
                .check(story);
    }

    /**
     * The JDK's collections and futures, whose own races are not looked for; atomic variables are ours to use right. A
     * lambda goes by the name of its interface, and is ours too.
     */
    private static boolean isOfTheJdk(String className) {
        return className.startsWith("java.util.")
                && !className.startsWith("java.util.concurrent.atomic.")
                && !className.startsWith("java.util.function.");
    }

    private static boolean holdsValues(String className) {
        return className.startsWith("io.softclose.net.spi.Close")
                || className.startsWith("io.softclose.net.spi.Lane")
                || className.startsWith("io.softclose.net.wire.")
                || className.equals(CloseOrder.class.getName())
                || className.endsWith("Account");
    }

    /** Accepts a story's end if none of its threads threw. */
    public static final class NothingThrown implements Verifier {
        /** As Lincheck makes it. */
        public NothingThrown(Class<?> story) {}

        @Override
        public boolean verifyResults(ExecutionScenario scenario, ExecutionResult results) {
            return results.getThreadsResultsWithClock().stream()
                    .flatMap(List::stream)
                    .noneMatch(result -> result.getResult() instanceof ExceptionResult);
        }
    }
}
