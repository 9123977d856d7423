/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus.core;

import io.softclose.bench.testnet.consensus.core.SafetyRules.SafetyData;
import io.softclose.bench.testnet.consensus.message.Block;
import io.softclose.bench.testnet.consensus.message.BlockRef;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.BatchRequest;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.BlockRetrievalRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** Four replicas at one table: a test decides which messages come, and when a time is over. Nothing happens by itself. */
final class Table {
    static final int SIZE = 4;

    /** A message on its way. */
    record Letter(int from, int to, ConsensusMsg message) {
        boolean is(Class<? extends ConsensusMsg> type) {
            return type.isInstance(message);
        }
    }

    final List<Seat> seats = new ArrayList<>();
    final List<String> violations = new ArrayList<>();
    final List<String> rejected = new ArrayList<>();
    /** What was sent, in order. */
    final List<Letter> sent = new ArrayList<>();

    private final Deque<Letter> onTheirWay = new ArrayDeque<>();
    private final Deque<Runnable> answers = new ArrayDeque<>();
    private Predicate<Letter> lost = letter -> false;
    private final Function<SafetyData, SafetyRules> rules;

    Table() {
        this(SafetyRules::new);
    }

    Table(Function<SafetyData, SafetyRules> rules) {
        this.rules = rules;
        for (int i = 0; i < SIZE; i++) {
            seats.add(new Seat(i));
        }
        seats.forEach(seat -> seat.replica.start());
    }

    /** From now on these do not come. */
    void lose(Predicate<Letter> which) {
        lost = which;
    }

    void loseAllOf(int one) {
        lose(letter -> letter.from() == one || letter.to() == one);
    }

    void loseNothing() {
        lose(letter -> false);
    }

    /** Delivers what was sent, and what is sent because of that, until nothing is on its way; leaders propose at once until a round. */
    void deliver(long lastRound) {
        boolean more = true;
        while (more) {
            more = false;
            for (Seat seat : seats) {
                more |= seat.propose(lastRound);
            }
            while (!onTheirWay.isEmpty()) {
                Letter letter = onTheirWay.remove();
                if (!lost.test(letter)) {
                    seats.get(letter.to()).replica.received(letter.from(), letter.message());
                }
                more = true;
            }
            while (!answers.isEmpty()) {
                answers.remove().run();
                more = true;
            }
        }
    }

    /** Hands a letter over once more, or late. */
    void hand(Letter letter) {
        seats.get(letter.to()).replica.received(letter.from(), letter.message());
    }

    /** The time of the present round is over, for each of these. */
    void timeIsOver(int... which) {
        for (int index : which) {
            Replica replica = seats.get(index).replica;
            replica.roundTimeOver(replica.round());
        }
    }

    Replica replica(int index) {
        return seats.get(index).replica;
    }

    long count(Class<? extends ConsensusMsg> type) {
        return sent.stream().filter(letter -> letter.is(type)).count();
    }

    /** One replica, and what it tells. */
    final class Seat implements Outlet {
        final int index;
        final DurableState state = new DurableState();
        final List<BlockRef> ordered = new ArrayList<>();
        final List<BlockRef> committed = new ArrayList<>();
        final List<String> skipped = new ArrayList<>();
        Replica replica;
        private long proposesIn;

        Seat(int index) {
            this.index = index;
            replica = newReplica();
        }

        private Replica newReplica() {
            return new Replica(
                    new Committee(SIZE, index),
                    new Timeouts(Duration.ofSeconds(1), 1, Duration.ofSeconds(1)),
                    0,
                    state,
                    rules,
                    this);
        }

        /** Ends, and starts anew with what it has kept. */
        void restart() {
            replica = newReplica();
            replica.start();
        }

        private boolean propose(long lastRound) {
            long round = proposesIn;
            if (round == 0 || round > lastRound) {
                return false;
            }
            proposesIn = 0;
            replica.timeToPropose(round);
            return true;
        }

        @Override
        public void send(int to, ConsensusMsg message) {
            Letter letter = new Letter(index, to, message);
            sent.add(letter);
            onTheirWay.add(letter);
        }

        @Override
        public void broadcast(ConsensusMsg message) {
            for (int i = 1; i < SIZE; i++) {
                send((index + i) % SIZE, message);
            }
        }

        @Override
        public void retrieve(int from, BlockRetrievalRequest request) {
            boolean gone = lost.test(new Letter(index, from, request));
            answers.add(() -> replica.retrieved(
                    gone ? Optional.empty() : Optional.of(replica(from).answer(request))));
        }

        @Override
        public void retrieve(int from, BatchRequest request) {
            boolean gone = lost.test(new Letter(index, from, request));
            answers.add(() -> replica.batchAnswered(
                    request.batch(), !gone && replica(from).answer(request).found()));
        }

        @Override
        public void startRoundTimer(long round, Duration time) {}

        @Override
        public void startProposalTimer(long round) {
            proposesIn = round;
        }

        @Override
        public void roundEntered(long round, boolean byTimeout) {}

        @Override
        public void proposed(Block block) {}

        @Override
        public void proposalReceived(long round) {}

        @Override
        public void voted(long round) {}

        @Override
        public void timedOut(long round) {}

        @Override
        public void certified(long round) {}

        @Override
        public void ordered(Block block) {
            ordered.add(block.ref());
        }

        @Override
        public void committed(Block block) {
            committed.add(block.ref());
        }

        @Override
        public void skipped(long from, long to) {
            skipped.add(from + " to " + to);
        }

        @Override
        public void rejected(String why) {
            rejected.add(why);
        }

        @Override
        public void safetyViolated(String what) {
            violations.add(index + ": " + what);
        }
    }
}
