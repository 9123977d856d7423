/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus;

import static java.util.Objects.requireNonNull;

import io.softclose.bench.testnet.consensus.core.Committee;
import io.softclose.bench.testnet.consensus.core.Outlet;
import io.softclose.bench.testnet.consensus.core.Replica;
import io.softclose.bench.testnet.consensus.core.SafetyRules;
import io.softclose.bench.testnet.consensus.core.Timeouts;
import io.softclose.bench.testnet.consensus.message.Block;
import io.softclose.bench.testnet.consensus.message.BlockRef;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.BatchRequest;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.BatchResponse;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.BlockRetrievalRequest;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.BlockRetrievalResponse;
import io.softclose.bench.testnet.consensus.message.MalformedMessageException;
import io.softclose.bench.testnet.consensus.message.MessageCodec;
import io.softclose.bench.testnet.consensus.message.VoteNumber;
import io.softclose.net.Connection;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.NetworkException;
import io.softclose.net.ProtocolId;
import io.softclose.net.spi.Scheduler;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One validator of a chained BFT protocol, on a network that it did not make. It {@linkplain #handleOn joins} a network that is being
 * built, {@linkplain #start starts} with it, and sends to its fellow validators as {@linkplain Network#peer peers}: who sees to connections
 * is somebody else. Time is the network's, {@link Network#scheduler}. Thread-safe; its state is under one lock, and no method waits for
 * anything else.
 *
 * <p>The protocol is DiemBFT v4, that is Jolteon (Gelashvili and others, <i>Jolteon and Ditto: Network-Adaptive Efficient Consensus with Asynchronous
 * Fallback</i>, 2021, arXiv:2106.10362), with AptosBFT's order votes, commit votes and quorum store. See docs/testnet.md.
 */
public final class Validator implements AutoCloseable {
    private final ValidatorSettings settings;
    private final ValidatorEvents events;
    private final ValidatorStore store;
    private final Object lock = new Object();

    // Under the lock.
    private final Replica replica;
    private final List<Ticker> tickers = new ArrayList<>();
    private @Nullable Running running;
    private boolean closed;
    private Scheduler.@Nullable Timer roundTimer;

    // Shared.
    private volatile ValidatorState state;

    /** What there is from the start on. */
    private record Running(Courier courier, Scheduler scheduler) {}

    /** A validator that has never run, and does nothing before its {@link #start}. */
    public Validator(ValidatorSettings settings, ValidatorEvents events) {
        this(settings, events, new ValidatorStore());
    }

    /** A validator that goes on where the last one with this store was. */
    public Validator(ValidatorSettings settings, ValidatorEvents events, ValidatorStore store) {
        this(settings, events, store, SafetyRules::new);
    }

    /** One that speaks by its own rules, for tests. */
    Validator(
            ValidatorSettings settings,
            ValidatorEvents events,
            ValidatorStore store,
            Function<SafetyRules.SafetyData, SafetyRules> rules) {
        this.settings = requireNonNull(settings, "settings");
        this.events = requireNonNull(events, "events");
        this.store = store;
        replica = new Replica(
                new Committee(settings.validators().size(), settings.index()),
                new Timeouts(settings.roundTimeout(), settings.timeoutGrowth(), settings.maxRoundTimeout()),
                settings.proposalBytes(),
                store.state,
                rules,
                new Effects());
        state = stateNow(replica.lastCommitted());
    }

    /**
     * Has a network take this validator's messages and answer its fellows' requests. For one network, whose identity is the
     * validator's, and which is then given to {@link #start}; what comes before is dropped. Messages are handled on the network's loops,
     * for it takes no time.
     */
    public void handleOn(NetworkBuilder builder) {
        builder.handle(ProtocolId.CONSENSUS_DIRECT_SEND_BCS, this::received)
                .handle(ProtocolId.MEMPOOL_DIRECT_SEND, (connection, message) -> {})
                .answer(ProtocolId.CONSENSUS_RPC_BCS, this::answer);
    }

    /**
     * Takes part from now on.
     *
     * @throws IllegalArgumentException if the network's identity is not this validator's
     * @throws IllegalStateException if it was started or closed before
     * @throws NetworkException if the network has been shut down
     */
    public void start(Network network) {
        if (!network.peerId().equals(settings.self())) {
            throw new IllegalArgumentException("network: of " + network.peerId() + " (expected: of validator "
                    + settings.index() + ", " + settings.self() + ")");
        }
        Scheduler scheduler = network.scheduler();
        synchronized (lock) {
            if (running != null || closed) {
                throw new IllegalStateException(
                        "start: " + (closed ? "after close" : "called again") + " (expected: once)");
            }
            running = new Running(new Courier(settings, events, store, network), scheduler);
            startLoad(scheduler);
            step(replica::start);
        }
    }

    private void startLoad(Scheduler scheduler) {
        SplittableRandom random = new SplittableRandom(settings.seed());
        ValidatorSettings.Load load = settings.load();
        if (load.batchesPerSecond() > 0) {
            tick(scheduler, load.batchesPerSecond(), random.nextDouble(), () -> replica.makeBatch(load.batchBytes()));
        }
        if (load.mempoolPerSecond() > 0) {
            tick(
                    scheduler,
                    load.mempoolPerSecond(),
                    random.nextDouble(),
                    () -> running().courier().broadcastMempool(load.mempoolBytes()));
        }
    }

    private void tick(Scheduler scheduler, double perSecond, double phase, Runnable work) {
        Ticker[] itself = new Ticker[1];
        Ticker ticker = new Ticker(
                scheduler,
                perSecond,
                phase,
                () -> step(() -> {
                    work.run();
                    itself[0].again();
                }));
        itself[0] = ticker;
        tickers.add(ticker);
        ticker.again();
    }

    private Running running() {
        return requireNonNull(running, "running");
    }

    /** Stops proposing and voting, and has no answer any more to what is asked. Messages that were sent are the network's. Idempotent. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            tickers.forEach(Ticker::stop);
            if (roundTimer != null) {
                roundTimer.cancel();
            }
        }
    }

    /** Where it stands. Callable from any thread. */
    public ValidatorState state() {
        return state;
    }

    // Every entry is one step under the lock.

    /** Does something, unless it is not started or closed. A network that has gone closes it. */
    private void step(Runnable work) {
        synchronized (lock) {
            if (running == null || closed) {
                return;
            }
            try {
                work.run();
            } catch (RejectedExecutionException | NetworkException gone) {
                close();
            }
            state = stateNow(
                    replica.committed().equals(state.committed()) ? state.lastCommitted() : replica.lastCommitted());
        }
    }

    private ValidatorState stateNow(List<BlockRef> lastCommitted) {
        return new ValidatorState(
                replica.round(),
                replica.certifiedRound(),
                replica.orderedRound(),
                replica.committed(),
                lastCommitted,
                replica.pendingBlocks());
    }

    private void received(Connection connection, Message message) {
        int from = settings.validators().indexOf(connection.peer());
        if (from < 0 || from == settings.index()) {
            step(() -> events.rejected("a message of " + connection.peer() + " (expected: of another validator)"));
            return;
        }
        byte[] payload = new byte[message.size()];
        long number = VoteNumber.take(message.payload(), payload);
        if (number > 0) {
            events.voteHandled(from, number);
        }
        try {
            ConsensusMsg read = MessageCodec.decode(ByteBuffer.wrap(payload));
            step(() -> replica.received(from, read));
        } catch (MalformedMessageException malformed) {
            step(() -> events.rejected("a message of validator " + from + ": " + malformed.getMessage()));
        }
    }

    /** One that is closed has nothing of what is asked for. */
    private Message answer(Connection connection, Message request) {
        ConsensusMsg question = MessageCodec.decode(request.payload());
        if (!settings.validators().contains(connection.peer())) {
            throw new IllegalArgumentException("a request of " + connection.peer() + " (expected: of a validator)");
        }
        return request.withPayload(MessageCodec.encode(answer(question)));
    }

    private ConsensusMsg answer(ConsensusMsg question) {
        synchronized (lock) {
            if (question instanceof BlockRetrievalRequest blocks) {
                return closed ? new BlockRetrievalResponse(List.of(), false) : replica.answer(blocks);
            } else if (question instanceof BatchRequest batch) {
                return closed ? new BatchResponse(batch.batch(), false) : replica.answer(batch);
            }
        }
        throw new IllegalArgumentException(question.type().wireName() + " (expected: a request)");
    }

    /** What the replica has done for it: under the lock. */
    private final class Effects implements Outlet {
        @Override
        public void send(int to, ConsensusMsg message) {
            running().courier().send(to, message);
        }

        @Override
        public void broadcast(ConsensusMsg message) {
            running().courier().broadcast(message);
        }

        @Override
        public void retrieve(int from, BlockRetrievalRequest request) {
            ask(
                    from,
                    request,
                    answer -> replica.retrieved(
                            answer instanceof BlockRetrievalResponse blocks ? Optional.of(blocks) : Optional.empty()));
        }

        @Override
        public void retrieve(int from, BatchRequest request) {
            ask(
                    from,
                    request,
                    answer -> replica.batchAnswered(
                            request.batch(),
                            answer instanceof BatchResponse batch
                                    && batch.found()
                                    && batch.batch().equals(request.batch())));
        }

        /** The answer is a step of its own: a reply may complete before this returns. */
        private void ask(int whom, ConsensusMsg question, Consumer<@Nullable ConsensusMsg> answered) {
            Scheduler scheduler = running().scheduler();
            running().courier().ask(whom, question, settings.roundTimeout().multipliedBy(2), answer -> {
                try {
                    scheduler.schedule(0, () -> step(() -> answered.accept(answer.orElse(null))));
                } catch (RejectedExecutionException gone) {
                    close();
                }
            });
        }

        @Override
        public void startRoundTimer(long round, Duration time) {
            if (roundTimer != null) {
                roundTimer.cancel();
            }
            roundTimer = running().scheduler().schedule(time.toNanos(), () -> step(() -> replica.roundTimeOver(round)));
        }

        @Override
        public void startProposalTimer(long round) {
            var unused = running()
                    .scheduler()
                    .schedule(settings.proposalInterval().toNanos(), () -> step(() -> replica.timeToPropose(round)));
        }

        @Override
        public void roundEntered(long round, boolean byTimeout) {
            events.roundEntered(round, byTimeout);
        }

        @Override
        public void proposed(Block block) {
            events.proposed(block);
        }

        @Override
        public void proposalReceived(long round) {
            events.proposalReceived(round);
        }

        @Override
        public void voted(long round) {
            events.voted(round);
        }

        @Override
        public void timedOut(long round) {
            events.timedOut(round);
        }

        @Override
        public void certified(long round) {
            events.certified(round);
        }

        @Override
        public void ordered(Block block) {
            events.ordered(block);
        }

        @Override
        public void committed(Block block) {
            events.committed(block);
        }

        @Override
        public void skipped(long from, long to) {
            events.skipped(from, to);
        }

        @Override
        public void rejected(String why) {
            events.rejected(why);
        }

        @Override
        public void safetyViolated(String what) {
            events.safetyViolated(what);
            close();
        }
    }
}
