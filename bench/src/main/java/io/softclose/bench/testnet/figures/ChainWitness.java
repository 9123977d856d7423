/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.figures;

import io.softclose.bench.testnet.consensus.Dispatch;
import io.softclose.bench.testnet.consensus.ValidatorEvents;
import io.softclose.bench.testnet.consensus.message.Block;
import io.softclose.bench.testnet.consensus.message.BlockRef;
import io.softclose.net.Outcome;
import io.softclose.net.SendResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * What the validators of one run tell of their chain, and whether they agree. Figures count from {@link #begin} to {@link #end};
 * agreement is looked at all the time. Thread-safe.
 */
public final class ChainWitness {
    private static final int MOST_FAULTS = 20;
    private static final int MOST_BLOCKS = 100_000;
    private static final long MICRO = Duration.ofNanos(1_000).toNanos();
    private static final long LONGEST_MICROS = Duration.ofHours(24).toMillis() * 1_000;
    private static final int DIGITS = 3;

    private final LongSupplier clock;
    private final long expectedNanos;
    private final Receivers receivers;

    // Guarded by this.
    private final List<Seat> seats;
    /** By their heights, the last so many. */
    private final Map<Long, BlockRef> committed = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, BlockRef> eldest) {
            return size() > MOST_BLOCKS;
        }
    };

    private final List<String> violations = new ArrayList<>();
    private final List<String> rejections = new ArrayList<>();
    private final VoteLedger votes = new VoteLedger();
    private final Histogram roundTimes = new Histogram(LONGEST_MICROS, DIGITS);
    private boolean counting;
    private long beganAt;
    private long endedAt;
    private long certifiedRound;
    private long certifiedAt;
    private long certifiedAtBegin;
    private long rounds;
    private long commits;
    private long timeouts;
    private long missedProposals;

    /** Whether the receivers of votes are seen. */
    public enum Receivers {
        /** All validators tell. */
        SEEN,
        /** Only one tells, of what it sends. */
        UNSEEN
    }

    /** What one validator has told of the round it is in. */
    private static final class Seat {
        /** Rounds from the present one on whose block it has. */
        private final Set<Long> proposals = new HashSet<>();

        private long round;
        private boolean out;
    }

    /**
     * A witness that counts nothing yet.
     *
     * @param expectedRound what a round takes when all is well
     * @param clock in nanoseconds
     */
    public ChainWitness(int validators, Duration expectedRound, Receivers receivers, LongSupplier clock) {
        this.clock = clock;
        this.receivers = receivers;
        expectedNanos = expectedRound.toNanos();
        seats = Stream.generate(Seat::new).limit(validators).toList();
    }

    /** What to give to the validator at this index. */
    public ValidatorEvents of(int index) {
        return of(index, clock);
    }

    /**
     * The same for one whose events are told later than they happened.
     *
     * @param when the time of the event that is being told, on this witness's clock
     */
    public ValidatorEvents of(int index, LongSupplier when) {
        return new Told(index, when);
    }

    /** A validator takes no part for a while, by a fault of its own: what it misses is not counted. Or it does again. */
    public synchronized void out(int index, boolean isOut) {
        seats.get(index).out = isOut;
    }

    /** Whether a block has been committed by any of them. */
    public synchronized boolean hasCommitted() {
        return !committed.isEmpty();
    }

    /** The highest round that any of them knows to have a quorum certificate. */
    public synchronized long certifiedRound() {
        return certifiedRound;
    }

    /** Counts from now on. */
    public synchronized void begin() {
        counting = true;
        beganAt = clock.getAsLong();
        certifiedAt = beganAt;
        certifiedAtBegin = certifiedRound;
    }

    /** Counts no more. The round that is under way counts with the time it has taken, if that is too long already. */
    public synchronized void end() {
        if (counting) {
            counting = false;
            endedAt = clock.getAsLong();
            rounds = certifiedRound - certifiedAtBegin;
            if (endedAt - certifiedAt > expectedNanos) {
                recordRound(endedAt);
            }
        }
    }

    private void recordRound(long now) {
        roundTimes.recordValue(Math.min(LONGEST_MICROS, Math.max(1, (now - certifiedAt) / MICRO)));
    }

    /** What is known of the chain's progress, once it is not counted any more. */
    public synchronized ChainFigures figures() {
        // A chain that stands still begins no rounds: those that would have waited are counted, too.
        Histogram corrected = roundTimes.copyCorrectedForCoordinatedOmission(Math.max(1, expectedNanos / MICRO));
        return new ChainFigures(
                Duration.ofNanos(endedAt - beganAt),
                rounds,
                commits,
                RoundTimes.of(roundTimes),
                RoundTimes.of(corrected),
                missedProposals,
                timeouts,
                votes.figures(receivers));
    }

    /** Whether of each vote that counts it is known whether it is lost, or was given to its receiver. */
    public synchronized boolean votesSettled() {
        return votes.settled();
    }

    /** A validator's process has ended, and all that it had told is told. */
    public synchronized void gone(int index) {
        votes.senderGone(index);
    }

    /** What breaks the protocol's safety. */
    public synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    /** Messages that no validator takes, of which there must be none: none of these validators is a liar. */
    public synchronized List<String> rejections() {
        return List.copyOf(rejections);
    }

    private static void note(List<String> faults, String what) {
        if (faults.size() < MOST_FAULTS) {
            faults.add(what);
        }
    }

    /** What one validator tells. */
    private final class Told implements ValidatorEvents {
        private final int index;
        private final Seat seat;
        private final String who;
        private final LongSupplier when;

        Told(int index, LongSupplier when) {
            this.index = index;
            this.when = when;
            seat = seats.get(index);
            who = "validator " + index;
        }

        @Override
        public void roundEntered(long round, boolean byTimeout) {
            synchronized (ChainWitness.this) {
                if (counting && !seat.out && seat.round > 0) {
                    for (long left = seat.round; left < round; left++) {
                        missedProposals += seat.proposals.contains(left) ? 0 : 1;
                    }
                }
                seat.round = round;
                seat.proposals.removeIf(before -> before < round);
            }
        }

        @Override
        public void proposed(Block block) {
            proposalReceived(block.round());
        }

        @Override
        public void proposalReceived(long round) {
            synchronized (ChainWitness.this) {
                seat.proposals.add(round);
            }
        }

        @Override
        public void timedOut(long round) {
            synchronized (ChainWitness.this) {
                timeouts += counting && !seat.out ? 1 : 0;
            }
        }

        @Override
        public void certified(long round) {
            synchronized (ChainWitness.this) {
                if (round > certifiedRound) {
                    certifiedRound = round;
                    if (counting) {
                        long now = Math.max(certifiedAt, when.getAsLong());
                        recordRound(now);
                        certifiedAt = now;
                    }
                }
            }
        }

        @Override
        public void committed(Block block) {
            synchronized (ChainWitness.this) {
                BlockRef before = committed.putIfAbsent(block.height(), block.ref());
                if (before == null) {
                    commits += counting ? 1 : 0;
                } else if (!before.id().equals(block.id())) {
                    note(
                            violations,
                            "at height " + block.height() + ", " + who + " committed block " + block.id() + " of round "
                                    + block.round() + ", and another had committed " + before.id() + " of round "
                                    + before.round());
                }
            }
        }

        @Override
        public void sent(Dispatch message, SendResult result) {
            if (message.kind().isVote()) {
                synchronized (ChainWitness.this) {
                    if (result.accepted()) {
                        votes.accepted(index, message.to(), message.number(), counting);
                    } else if (counting) {
                        votes.refused();
                    }
                }
            }
        }

        @Override
        public void outcome(Dispatch message, Outcome outcome) {
            if (message.kind().isVote()) {
                synchronized (ChainWitness.this) {
                    votes.concluded(index, message.to(), message.number(), outcome);
                    if (receivers == Receivers.UNSEEN) {
                        votes.handled(index, message.to(), message.number());
                    }
                }
            }
        }

        @Override
        public void handedOver(Dispatch message) {
            if (message.kind().isVote()) {
                synchronized (ChainWitness.this) {
                    votes.handedOver(index, message.to(), message.number());
                }
            }
        }

        @Override
        public void voteHandled(int from, long number) {
            if (receivers == Receivers.SEEN) {
                synchronized (ChainWitness.this) {
                    votes.handled(from, index, number);
                }
            }
        }

        @Override
        public void rejected(String why) {
            synchronized (ChainWitness.this) {
                note(rejections, who + " rejected a message: " + why);
            }
        }

        @Override
        public void safetyViolated(String what) {
            synchronized (ChainWitness.this) {
                note(violations, who + " says that safety is violated: " + what);
            }
        }
    }
}
