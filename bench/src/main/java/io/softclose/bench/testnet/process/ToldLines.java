/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.process;

import io.softclose.bench.testnet.consensus.Dispatch;
import io.softclose.bench.testnet.consensus.MessageKind;
import io.softclose.bench.testnet.consensus.ValidatorEvents;
import io.softclose.bench.testnet.consensus.message.Block;
import io.softclose.bench.testnet.consensus.message.BlockId;
import io.softclose.bench.testnet.consensus.message.BlockRef;
import io.softclose.bench.testnet.consensus.message.QuorumCert;
import io.softclose.bench.testnet.figures.ConnectionLog;
import io.softclose.bench.testnet.figures.MessageTally;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Outcome;
import io.softclose.net.SendResult;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What happens to a validator and its network as lines, and back. A line has its time, in nanoseconds, the name of the event, and what belongs to
 * it. Of messages, only votes are told; of blocks, only who they are.
 */
final class ToldLines {
    private ToldLines() {}

    /** Turns events into lines. Thread-safe. */
    static final class Teller implements ValidatorEvents, ConnectionLog {
        private final Lines lines;
        private final LongSupplier clock;

        Teller(Lines lines, LongSupplier clock) {
            this.lines = lines;
            this.clock = clock;
        }

        private void tell(String event) {
            lines.say("told " + clock.getAsLong() + " " + event);
        }

        @Override
        public void roundEntered(long round, boolean byTimeout) {
            tell("entered " + round + " " + byTimeout);
        }

        @Override
        public void proposed(Block block) {
            tell("proposal " + block.round());
        }

        @Override
        public void proposalReceived(long round) {
            tell("proposal " + round);
        }

        @Override
        public void timedOut(long round) {
            tell("timeout " + round);
        }

        @Override
        public void certified(long round) {
            tell("certified " + round);
        }

        @Override
        public void committed(Block block) {
            BlockId id = block.id();
            tell("committed " + block.round() + " " + block.height() + " " + id.first() + " " + id.second() + " "
                    + id.third() + " " + id.fourth());
        }

        @Override
        public void sent(Dispatch message, SendResult result) {
            if (message.kind().isVote()) {
                tell("sent " + words(message) + " " + result);
            }
        }

        @Override
        public void outcome(Dispatch message, Outcome outcome) {
            if (message.kind().isVote()) {
                tell("outcome " + words(message) + " " + outcome);
            }
        }

        @Override
        public void handedOver(Dispatch message) {
            if (message.kind().isVote()) {
                tell("handed-over " + words(message));
            }
        }

        private static String words(Dispatch message) {
            return message.to() + " " + message.kind() + " " + message.round() + " " + message.number();
        }

        @Override
        public void voteHandled(int from, long number) {
            tell("handled " + from + " " + number);
        }

        @Override
        public void rejected(String why) {
            tell("rejected " + why);
        }

        @Override
        public void safetyViolated(String what) {
            tell("violated " + what);
        }

        @Override
        public void opened() {
            tell("opened");
        }

        @Override
        public void closed(DisconnectReason reason) {
            tell("closed " + reason);
        }

        @Override
        public void fault(String what) {
            tell("fault " + what);
        }

        /** What became of its messages by now. */
        void account(MessageTally messages) {
            StringBuilder words = new StringBuilder("account " + messages.accepted() + " " + messages.handedOver());
            for (Outcome outcome : Outcome.values()) {
                words.append(' ').append(outcome).append('=').append(messages.count(outcome));
            }
            tell(words.toString());
        }
    }

    /** Turns lines into events again. For one thread. */
    static final class Listener implements LongSupplier {
        private long now;
        private MessageTally messages = MessageTally.NONE;
        private long accountAt;

        /** The time of the event that is being told. */
        @Override
        public long getAsLong() {
            return now;
        }

        /** The last account that came. */
        MessageTally messages() {
            return messages;
        }

        /** When that was. */
        long accountAt() {
            return accountAt;
        }

        /**
         * Hands a line on.
         *
         * @param line what follows {@code told}
         * @throws IllegalArgumentException if it is none
         */
        void hear(String line, ValidatorEvents events, ConnectionLog connections) {
            String[] head = line.split(" ", 3);
            now = Long.parseLong(head[0]);
            String rest = head.length > 2 ? head[2] : "";
            String[] words = rest.split(" ");
            switch (head[1]) {
                case "entered" -> events.roundEntered(Long.parseLong(words[0]), Boolean.parseBoolean(words[1]));
                case "proposal" -> events.proposalReceived(Long.parseLong(words[0]));
                case "timeout" -> events.timedOut(Long.parseLong(words[0]));
                case "certified" -> events.certified(Long.parseLong(words[0]));
                case "committed" -> events.committed(block(words));
                case "sent" -> events.sent(dispatch(words), SendResult.valueOf(words[4]));
                case "outcome" -> events.outcome(dispatch(words), Outcome.valueOf(words[4]));
                case "handed-over" -> events.handedOver(dispatch(words));
                case "handled" -> events.voteHandled(Integer.parseInt(words[0]), Long.parseLong(words[1]));
                case "rejected" -> events.rejected(rest);
                case "violated" -> events.safetyViolated(rest);
                case "opened" -> connections.opened();
                case "closed" -> connections.closed(DisconnectReason.valueOf(words[0]));
                case "fault" -> connections.fault(rest);
                case "account" -> account(words);
                default -> throw new IllegalArgumentException("told: \"" + line + "\" (expected: an event)");
            }
        }

        private static Dispatch dispatch(String[] words) {
            return new Dispatch(
                    Integer.parseInt(words[0]),
                    MessageKind.valueOf(words[1]),
                    Long.parseLong(words[2]),
                    Long.parseLong(words[3]));
        }

        /** Who it is, and nothing of what is in it. */
        private static Block block(String[] words) {
            BlockId id = new BlockId(
                    Long.parseLong(words[2]),
                    Long.parseLong(words[3]),
                    Long.parseLong(words[4]),
                    Long.parseLong(words[5]));
            BlockRef ref = new BlockRef(id, Long.parseLong(words[0]), Long.parseLong(words[1]));
            return new Block(ref, 0, QuorumCert.GENESIS, List.of(), 0);
        }

        private void account(String[] words) {
            Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
            for (int index = 2; index < words.length; index++) {
                String[] count = words[index].split("=", 2);
                outcomes.put(Outcome.valueOf(count[0]), Long.parseLong(count[1]));
            }
            messages = new MessageTally(Long.parseLong(words[0]), outcomes, Long.parseLong(words[1]));
            accountAt = now;
        }
    }
}
