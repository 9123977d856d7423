/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.shutdown;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BiFunction;
import java.util.function.ToLongFunction;

/** Rounds of one case, each with the barrier and without it. For one thread. */
public final class BarrierRounds {
    /**
     * Figures of rounds, or ratios of two.
     *
     * @param median the greater one of the two in the middle, if there are two
     */
    public record Spread(double median, double min, double max) {
        private static Optional<Spread> of(List<Double> figures) {
            if (figures.isEmpty()) {
                return Optional.empty();
            }
            List<Double> sorted = figures.stream().sorted().toList();
            return Optional.of(new Spread(middle(sorted), sorted.get(0), sorted.get(sorted.size() - 1)));
        }
    }

    private final int allVotes;
    private final List<Arrived> asOne = new ArrayList<>();
    private final List<Arrived> oneByOne = new ArrayList<>();

    /** No rounds yet of a case with so many votes. */
    public BarrierRounds(int allVotes) {
        this.allVotes = allVotes;
    }

    /** Adds one round. */
    public void add(Arrived withBarrier, Arrived without) {
        asOne.add(withBarrier);
        oneByOne.add(without);
    }

    /** All that ended so. */
    public List<Arrived> of(BarrierCase.Ending ending) {
        return List.copyOf(ending == BarrierCase.Ending.AS_ONE ? asOne : oneByOne);
    }

    /** How many votes nine tenths of all are. */
    public int nineTenths() {
        return Math.max(1, allVotes * 9 / 10);
    }

    /** A figure of all that ended so. */
    public Spread spread(BarrierCase.Ending ending, ToLongFunction<Arrived> figure) {
        return Spread.of(of(ending).stream()
                        .map(arrived -> (double) figure.applyAsLong(arrived))
                        .toList())
                .orElseThrow();
    }

    /** The median time until so many votes had been handled; empty if in most rounds fewer ever were. */
    public Optional<Duration> until(BarrierCase.Ending ending, int votes) {
        // Where fewer came, it took longer than anybody waited.
        return middle(of(ending).stream()
                .map(arrived -> arrived.until(votes))
                .sorted(Comparator.comparing(time -> time.orElse(ChronoUnit.FOREVER.getDuration())))
                .toList());
    }

    /** How many votes arrived without the barrier, to with it, in the same round; of rounds in which any did with it. */
    public Optional<Spread> votesRatio() {
        return ratios((without, with) -> with.votes() == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of((double) without.votes() / with.votes()));
    }

    /** How long nine tenths took without the barrier, to with it, in the same round; of rounds in which both got so far. */
    public Optional<Spread> timeRatio() {
        return ratios((without, with) -> {
            Optional<Duration> longer = without.until(nineTenths());
            Optional<Duration> shorter = with.until(nineTenths());
            return longer.isPresent() && shorter.isPresent()
                    ? OptionalDouble.of(
                            (double) longer.get().toNanos() / shorter.get().toNanos())
                    : OptionalDouble.empty();
        });
    }

    private Optional<Spread> ratios(BiFunction<Arrived, Arrived, OptionalDouble> ratio) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < asOne.size(); round++) {
            ratio.apply(oneByOne.get(round), asOne.get(round)).ifPresent(ratios::add);
        }
        return Spread.of(ratios);
    }

    private static <T> T middle(List<T> sorted) {
        return sorted.get(sorted.size() / 2);
    }
}
