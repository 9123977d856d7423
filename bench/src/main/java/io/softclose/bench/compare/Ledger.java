/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.compare;

import io.softclose.bench.Payloads;
import io.softclose.net.CloseReport;
import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.ReturnedMessage;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What became of the numbered messages of one direction, written down at both ends: what the sender was told, and what
 * the receiving handler had. Thread-safe. The audit compares the two with the connection's own account.
 */
public final class Ledger {
    /** Outcomes that say the peer should have it. */
    private static final Set<Outcome> SENT = EnumSet.of(Outcome.WRITTEN, Outcome.DELIVERED);

    /** Outcomes that say the peer cannot have it. */
    private static final Set<Outcome> WITHHELD = EnumSet.of(Outcome.UNSENT, Outcome.DISCARDED, Outcome.EXPIRED);

    /** Outcomes whose messages a report hands back, whenever they ended. */
    private static final Set<Outcome> RETURNED = EnumSet.of(Outcome.UNCERTAIN, Outcome.UNSENT, Outcome.DISCARDED);

    private final BitSet accepted = new BitSet();
    private final BitSet arrived = new BitSet();
    private final Map<Outcome, BitSet> told = new EnumMap<>(Outcome.class);
    private final List<String> oddities = new ArrayList<>();

    /** Starts with nothing written down. */
    public Ledger() {
        for (Outcome outcome : Outcome.values()) {
            told.put(outcome, new BitSet());
        }
    }

    /** The connection accepted the message of this number. */
    public synchronized void accepted(int sequence) {
        accepted.set(sequence);
    }

    /** The sender was told how a message ended. */
    void told(Message message, Outcome outcome) {
        told(Payloads.sequence(message), outcome);
    }

    /** The sender was told how the message of this number ended. */
    public synchronized void told(int sequence, Outcome outcome) {
        told.forEach((earlier, sequences) -> {
            if (sequences.get(sequence)) {
                oddities.add("#" + sequence + " ended twice: " + earlier + ", then " + outcome);
            }
        });
        numbers(outcome).set(sequence);
    }

    /** The receiving handler had a message. */
    synchronized void arrived(Message message) {
        if (!Payloads.intact(message)) {
            oddities.add("a message of " + message.size() + " bytes arrived damaged");
            return;
        }
        arrived(Payloads.sequence(message));
    }

    /** The receiving handler had the message of this number, undamaged. */
    public synchronized void arrived(int sequence) {
        if (arrived.get(sequence)) {
            oddities.add("#" + sequence + " arrived twice");
        }
        arrived.set(sequence);
    }

    /** Compares everything written down, once nothing more can come, with the sender's report. */
    public synchronized Audit audit(CloseReport report) {
        BitSet lost = union(SENT);
        lost.andNot(arrived);
        List<String> faults = new ArrayList<>(oddities);
        if (!report.account().balanced()) {
            faults.add(report.account().total().pending() + " messages have no outcome");
        }
        if (report.clean() && !lost.isEmpty()) {
            faults.add("the close was clean, yet " + some(lost) + " did not arrive");
        }
        addUntrue(faults);
        addUndelivered(faults);
        addMiscounted(faults, report);
        addNotReturned(faults, report.returned());
        return new Audit(accepted.cardinality(), arrived.cardinality(), counts(), lost.cardinality(), faults);
    }

    private void addUntrue(List<String> faults) {
        BitSet untrue = union(WITHHELD);
        untrue.and(arrived);
        if (!untrue.isEmpty()) {
            faults.add(some(untrue) + " arrived, though the sender was told otherwise");
        }
        BitSet strangers = (BitSet) arrived.clone();
        strangers.andNot(accepted);
        if (!strangers.isEmpty()) {
            faults.add(some(strangers) + " arrived, though refused");
        }
        BitSet untold = (BitSet) accepted.clone();
        untold.andNot(union(told.keySet()));
        if (!untold.isEmpty()) {
            faults.add("the sender was not told how " + some(untold) + " ended");
        }
    }

    private void addUndelivered(List<String> faults) {
        BitSet undelivered = (BitSet) numbers(Outcome.DELIVERED).clone();
        undelivered.andNot(arrived);
        if (!undelivered.isEmpty()) {
            faults.add(some(undelivered) + " did not arrive, though the sender was told it did");
        }
    }

    private void addMiscounted(List<String> faults, CloseReport report) {
        long inAccount = report.account().total().accepted();
        if (inAccount != accepted.cardinality()) {
            faults.add("the account has " + inAccount + " accepted (expected: " + accepted.cardinality() + ")");
        }
        counts().forEach((outcome, count) -> {
            if (report.account().count(outcome) != count) {
                faults.add("the account has " + report.account().count(outcome) + " " + outcome + " (expected: " + count
                        + ")");
            }
        });
    }

    private void addNotReturned(List<String> faults, List<ReturnedMessage> returned) {
        Map<Outcome, BitSet> handedBack = new EnumMap<>(Outcome.class);
        returned.forEach(message -> handedBack
                .computeIfAbsent(message.outcome(), absent -> new BitSet())
                .set(Payloads.sequence(message.message())));
        for (Outcome outcome : RETURNED) {
            if (!numbers(outcome).equals(handedBack.getOrDefault(outcome, new BitSet()))) {
                faults.add("the report does not return exactly the messages that are " + outcome);
            }
        }
    }

    private Map<Outcome, Long> counts() {
        Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
        told.forEach((outcome, sequences) -> counts.put(outcome, (long) sequences.cardinality()));
        return counts;
    }

    private BitSet union(Set<Outcome> outcomes) {
        BitSet union = new BitSet();
        outcomes.forEach(outcome -> union.or(numbers(outcome)));
        return union;
    }

    private BitSet numbers(Outcome outcome) {
        return told.computeIfAbsent(outcome, absent -> new BitSet());
    }

    private static String some(BitSet sequences) {
        int count = sequences.cardinality();
        return count == 1
                ? "#" + sequences.nextSetBit(0)
                : count + " messages from #" + sequences.nextSetBit(0) + " on";
    }

    /**
     * What a comparison of both ends shows.
     *
     * @param accepted messages that the connection accepted
     * @param delivered messages that the receiving handler had
     * @param outcomes how many ended in each outcome, as the sender was told
     * @param silentlyLost messages that the sender was told are WRITTEN or DELIVERED, and the handler never had
     * @param faults what must not be, in words; empty if the account is true
     */
    public record Audit(
            long accepted, long delivered, Map<Outcome, Long> outcomes, long silentlyLost, List<String> faults) {
        /** Copies the collections. */
        public Audit {
            outcomes = Map.copyOf(outcomes);
            faults = List.copyOf(faults);
        }

        /** How many the handler never had, whatever the sender was told of them. */
        public long lost() {
            return accepted - delivered;
        }

        /** How many the sender was told ended in this outcome. */
        public long count(Outcome outcome) {
            return outcomes.getOrDefault(outcome, 0L);
        }
    }
}
