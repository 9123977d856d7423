/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.breaks;

import java.net.SocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Compares what connections have WRITTEN that closed CLEAN with what came by their other ends. Something may be missing only as
 * docs/closing.md says: the ends crossed, and the other one then ran out of time or was aborted. Plaintext cannot tell an
 * end from one that somebody between has made up.
 */
final class CleanCloses {
    private final List<Ended> own;
    private final List<Ended> others;
    private final Set<SocketAddress> cuts;
    private final Map<Long, Ended> byNumber = new HashMap<>();
    private final Consumer<String> violations;
    private final Consumer<String> excused;
    private long crossed;
    private long forged;
    private long confirmed;

    /**
     * Of one node's connections.
     *
     * @param others the other's
     * @param cuts from where connections came, as the inbound ends see it, to which somebody between has said an end; empty if each
     *     end proves its own
     * @param violations told of everything that must not be
     * @param excused told of everything that is missing, but may be
     */
    CleanCloses(
            List<Ended> own,
            List<Ended> others,
            Set<SocketAddress> cuts,
            Consumer<String> violations,
            Consumer<String> excused) {
        this.own = own;
        this.others = others;
        this.cuts = cuts;
        others.forEach(one -> byNumber.put(one.number(), one));
        this.violations = violations;
        this.excused = excused;
    }

    void check() {
        Set<Long> paired = own.stream()
                .flatMap(one -> one.written().stream())
                .map(message -> message.cameBy)
                .collect(Collectors.toSet());
        for (Ended one : own) {
            Set<Long> by = one.written().stream()
                    .map(message -> message.cameBy)
                    .filter(number -> number != Ended.NONE)
                    .collect(Collectors.toSet());
            if (by.size() > 1) {
                violations.accept("written to one connection, but came by " + by + ": " + one);
            }
            List<Sent> missing = one.written().stream()
                    .filter(message -> message.handled == 0)
                    .toList();
            if (one.clean() && missing.isEmpty()) {
                confirmed += one.written().size();
            } else if (one.clean()) {
                judge(one, missing, by.isEmpty() ? candidates(one, paired) : ends(by));
            }
        }
    }

    private List<Ended> ends(Set<Long> numbers) {
        return numbers.stream().map(byNumber::get).filter(end -> end != null).toList();
    }

    /** Nothing came by it, so which one its other end is can only be guessed. */
    private List<Ended> candidates(Ended one, Set<Long> paired) {
        return others.stream()
                .filter(end -> end.mayBe(one) && !paired.contains(end.number()))
                .toList();
    }

    private void judge(Ended one, List<Sent> missing, List<Ended> ends) {
        String what = "CLEAN, but " + missing.size() + " of " + one.written().size() + " did not arrive, "
                + missing.get(0) + " for one: " + one + "\n  other end: " + ends;
        if (ends.stream().anyMatch(Ended::mayHaveLostInput)) {
            crossed += missing.size();
            excused.accept(what);
        } else if (one.isAmong(cuts) || ends.stream().anyMatch(end -> end.isAmong(cuts))) {
            forged += missing.size();
            excused.accept(what);
        } else {
            violations.accept(what);
        }
    }

    /** How many messages have surely arrived, as CLEAN says. */
    long confirmed() {
        return confirmed;
    }

    /** How many are missing because the other end was out of time when the ends had crossed. */
    long crossed() {
        return crossed;
    }

    /** How many are missing on connections to which somebody between has said an end. */
    long forged() {
        return forged;
    }
}
