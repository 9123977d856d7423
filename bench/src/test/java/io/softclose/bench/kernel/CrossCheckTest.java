/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softclose.bench.lab.Journal;
import io.softclose.bench.lab.Journal.Entry;
import io.softclose.bench.lab.Journal.Kind;
import io.softclose.net.CloseEnding;
import io.softclose.net.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the ledger does not see by itself; for the rest see its own test. */
class CrossCheckTest {
    private final List<Entry> sender = new ArrayList<>();
    private final List<Entry> receiver = new ArrayList<>();

    @Test
    void aTrueAccountHasNoFaults() {
        accept(Outcome.WRITTEN, Outcome.WRITTEN, Outcome.UNCERTAIN, Outcome.UNSENT);
        arrive(0, 1);
        close(CloseEnding.DEADLINE, Duration.ofSeconds(3));

        CrossCheck check = check(AnyPolicy.GRACEFUL);

        assertEquals(List.of(), check.faults());
        assertEquals(CloseEnding.DEADLINE, check.ending());
        assertEquals(2, check.count(Outcome.WRITTEN));
        assertEquals(Outcome.UNSENT, check.outcomes().get(3));
    }

    @Test
    void whatTheLedgerFindsIsAFault() {
        accept(Outcome.UNSENT);
        arrive(0);
        close(CloseEnding.ERROR, Duration.ZERO);

        assertEquals(List.of("#0 arrived, though the sender was told otherwise"), faults(AnyPolicy.GRACEFUL));
    }

    @Test
    void aSendAcceptedAfterTheSealIsAFaultUnlessThePolicyStaysOpen() {
        add(sender, Kind.ACCEPTED_LATE, 0, 0);
        end(0, Outcome.WRITTEN);
        arrive(0);
        report(1, Outcome.WRITTEN);
        close(CloseEnding.CLEAN, Duration.ZERO);

        assertEquals(List.of("1 sends were accepted after the seal"), faults(AnyPolicy.GRACEFUL));
        assertEquals(List.of(), faults(AnyPolicy.TIMED_DRAIN));
    }

    @Test
    void aCloseThatTakesFarLongerThanItsDeadlineIsAFault() {
        accept();
        add(sender, Kind.DEADLINE, 0, Duration.ofSeconds(3).toNanos());
        close(CloseEnding.DEADLINE, Duration.ofSeconds(9));

        assertEquals(List.of("the close took PT9S (expected: at most PT3S)"), faults(AnyPolicy.GRACEFUL));
    }

    @Test
    void arrivingOutOfOrderIsAFaultWithinALane() {
        accept(Outcome.WRITTEN, Outcome.WRITTEN, Outcome.WRITTEN);
        arrive(1, 0, 2);
        close(CloseEnding.CLEAN, Duration.ZERO);

        assertEquals(List.of("#0 arrived after #1 of its lane"), faults(AnyPolicy.GRACEFUL));
        assertEquals(List.of(), faults(AnyPolicy.CONSENSUS_PRIORITY), "0 is urgent, 1 is not");
    }

    @Test
    void aMessageThatOvertookOneOfItsLaneIsAFault() {
        accept(Outcome.UNSENT, Outcome.WRITTEN);
        arrive(1);
        close(CloseEnding.DEADLINE, Duration.ZERO);

        assertEquals(List.of("#1 is WRITTEN, and one before it in its lane got less far"), faults(AnyPolicy.GRACEFUL));
        assertEquals(List.of(), faults(AnyPolicy.CONSENSUS_PRIORITY), "0 is urgent, 1 is not");
    }

    @Test
    void anUncertainMessageOnALinkThatDidNotFailIsAFault() {
        accept(Outcome.UNCERTAIN);
        close(CloseEnding.CLEAN, Duration.ZERO);

        assertEquals(List.of("messages are UNCERTAIN though the close ended CLEAN"), faults(AnyPolicy.GRACEFUL));
    }

    @Test
    void damageStrangersAndFailedCallbacksAreFaults() {
        accept();
        add(receiver, Kind.DAMAGED, 0, 12);
        add(sender, Kind.STRANGER, 0, 3);
        add(receiver, Kind.CALLBACK_FAILED, 0, 0);
        close(CloseEnding.CLEAN, Duration.ZERO);

        assertEquals(
                List.of(
                        "the sender is handed back another object: Entry[kind=STRANGER, detail=0, value=3]",
                        "the receiver got a damaged message: Entry[kind=DAMAGED, detail=0, value=12]",
                        "a callback of the receiver threw"),
                faults(AnyPolicy.GRACEFUL));
    }

    /** Accepts a message for each outcome, ends it so, and has the report say the same. */
    private void accept(Outcome... outcomes) {
        for (int sequence = 0; sequence < outcomes.length; sequence++) {
            add(sender, Kind.ACCEPTED, 0, sequence);
            end(sequence, outcomes[sequence]);
        }
        report(outcomes.length, outcomes);
    }

    private void report(int accepted, Outcome... outcomes) {
        add(sender, Kind.LANE_ACCEPTED, 0, accepted);
        for (Outcome outcome : Outcome.values()) {
            long count = Arrays.stream(outcomes).filter(outcome::equals).count();
            add(sender, Kind.LANE_ENDED, Journal.code(outcome), count);
        }
        for (int sequence = 0; sequence < outcomes.length; sequence++) {
            if (outcomes[sequence] == Outcome.UNSENT || outcomes[sequence] == Outcome.UNCERTAIN) {
                add(sender, Kind.RETURNED, Journal.code(outcomes[sequence]), sequence);
            }
        }
    }

    private void end(int sequence, Outcome outcome) {
        add(sender, Kind.TOLD, Journal.code(outcome), sequence);
    }

    private void arrive(int... sequences) {
        Arrays.stream(sequences).forEach(sequence -> add(receiver, Kind.ARRIVED, 0, sequence));
    }

    private void close(CloseEnding ending, Duration duration) {
        add(sender, Kind.CLOSED, Journal.code(ending), duration.toNanos());
    }

    private static void add(List<Entry> journal, Kind kind, int detail, long value) {
        journal.add(new Entry(kind, detail, value));
    }

    private List<String> faults(AnyPolicy policy) {
        return check(policy).faults();
    }

    private CrossCheck check(AnyPolicy policy) {
        return CrossCheck.of(new NodeRecord(policy, sender), new NodeRecord(AnyPolicy.GRACEFUL, receiver));
    }
}
