/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softclose.bench.Payloads;
import io.softclose.net.Account;
import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.DisconnectReason;
import io.softclose.net.LaneAccount;
import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.PeerId;
import io.softclose.net.RequestAccount;
import io.softclose.net.ReturnedMessage;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private final Ledger ledger = new Ledger();
    private final List<Message> messages = IntStream.range(0, 4)
            .mapToObj(sequence -> Message.of(Scenario.PROTOCOL, 0, Payloads.of(sequence, 16)))
            .toList();

    @Test
    void aTrueAccountHasNoFaults() {
        acceptAll();
        end(0, Outcome.WRITTEN);
        end(1, Outcome.DELIVERED);
        end(2, Outcome.UNSENT);
        end(3, Outcome.UNCERTAIN);
        arrive(0, 1);

        Ledger.Audit audit = ledger.audit(report(CloseEnding.CLEAN, 4, outcomes(1, 1, 1, 1, 0), 2, 3));

        assertEquals(new Ledger.Audit(4, 2, outcomes(1, 1, 1, 1, 0), 0, List.of()), audit);
    }

    @Test
    void aWrittenMessageThatDidNotArriveIsSilentlyLost() {
        acceptAll();
        IntStream.range(0, 4).forEach(sequence -> end(sequence, Outcome.WRITTEN));
        arrive(0, 1);

        Ledger.Audit audit = ledger.audit(report(CloseEnding.UNCONFIRMED, 4, outcomes(0, 4, 0, 0, 0)));

        assertEquals(2, audit.silentlyLost());
        assertEquals(List.of(), audit.faults());
    }

    @Test
    void aCleanCloseThatLostAMessageIsAFault() {
        acceptAll();
        IntStream.range(0, 4).forEach(sequence -> end(sequence, Outcome.WRITTEN));
        arrive(0, 1, 3);

        assertEquals(
                List.of("the close was clean, yet #2 did not arrive"),
                ledger.audit(report(CloseEnding.CLEAN, 4, outcomes(0, 4, 0, 0, 0)))
                        .faults());
    }

    @Test
    void anUnsentMessageThatArrivedIsAFault() {
        acceptAll();
        IntStream.range(0, 4).forEach(sequence -> end(sequence, Outcome.UNSENT));
        arrive(2);

        assertEquals(
                List.of("#2 arrived, though the sender was told otherwise"),
                ledger.audit(report(CloseEnding.CLEAN, 4, outcomes(0, 0, 0, 4, 0), 0, 1, 2, 3))
                        .faults());
    }

    @Test
    void aMessageThatArrivesTwiceOrDamagedIsAFault() {
        arrive(0, 0);
        ledger.arrived(Message.of(Scenario.PROTOCOL, 0, new byte[] {0, 0, 0, 1, 77}));
        ledger.accepted(0);
        end(0, Outcome.WRITTEN);

        assertEquals(
                List.of("#0 arrived twice", "a message of 5 bytes arrived damaged"),
                ledger.audit(report(CloseEnding.CLEAN, 1, outcomes(0, 1, 0, 0, 0)))
                        .faults());
    }

    @Test
    void aSecondOutcomeAndAMissingOneAreFaults() {
        ledger.accepted(0);
        ledger.accepted(1);
        end(0, Outcome.WRITTEN);
        end(0, Outcome.WRITTEN);
        arrive(0);

        assertEquals(
                List.of(
                        "#0 ended twice: WRITTEN, then WRITTEN",
                        "1 messages have no outcome",
                        "the sender was not told how #1 ended"),
                ledger.audit(report(CloseEnding.CLEAN, 2, outcomes(0, 1, 0, 0, 0)))
                        .faults());
    }

    @Test
    void aRefusedMessageThatArrivesIsAFault() {
        arrive(0);

        assertEquals(
                List.of("#0 arrived, though refused"),
                ledger.audit(report(CloseEnding.CLEAN, 0, outcomes(0, 0, 0, 0, 0)))
                        .faults());
    }

    @Test
    void anAccountThatCountsOtherwiseIsAFault() {
        ledger.accepted(0);
        end(0, Outcome.WRITTEN);
        arrive(0);

        assertEquals(
                List.of("the account has 2 accepted (expected: 1)", "the account has 2 WRITTEN (expected: 1)"),
                ledger.audit(report(CloseEnding.CLEAN, 2, outcomes(0, 2, 0, 0, 0)))
                        .faults());
    }

    @Test
    void aDeliveredMessageThatDidNotArriveIsAFaultHoweverTheCloseEnded() {
        ledger.accepted(0);
        end(0, Outcome.DELIVERED);

        assertEquals(
                List.of("#0 did not arrive, though the sender was told it did"),
                ledger.audit(report(CloseEnding.ERROR, 1, outcomes(1, 0, 0, 0, 0)))
                        .faults());
    }

    @Test
    void aMessageThatIsNotHandedBackIsAFault() {
        acceptAll();
        IntStream.range(0, 4).forEach(sequence -> end(sequence, Outcome.DISCARDED));

        assertEquals(
                List.of("the report does not return exactly the messages that are DISCARDED"),
                ledger.audit(report(CloseEnding.CLEAN, 4, outcomes(0, 0, 0, 0, 4), 0, 1, 2))
                        .faults());
    }

    private final Map<Integer, Outcome> ended = new java.util.HashMap<>();

    private void acceptAll() {
        IntStream.range(0, messages.size()).forEach(ledger::accepted);
    }

    private void end(int sequence, Outcome outcome) {
        ended.put(sequence, outcome);
        ledger.told(messages.get(sequence), outcome);
    }

    private void arrive(int... sequences) {
        IntStream.of(sequences).forEach(sequence -> ledger.arrived(messages.get(sequence)));
    }

    private static Map<Outcome, Long> outcomes(
            long delivered, long written, long uncertain, long unsent, long discarded) {
        Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
        Stream.of(Outcome.values()).forEach(outcome -> outcomes.put(outcome, 0L));
        outcomes.put(Outcome.DELIVERED, delivered);
        outcomes.put(Outcome.WRITTEN, written);
        outcomes.put(Outcome.UNCERTAIN, uncertain);
        outcomes.put(Outcome.UNSENT, unsent);
        outcomes.put(Outcome.DISCARDED, discarded);
        return outcomes;
    }

    private CloseReport report(CloseEnding ending, long accepted, Map<Outcome, Long> outcomes, int... returned) {
        return new CloseReport(
                1,
                PeerId.of(new byte[PeerId.LENGTH]),
                DisconnectReason.REQUESTED_BY_PEER_MANAGER,
                "test",
                ending,
                "test",
                Duration.ZERO,
                new Account(List.of(new LaneAccount("default", accepted, outcomes))),
                RequestAccount.NONE,
                IntStream.of(returned)
                        .mapToObj(sequence -> new ReturnedMessage(
                                messages.get(sequence), ended.getOrDefault(sequence, Outcome.UNSENT), "default"))
                        .toList(),
                List.of(),
                0,
                Optional.empty());
    }
}
