/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.kernel;

import io.softclose.bench.compare.Ledger;
import io.softclose.bench.lab.Journal.Kind;
import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What both ends wrote down about the messages of one direction, held against each other: everything that must be so
 * whatever happened to the link and to the peer.
 *
 * @param ending how the sender's close ended
 * @param audit the ledger's findings
 * @param outcomes how each accepted message ended, by its number
 * @param faults what must not be, in words; empty if the account is true
 */
record CrossCheck(CloseEnding ending, Ledger.Audit audit, Map<Integer, Outcome> outcomes, List<String> faults) {
    /** The most that a busy machine may be late. Far less than what a deadline that does not hold would take. */
    private static final Duration SLACK = Duration.ofSeconds(5);

    /** Copies the collections. */
    CrossCheck {
        outcomes = Map.copyOf(outcomes);
        faults = List.copyOf(faults);
    }

    /** Holds a sender that has its report against a receiver, dead or alive. */
    static CrossCheck of(NodeRecord sender, NodeRecord receiver) {
        CloseReport report = sender.report().orElseThrow(() -> new AssertionError("the sender has no report"));
        Ledger ledger = new Ledger();
        sender.each(Kind.ACCEPTED, entry -> ledger.accepted((int) entry.value()));
        sender.each(Kind.ACCEPTED_LATE, entry -> ledger.accepted((int) entry.value()));
        sender.each(Kind.TOLD, entry -> ledger.told((int) entry.value(), NodeRecord.outcome(entry)));
        receiver.arrived().forEach(ledger::arrived);
        Ledger.Audit audit = ledger.audit(report);
        Map<Integer, Outcome> outcomes = new TreeMap<>();
        sender.each(Kind.TOLD, entry -> outcomes.put((int) entry.value(), NodeRecord.outcome(entry)));
        List<String> faults = new ArrayList<>(audit.faults());
        addBroken(faults, sender, "sender");
        addBroken(faults, receiver, "receiver");
        addLate(faults, sender, report);
        addUnordered(faults, sender.policy(), receiver.arrived());
        addOvertaken(faults, sender.policy(), outcomes);
        addUncertain(faults, report);
        return new CrossCheck(report.ending(), audit, outcomes, faults);
    }

    private static void addBroken(List<String> faults, NodeRecord node, String name) {
        node.each(Kind.DAMAGED, entry -> faults.add("the " + name + " got a damaged message: " + entry));
        node.each(Kind.STRANGER, entry -> faults.add("the " + name + " is handed back another object: " + entry));
        node.each(Kind.CALLBACK_FAILED, entry -> faults.add("a callback of the " + name + " threw"));
    }

    private static void addLate(List<String> faults, NodeRecord sender, CloseReport report) {
        if (sender.policy().seals() && sender.count(Kind.ACCEPTED_LATE) > 0) {
            faults.add(sender.count(Kind.ACCEPTED_LATE) + " sends were accepted after the seal");
        }
        sender.deadline()
                .filter(deadline -> report.duration().compareTo(deadline.plus(SLACK)) > 0)
                .ifPresent(deadline ->
                        faults.add("the close took " + report.duration() + " (expected: at most " + deadline + ")"));
    }

    private static void addUnordered(List<String> faults, AnyPolicy policy, List<Integer> arrived) {
        Map<Integer, Integer> latest = new HashMap<>();
        for (int sequence : arrived) {
            Integer before = latest.put(policy.laneOf(sequence), sequence);
            if (before != null && before > sequence) {
                faults.add("#" + sequence + " arrived after #" + before + " of its lane");
            }
        }
    }

    /** A lane's messages leave in order: what was written comes before what is uncertain, and that before what stayed. */
    private static void addOvertaken(List<String> faults, AnyPolicy policy, Map<Integer, Outcome> outcomes) {
        Map<Integer, Integer> furthest = new HashMap<>();
        new TreeMap<>(outcomes).forEach((sequence, outcome) -> {
            int before = furthest.merge(policy.laneOf(sequence), stage(outcome), Math::max);
            if (before > stage(outcome)) {
                faults.add("#" + sequence + " is " + outcome + ", and one before it in its lane got less far");
            }
        });
    }

    private static int stage(Outcome outcome) {
        return switch (outcome) {
            case DELIVERED -> 0;
            case WRITTEN -> 1;
            case UNCERTAIN -> 2;
            case UNSENT, DISCARDED, EXPIRED, HANDED_OVER -> 3;
        };
    }

    private static void addUncertain(List<String> faults, CloseReport report) {
        boolean linkWasFine = report.ending() == CloseEnding.CLEAN || report.ending() == CloseEnding.UNCONFIRMED;
        if (linkWasFine && report.account().count(Outcome.UNCERTAIN) > 0) {
            faults.add("messages are UNCERTAIN though the close ended " + report.ending());
        }
    }

    /** How many messages of the sender ended so. */
    long count(Outcome outcome) {
        return audit.count(outcome);
    }
}
