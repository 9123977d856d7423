/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.softclose.bench.testnet.consensus.Dispatch;
import io.softclose.bench.testnet.consensus.MessageKind;
import io.softclose.bench.testnet.consensus.ValidatorEvents;
import io.softclose.bench.testnet.consensus.message.Block;
import io.softclose.bench.testnet.consensus.message.QuorumCert;
import io.softclose.bench.testnet.figures.ConnectionLog;
import io.softclose.bench.testnet.figures.MessageTally;
import io.softclose.bench.testnet.process.ToldLines.Listener;
import io.softclose.bench.testnet.process.ToldLines.Teller;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Outcome;
import io.softclose.net.SendResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What a process says comes out as it went in. */
class ToldLinesTest {
    private static final Dispatch VOTE = new Dispatch(2, MessageKind.ORDER_VOTE, 17, 5);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final AtomicLong clock = new AtomicLong(1_000);
    private final Teller teller = new Teller(new Lines(out, () -> {}), clock::incrementAndGet);
    private final List<String> told = new ArrayList<>();
    private final Recorder events = new Recorder(told);
    private final Listener listener = new Listener();

    private void hearAll() {
        for (String line : out.toString(StandardCharsets.UTF_8).lines().toList()) {
            String[] words = line.split(" ", 2);
            assertEquals("told", words[0]);
            listener.hear(words[1], events, events);
        }
    }

    @Test
    void eventsOfAValidatorComeInTheirOrder() {
        Block block = Block.on(QuorumCert.GENESIS, 17, 1, List.of(), 0);
        teller.roundEntered(17, true);
        teller.proposed(block);
        teller.proposalReceived(18);
        teller.sent(VOTE, SendResult.NOT_CONNECTED);
        teller.handedOver(VOTE);
        teller.outcome(VOTE, Outcome.UNCERTAIN);
        teller.voteHandled(3, 99);
        teller.timedOut(19);
        teller.certified(17);
        teller.committed(block);
        teller.rejected("a message\nof two lines");
        teller.safetyViolated("two blocks");
        hearAll();

        assertEquals(
                List.of(
                        "entered 17 true",
                        "proposal 17",
                        "proposal 18",
                        "sent " + VOTE + " NOT_CONNECTED",
                        "handed over " + VOTE,
                        "outcome " + VOTE + " UNCERTAIN",
                        "handled 3 99",
                        "timeout 19",
                        "certified 17",
                        "committed " + block.ref(),
                        "rejected a message of two lines",
                        "violated two blocks"),
                told);
        assertEquals(1_012, listener.getAsLong());
    }

    @Test
    void messagesThatAreNoVotesAreNotTold() {
        teller.sent(new Dispatch(1, MessageKind.BATCH, 0, 0), SendResult.ACCEPTED);
        teller.handedOver(new Dispatch(1, MessageKind.MEMPOOL, 0, 0));
        teller.outcome(new Dispatch(1, MessageKind.MEMPOOL, 0, 0), Outcome.WRITTEN);
        hearAll();

        assertEquals(List.of(), told);
    }

    @Test
    void eventsOfConnectionsAndAccountsCome() {
        MessageTally messages =
                new MessageTally(12, Map.of(Outcome.WRITTEN, 7L, Outcome.UNSENT, 2L), 4).plus(MessageTally.NONE);
        teller.opened();
        teller.closed(DisconnectReason.STALE_CONNECTION);
        teller.fault("an account does not balance");
        teller.account(messages);
        hearAll();

        assertEquals(List.of("opened", "closed STALE_CONNECTION", "fault an account does not balance"), told);
        assertEquals(messages, listener.messages());
        assertEquals(3, listener.messages().pending());
        assertEquals(1_004, listener.accountAt());
    }

    @Test
    void whatIsNoEventIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> listener.hear("1 sang a song", events, events));
    }

    @Test
    void aLineIsCutWhereAPipeWouldDivideIt() {
        new Lines(out, () -> {}).say("x".repeat(10_000));

        assertEquals(4_096, out.size());
        assertEquals('\n', out.toByteArray()[4_095]);
    }

    @Test
    void whoIsNotReadEnds() {
        AtomicInteger ended = new AtomicInteger();
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        new Lines(broken, ended::incrementAndGet).say("anything");

        assertEquals(1, ended.get());
    }

    /** Writes down what it is told. */
    private record Recorder(List<String> told) implements ValidatorEvents, ConnectionLog {
        @Override
        public void roundEntered(long round, boolean byTimeout) {
            told.add("entered " + round + " " + byTimeout);
        }

        @Override
        public void proposed(Block block) {
            told.add("proposed " + block.ref());
        }

        @Override
        public void proposalReceived(long round) {
            told.add("proposal " + round);
        }

        @Override
        public void timedOut(long round) {
            told.add("timeout " + round);
        }

        @Override
        public void certified(long round) {
            told.add("certified " + round);
        }

        @Override
        public void committed(Block block) {
            told.add("committed " + block.ref());
        }

        @Override
        public void sent(Dispatch message, SendResult result) {
            told.add("sent " + message + " " + result);
        }

        @Override
        public void outcome(Dispatch message, Outcome outcome) {
            told.add("outcome " + message + " " + outcome);
        }

        @Override
        public void handedOver(Dispatch message) {
            told.add("handed over " + message);
        }

        @Override
        public void voteHandled(int from, long number) {
            told.add("handled " + from + " " + number);
        }

        @Override
        public void rejected(String why) {
            told.add("rejected " + why);
        }

        @Override
        public void safetyViolated(String what) {
            told.add("violated " + what);
        }

        @Override
        public void opened() {
            told.add("opened");
        }

        @Override
        public void closed(DisconnectReason reason) {
            told.add("closed " + reason);
        }

        @Override
        public void fault(String what) {
            told.add("fault " + what);
        }
    }
}
