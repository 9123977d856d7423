/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet;

import io.softclose.bench.Durations;
import io.softclose.bench.testnet.FaultPlan.Begin;
import io.softclose.bench.testnet.FaultPlan.End;
import io.softclose.bench.testnet.FaultPlan.Hold;
import io.softclose.bench.testnet.FaultPlan.Release;
import io.softclose.bench.testnet.FaultPlan.Reset;
import io.softclose.bench.testnet.FaultPlan.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Plans as text, one fault a line: when, what, and to whom. Times count from the beginning of the measurement; validators and what is
 * between two of them go by their indices.
 *
 * <pre>
 * # what is behind a number sign is left out
 * 1s       reset       0-2
 * 2s..5s   removed     3
 * 4s..10s  black-hole  0-1
 * </pre>
 *
 * A {@code reset} happens once; what else there is begins and ends: {@code black-hole} of a path, and {@code removed}, {@code stalled},
 * {@code slow} and {@code killed} of a validator, which has one of these at a time.
 */
public final class FaultScript {
    /** So much is more than anybody writes by hand, and what a program writes that went wrong. */
    private static final int MOST_LINES = 10_000;

    private static final String RANGE = "..";
    private static final Pattern PAIR = Pattern.compile("(\\d{1,3})-(\\d{1,3})");
    private static final Pattern INDEX = Pattern.compile("\\d{1,3}");

    private final Duration duration;
    private final int validators;
    private final List<Entry> entries = new ArrayList<>();

    /** What a line may say. */
    private enum What {
        RESET,
        BLACK_HOLE,
        REMOVED,
        STALLED,
        SLOW,
        KILLED;

        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        static Optional<What> of(String label) {
            return Stream.of(values())
                    .filter(what -> what.label().equals(label))
                    .findFirst();
        }

        boolean ofPair() {
            return this == RESET || this == BLACK_HOLE;
        }
    }

    /**
     * A line.
     *
     * @param until the same as from for a reset
     * @param other the same as one for a validator's fault
     */
    private record Entry(Duration from, Duration until, What what, int one, int other) {
        /** Whether both are of one validator or of one path, and neither is a reset. */
        boolean excludes(Entry second) {
            boolean sameKind = what == What.BLACK_HOLE ? second.what == What.BLACK_HOLE : !second.what.ofPair();
            return what != What.RESET
                    && sameKind
                    && one == second.one
                    && other == second.other
                    && from.compareTo(second.until) < 0
                    && second.from.compareTo(until) < 0;
        }

        List<Step> steps() {
            return switch (what) {
                case RESET -> List.of(new Reset(from, one, other));
                case BLACK_HOLE -> List.of(new Hold(from, one, other), new Release(until, one, other));
                case REMOVED, STALLED, SLOW, KILLED -> {
                    Fault fault = Fault.valueOf(what.name());
                    yield List.of(new Begin(from, fault, one), new End(until, fault, one));
                }
            };
        }

        String line() {
            String when = Durations.text(from) + (what == What.RESET ? "" : RANGE + Durations.text(until));
            return "%-18s %-10s %s".formatted(when, what.label(), what.ofPair() ? one + "-" + other : "" + one);
        }
    }

    private FaultScript(Duration duration, int validators) {
        this.duration = duration;
        this.validators = validators;
    }

    /**
     * The plan that a text says.
     *
     * @param duration of the run, within which everything begins and ends
     * @param validators how many there are
     * @throws IllegalArgumentException if a line says none; the message says which, what is wrong and what was expected
     */
    public static FaultPlan parse(List<String> lines, Duration duration, int validators) {
        if (lines.size() > MOST_LINES) {
            throw new IllegalArgumentException("lines: " + lines.size() + " (expected: at most " + MOST_LINES + ")");
        }
        FaultScript script = new FaultScript(duration, validators);
        for (int index = 0; index < lines.size(); index++) {
            String line = lines.get(index).replaceFirst("#.*", "").strip();
            if (!line.isEmpty()) {
                try {
                    script.add(script.entry(line.split("\\s+")));
                } catch (IllegalArgumentException wrong) {
                    throw new IllegalArgumentException(
                            "line " + (index + 1) + ": \"" + line + "\": " + wrong.getMessage(), wrong);
                }
            }
        }
        return new FaultPlan(
                script.entries.stream().flatMap(entry -> entry.steps().stream()).toList());
    }

    /** A plan as {@link #parse} reads it. */
    public static List<String> lines(FaultPlan plan) {
        List<String> lines = new ArrayList<>();
        for (Step step : plan.steps()) {
            if (step instanceof Reset reset) {
                lines.add(new Entry(reset.at(), reset.at(), What.RESET, reset.one(), reset.other()).line());
            } else if (step instanceof Hold hold) {
                Duration until = end(plan, new Release(hold.at(), hold.one(), hold.other()));
                lines.add(new Entry(hold.at(), until, What.BLACK_HOLE, hold.one(), hold.other()).line());
            } else if (step instanceof Begin begin) {
                Duration until = end(plan, new End(begin.at(), begin.fault(), begin.validator()));
                What what = What.valueOf(begin.fault().name());
                lines.add(new Entry(begin.at(), until, what, begin.validator(), begin.validator()).line());
            }
        }
        return lines;
    }

    /** When what began at its time ends: the first end after that. */
    private static Duration end(FaultPlan plan, Step began) {
        return plan.steps().stream()
                .filter(step -> step.at().compareTo(began.at()) > 0)
                .filter(step -> at(began.at(), step).equals(began))
                .map(Step::at)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("plan: no end of " + began));
    }

    /** A step as it would be at another time. */
    private static Step at(Duration time, Step step) {
        if (step instanceof Release release) {
            return new Release(time, release.one(), release.other());
        }
        return step instanceof End end ? new End(time, end.fault(), end.validator()) : step;
    }

    private void add(Entry entry) {
        for (Entry before : entries) {
            if (before.excludes(entry)) {
                throw new IllegalArgumentException(
                        "while \"" + before.line().replaceAll(" +", " ") + "\" (expected: one of these at a time)");
            }
        }
        entries.add(entry);
    }

    private Entry entry(String[] words) {
        if (words.length != 3) {
            throw new IllegalArgumentException(
                    words.length + " words (expected: 3, when, what and to whom, as \"2s..5s removed 3\")");
        }
        What what = What.of(words[1])
                .orElseThrow(() -> new IllegalArgumentException("what: \"" + words[1] + "\" (expected: one of "
                        + String.join(
                                ", ", Stream.of(What.values()).map(What::label).toList()) + ")"));
        Duration[] when = when(what, words[0]);
        int[] whom = whom(what, words[2]);
        return new Entry(when[0], when[1], what, whom[0], whom[1]);
    }

    private Duration[] when(What what, String word) {
        int range = word.indexOf(RANGE);
        if (what == What.RESET) {
            if (range >= 0) {
                throw new IllegalArgumentException(
                        "when: \"" + word + "\" (expected: one time, for a reset is over at once)");
            }
            Duration at = within(word);
            return new Duration[] {at, at};
        }
        if (range < 0) {
            throw new IllegalArgumentException("when: \"" + word + "\" (expected: FROM..UNTIL, as 2s..5s)");
        }
        Duration from = within(word.substring(0, range));
        Duration until = within(word.substring(range + RANGE.length()));
        if (until.compareTo(from) <= 0) {
            throw new IllegalArgumentException("when: \"" + word + "\" (expected: an end after the beginning)");
        }
        return new Duration[] {from, until};
    }

    private Duration within(String time) {
        Duration at = Durations.parse(time);
        if (at.compareTo(duration) > 0) {
            throw new IllegalArgumentException(
                    "when: " + time + " (expected: at most the run's duration, " + Durations.text(duration) + ")");
        }
        return at;
    }

    private int[] whom(What what, String word) {
        if (!what.ofPair()) {
            if (!INDEX.matcher(word).matches()) {
                throw new IllegalArgumentException("whom: \"" + word + "\" (expected: one validator, as 3)");
            }
            int victim = index(word);
            return new int[] {victim, victim};
        }
        Matcher pair = PAIR.matcher(word);
        if (!pair.matches()) {
            throw new IllegalArgumentException("whom: \"" + word + "\" (expected: two validators, as 0-2)");
        }
        int one = index(pair.group(1));
        int other = index(pair.group(2));
        if (one == other) {
            throw new IllegalArgumentException("whom: \"" + word + "\" (expected: two different validators)");
        }
        return new int[] {Math.min(one, other), Math.max(one, other)};
    }

    private int index(String word) {
        int index = Integer.parseInt(word);
        if (index >= validators) {
            throw new IllegalArgumentException("whom: " + index + " (expected: 0 to " + (validators - 1) + ")");
        }
        return index;
    }
}
