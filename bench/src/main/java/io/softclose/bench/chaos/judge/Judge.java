/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.chaos.judge;

import io.softclose.bench.chaos.judge.EndRecord.Arrived;
import io.softclose.bench.chaos.judge.EndRecord.Closed;
import io.softclose.bench.chaos.judge.EndRecord.Told;
import io.softclose.bench.chaos.plan.Cargo;
import io.softclose.bench.chaos.plan.CellPlan;
import io.softclose.bench.chaos.plan.CloseStep;
import io.softclose.bench.chaos.plan.End;
import io.softclose.bench.chaos.plan.EndPlan;
import io.softclose.bench.chaos.plan.PolicyPlan;
import io.softclose.bench.compare.Ledger;
import io.softclose.bench.lab.AnyTransport;
import io.softclose.net.CloseEnding;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Limits;
import io.softclose.net.Outcome;
import io.softclose.net.spi.LanePlan;
import io.softclose.policy.priority.MessageClass;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Holds what the two ends of a connection wrote down against each other, one direction at a time: everything that must be
 * so, whatever was done to the processes.
 */
public final class Judge {
    /** What a machine with other work may be late, besides the delays that the processes noticed themselves. */
    private static final Duration SLACK = Duration.ofSeconds(1);

    /** What a link that lingers surely stays for: less than the transports' 5 s. */
    private static final Duration LINGER = Duration.ofSeconds(4);

    private static final Set<Outcome> WITHHELD = EnumSet.of(Outcome.UNSENT, Outcome.DISCARDED, Outcome.EXPIRED);
    private static final Set<CloseEnding> OUT_OF_TIME = EnumSet.of(CloseEnding.DEADLINE, CloseEnding.STALL);
    /** Reasons for which no policy is asked. */
    private static final Set<DisconnectReason> WITHOUT_PLAN = EnumSet.of(
            DisconnectReason.INPUT_OUTPUT_ERROR, DisconnectReason.DIAL_FAILED, DisconnectReason.HANDSHAKE_FAILED);

    private final CellPlan cell;
    private final ProcessRecord aliceProcess;
    private final ProcessRecord bobProcess;
    private final List<String> faults = new ArrayList<>();
    private final Tally tally;

    /**
     * A judge of one connection.
     *
     * @param tally counts what is seen
     */
    public Judge(CellPlan cell, ProcessRecord alice, ProcessRecord bob, Tally tally) {
        this.cell = cell;
        this.aliceProcess = alice;
        this.bobProcess = bob;
        this.tally = tally;
    }

    /** What must not be, in words; empty if everything is in order. */
    public List<String> faults() {
        direction(End.ALICE);
        direction(End.BOB);
        addCauseless();
        return List.copyOf(faults);
    }

    private ProcessRecord process(End end) {
        return end == End.ALICE ? aliceProcess : bobProcess;
    }

    private EndRecord record(End end) {
        return process(end).ends().get(cell.index());
    }

    private void direction(End from) {
        EndRecord sender = record(from);
        EndRecord receiver = record(from.other());
        sender.oddities().forEach(oddity -> add(from, oddity));
        BitSet arrived = new BitSet();
        for (Arrived message : receiver.arrived()) {
            if (arrived.get(message.sequence())) {
                add(from, "#" + message.sequence() + " arrived twice");
            }
            arrived.set(message.sequence());
        }
        tally.handled(arrived.cardinality());
        addWithheld(from, arrived);
        addUnordered(from);
        Optional<Closed> closed = sender.closed();
        if (closed.isPresent()) {
            tally.closed(sender, closed.get());
            addBooks(from);
            addLate(from, closed.get());
            addLost(from, closed.get(), arrived);
        } else if (sender.connected() && !process(from).killed()) {
            add(from, "there is no report");
        }
    }

    /** What the sender was told that the peer cannot have. */
    private void addWithheld(End from, BitSet arrived) {
        for (Told told : record(from).told()) {
            if (WITHHELD.contains(told.outcome()) && arrived.get(told.sequence())) {
                add(from, "#" + told.sequence() + " is " + told.outcome() + ", and arrived");
            }
        }
    }

    /** Whole messages of a lane keep their order, and so do those that are streamed. */
    private void addUnordered(End from) {
        EndRecord sender = record(from);
        Limits limits = Limits.builder().maxFrameSize(cell.maxFrameSize()).build();
        LanePlan lanes = sender.plan().policy().policy().lanes(limits);
        boolean sorts = sender.plan().policy().sorts();
        Map<String, Integer> latest = new HashMap<>();
        for (Arrived message : record(from.other()).arrived()) {
            int sequence = message.sequence();
            Cargo cargo = sender.plan().cargo();
            MessageClass urgency = cargo.urgency(sequence);
            boolean whole =
                    cargo.size(sequence) <= lanes.wholeSize(sorts && urgency != MessageClass.CRITICAL ? 1 : 0, limits);
            String queue = (sorts ? urgency.laneName() : "the lane") + (whole ? ", whole" : ", streamed");
            Integer before = latest.put(queue, sequence);
            if (before != null && before > sequence) {
                add(from, "#" + sequence + " arrived after #" + before + " (" + queue + ")");
            }
        }
    }

    /** The account, what the sender was told, and what came back, say the same. */
    private void addBooks(End from) {
        EndRecord sender = record(from);
        Ledger ledger = new Ledger();
        sender.accepted().forEach(ledger::accepted);
        sender.told().forEach(told -> ledger.told(told.sequence(), told.outcome()));
        record(from.other()).arrived().stream()
                .mapToInt(Arrived::sequence)
                .distinct()
                .forEach(ledger::arrived);
        // The judge knows more about what a clean close says than a ledger does.
        Ledger.Audit audit = ledger.audit(sender.reportAs(CloseEnding.UNCONFIRMED));
        audit.faults().forEach(fault -> add(from, fault));
        tally.messages(audit);
        if (sender.plan().policy().seals() && sender.acceptedLate() > 0) {
            add(from, sender.acceptedLate() + " sends were accepted after the seal");
        }
    }

    private void addLate(End from, Closed closed) {
        EndRecord sender = record(from);
        long tolerated = SLACK.toNanos() / 1_000 + process(from).delayMicros();
        if (sender.askedToClose() && closed.micros() > sender.dueMicros() + tolerated) {
            add(
                    from,
                    "closed " + (closed.micros() - sender.dueMicros()) / 1_000 + " ms after its deadline (tolerated: "
                            + tolerated / 1_000 + " ms)");
        }
        if (sender.connected() && !WITHOUT_PLAN.contains(closed.reason())) {
            Duration most =
                    sender.plan().policy().policy().plan(closed.reason()).deadline();
            if (closed.duration().toNanos() / 1_000 > most.toNanos() / 1_000 + tolerated) {
                add(from, "the close took " + closed.duration() + " (expected: at most " + most + ")");
            }
        }
    }

    /** Messages that are WRITTEN and that no handler had, where that says that something is wrong. */
    private void addLost(End from, Closed closed, BitSet arrived) {
        List<Told> lost = record(from).told().stream()
                .filter(told -> told.outcome() == Outcome.WRITTEN && !arrived.get(told.sequence()))
                .toList();
        if (lost.isEmpty()) {
            return;
        }
        tally.lost(closed.ending(), lost.size());
        if (process(End.ALICE).killed() || process(End.BOB).killed()) {
            return;
        }
        if (closed.ending() == CloseEnding.CLEAN) {
            addLostInClean(from, lost);
        } else if (OUT_OF_TIME.contains(closed.ending())) {
            addDestroyed(from, closed, lost);
        }
    }

    private void addLostInClean(End from, List<Told> lost) {
        List<Told> unexplained =
                new CrossedEnds(record(from), record(from.other()), cell.maxFrameSize()).unexplained(lost);
        if (unexplained.isEmpty()) {
            tally.crossed(lost.size());
        } else {
            add(from, "the close is CLEAN, and no handler had " + some(unexplained));
        }
    }

    /** What runs out of time leaves the peer time to read what was written, unless the peer has none itself. */
    private void addDestroyed(End from, Closed closed, List<Told> lost) {
        EndRecord receiver = record(from.other());
        Optional<Closed> peer = receiver.closed();
        if (peer.isEmpty() || OUT_OF_TIME.contains(peer.get().ending()) || mayReset(receiver.plan())) {
            tally.peerGaveUp(lost.size());
            return;
        }
        long stayed = peer.get().micros() - closed.micros();
        long delays = process(End.ALICE).delayMicros() + process(End.BOB).delayMicros();
        if (peer.get().ending() == CloseEnding.ERROR && stayed > LINGER.toNanos() / 1_000 - delays) {
            tally.peerWasSlow(lost.size());
        } else {
            add(
                    from,
                    "the close ended " + closed.ending() + ", and the peer's "
                            + peer.get().ending() + " " + stayed / 1_000 + " ms later, without " + some(lost));
        }
    }

    /** An error has a cause, if only at the other end. */
    private void addCauseless() {
        Optional<Closed> alice = record(End.ALICE).closed();
        Optional<Closed> bob = record(End.BOB).closed();
        boolean bothOpened = record(End.ALICE).connected() && record(End.BOB).connected();
        if (alice.isEmpty() || bob.isEmpty() || !bothOpened || aliceProcess.killed() || bobProcess.killed()) {
            return;
        }
        Set<CloseEnding> harmless = EnumSet.of(CloseEnding.CLEAN, CloseEnding.ERROR);
        boolean error = alice.get().ending() == CloseEnding.ERROR || bob.get().ending() == CloseEnding.ERROR;
        boolean otherwiseClean = harmless.contains(alice.get().ending())
                && harmless.contains(bob.get().ending());
        if (!error || !otherwiseClean || mayReset(cell.alice()) || mayReset(cell.bob())) {
            return;
        }
        if (mayBeInterrupted(End.ALICE) || mayBeInterrupted(End.BOB)) {
            tally.interrupted();
        } else {
            add(
                    End.ALICE,
                    "closed " + alice.get().ending() + ", and the peer "
                            + bob.get().ending() + ", with no cause");
        }
    }

    /** Whether SIGCONT may have failed a write: on io_uring it does so with EINTR, which Netty takes for the link's end. */
    private boolean mayBeInterrupted(End end) {
        Optional<Closed> closed = record(end).closed();
        return cell.of(end).transport().kind() == AnyTransport.NETTY_IO_URING
                && process(end).stopped()
                && closed.filter(how -> how.ending() == CloseEnding.ERROR).isPresent();
    }

    private static boolean mayReset(EndPlan end) {
        return end.policy().kind() == PolicyPlan.Kind.DROP
                || end.close()
                        .filter(step -> step.manner() == CloseStep.Manner.ABORT)
                        .isPresent();
    }

    private void add(End from, String fault) {
        faults.add("connection " + cell.index() + ", from " + from.label() + ": " + fault);
    }

    private static String some(List<Told> messages) {
        return messages.size() == 1
                ? "#" + messages.get(0).sequence()
                : messages.size() + " messages from #" + messages.get(0).sequence() + " on";
    }
}
