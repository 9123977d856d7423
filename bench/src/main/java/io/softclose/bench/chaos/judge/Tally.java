/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.chaos.judge;

import io.softclose.bench.TextTable;
import io.softclose.bench.chaos.judge.EndRecord.Closed;
import io.softclose.bench.chaos.plan.PolicyPlan;
import io.softclose.bench.chaos.plan.RoundPlan;
import io.softclose.bench.compare.Ledger;
import io.softclose.net.CloseEnding;
import io.softclose.net.Outcome;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Counts what a campaign sees. Thread-safe. */
public final class Tally {
    // Guarded by this.
    private final Map<PolicyPlan.Kind, Map<CloseEnding, Long>> closes = new EnumMap<>(PolicyPlan.Kind.class);
    private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
    private final Map<CloseEnding, Long> lost = new EnumMap<>(CloseEnding.class);
    private long rounds;
    private long connections;
    private long stops;
    private long kills;
    private long accepted;
    private long handled;
    private long crossedCloses;
    private long crossed;
    private long peerGaveUp;
    private long peerWasSlow;
    private long interrupted;

    public synchronized void round(RoundPlan plan, long stopsDone, long killsDone) {
        rounds++;
        connections += plan.cells().size();
        stops += stopsDone;
        kills += killsDone;
    }

    public synchronized void closed(EndRecord end, Closed closed) {
        closes.computeIfAbsent(end.plan().policy().kind(), absent -> new EnumMap<>(CloseEnding.class))
                .merge(closed.ending(), 1L, Long::sum);
    }

    public synchronized void messages(Ledger.Audit audit) {
        accepted += audit.accepted();
        audit.outcomes().forEach((outcome, count) -> outcomes.merge(outcome, count, Long::sum));
    }

    public synchronized void handled(long count) {
        handled += count;
    }

    /** WRITTEN messages that no handler had, of a close that ended so. */
    public synchronized void lost(CloseEnding ending, long count) {
        lost.merge(ending, count, Long::sum);
    }

    /** Of those, the ones whose close was CLEAN, because the peer's end had crossed ours. */
    synchronized void crossed(long count) {
        crossedCloses++;
        crossed += count;
    }

    /** Of those, the ones whose peer closed without having read them. */
    synchronized void peerGaveUp(long count) {
        peerGaveUp += count;
    }

    /** Of those, the ones whose peer had not read them when nobody waited for it any more. */
    synchronized void peerWasSlow(long count) {
        peerWasSlow += count;
    }

    /** An error on io_uring whose only cause was a signal. */
    public synchronized void interrupted() {
        interrupted++;
    }

    /** Everything, for people. */
    public synchronized List<String> lines() {
        List<String> lines = new ArrayList<>();
        TextTable table = new TextTable(
                Stream.concat(
                                Stream.of("closes under"),
                                Stream.of(CloseEnding.values()).map(Enum::name))
                        .toList(),
                1,
                0);
        closes.forEach((policy, endings) -> table.add(Stream.concat(
                        Stream.of(policy.name().toLowerCase(Locale.ROOT).replace('_', '-')),
                        Stream.of(CloseEnding.values()).map(ending -> "" + endings.getOrDefault(ending, 0L)))
                .toList()));
        table.add(Stream.concat(
                        Stream.of("WRITTEN, not handled"),
                        Stream.of(CloseEnding.values()).map(ending -> "" + lost.getOrDefault(ending, 0L)))
                .toList());
        lines.addAll(table.render());
        lines.add(
                rounds + " rounds, " + connections + " connections; " + stops + " times stopped, " + kills + " killed");
        lines.add(accepted + " messages accepted: "
                + outcomes.entrySet().stream()
                        .map(entry -> entry.getValue() + " " + entry.getKey())
                        .collect(Collectors.joining(", "))
                + "; " + handled + " handled");
        lines.add("of the WRITTEN that were not handled: " + crossed + " in " + crossedCloses
                + " CLEAN closes whose ends crossed; after DEADLINE and STALL, "
                + peerGaveUp + " whose peer closed without them and " + peerWasSlow + " whose peer was too slow");
        if (interrupted > 0) {
            lines.add(interrupted + " connections on io_uring ended by an error because a signal interrupted a write");
        }
        return lines;
    }
}
