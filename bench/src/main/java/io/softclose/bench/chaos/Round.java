/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.chaos;

import static java.util.Objects.requireNonNull;

import io.softclose.bench.chaos.Pair.Node;
import io.softclose.bench.chaos.plan.Disturbance;
import io.softclose.bench.chaos.plan.Disturbance.Kind;
import io.softclose.bench.chaos.plan.End;
import io.softclose.bench.chaos.plan.RoundPlan;
import io.softclose.bench.lab.ChildProcess;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** One round: tells both processes what to do, and disturbs them. Confined to one thread. */
final class Round {
    /** Far more than everything in a round may take. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** For a process to print what its threads do. */
    private static final Duration DUMPING = Duration.ofSeconds(2);

    private final RoundPlan plan;
    private final Map<End, Node> nodes;
    private final String transports;
    private final Set<End> killed = EnumSet.noneOf(End.class);
    private int stops;

    /** Something to do at a time. */
    private record Step(int atMillis, Runnable action) {}

    Round(RoundPlan plan, Map<End, Node> nodes, String transports) {
        this.plan = plan;
        this.nodes = new EnumMap<>(nodes);
        this.transports = transports;
    }

    /** Plays it, and returns what did not come to its end. */
    List<String> play() {
        try {
            String begin = "round " + plan.seed() + " " + plan.round() + " " + transports;
            each(end -> process(end).tell(begin));
            String alices = process(End.ALICE).await("listening", PATIENCE);
            String bobs = process(End.BOB).await("listening", PATIENCE);
            process(End.ALICE).tell("dial " + bobs);
            process(End.BOB).tell("dial " + alices);
            disturb();
            each(end -> process(end).await("closed", PATIENCE));
            each(end -> process(end).tell("finish"));
            each(end -> process(end).await("done", PATIENCE));
            return List.of();
        } catch (IllegalStateException hanging) {
            return List.of(giveUp(hanging));
        }
    }

    private String giveUp(IllegalStateException hanging) {
        each(end -> process(end).signal("CONT"));
        each(end -> process(end).signal("QUIT"));
        LockSupport.parkNanos(DUMPING.toNanos());
        killed.addAll(EnumSet.allOf(End.class));
        String message = String.valueOf(hanging.getMessage());
        return message.substring(0, Math.min(message.length(), 200));
    }

    private void disturb() {
        long start = System.nanoTime();
        List<Step> steps = plan.disturbances().stream()
                .flatMap(this::steps)
                .sorted(Comparator.comparingInt(Step::atMillis))
                .toList();
        for (Step step : steps) {
            long due = TimeUnit.MILLISECONDS.toNanos(step.atMillis());
            for (long left = due - (System.nanoTime() - start); left > 0; left = due - (System.nanoTime() - start)) {
                LockSupport.parkNanos(left);
            }
            step.action().run();
        }
    }

    private Stream<Step> steps(Disturbance disturbance) {
        End end = disturbance.end();
        int at = disturbance.atMillis();
        if (disturbance.kind() == Kind.KILL) {
            return Stream.of(new Step(at, () -> kill(end)));
        }
        return Stream.of(
                new Step(at, () -> stop(end)), new Step(at + disturbance.forMillis(), () -> signal(end, "CONT")));
    }

    private void kill(End end) {
        signal(end, "KILL");
        killed.add(end);
    }

    private void stop(End end) {
        signal(end, "STOP");
        stops++;
    }

    private void signal(End end, String signal) {
        if (!killed.contains(end)) {
            process(end).signal(signal);
        }
    }

    private void each(Consumer<End> action) {
        for (End end : End.values()) {
            if (!killed.contains(end)) {
                action.accept(end);
            }
        }
    }

    private ChildProcess process(End end) {
        return requireNonNull(nodes.get(end), end.label()).process();
    }

    /** The processes that do not live any more. */
    Set<End> killed() {
        return killed;
    }

    /** How often a process was stopped. */
    int stops() {
        return stops;
    }
}
