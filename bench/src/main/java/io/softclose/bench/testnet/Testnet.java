/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet;

import io.softclose.bench.lab.WireMesh;
import io.softclose.bench.testnet.figures.ChainWitness;
import io.softclose.bench.testnet.figures.ConnectionTally;
import io.softclose.bench.testnet.figures.MessageTally;
import io.softclose.bench.testnet.node.Crew;
import io.softclose.bench.testnet.node.Missing;
import io.softclose.bench.testnet.node.Seat;
import io.softclose.bench.testnet.node.Variant;
import io.softclose.net.PeerId;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One test network: validators, with paths between them and faults that are done to them. For one thread. What has ended, such as a killed
 * validator, is kept for its account.
 */
final class Testnet implements AutoCloseable {
    /** What is done to a slow validator's paths: less than its share of the load. */
    private static final long SLOW_BYTES_PER_SECOND = 48 * 1024;

    private static final long STOP_SECONDS = 30;

    private final List<PeerId> members;
    private final Crew.Run run;
    private final Variant variant;
    private final TestnetSettings settings;
    private final ChainWitness chain;
    private final ConnectionTally connections;
    private final List<Seat> seats = new ArrayList<>();
    private final List<Seat> all = new ArrayList<>();
    private final List<CompletionStage<Void>> ended = new ArrayList<>();
    /** Who is out of the validator set. */
    private final Set<Integer> removed = new TreeSet<>();

    private final Paths paths;

    /** What became of the messages of all validators, those that were killed among them. */
    record Accounts(List<MessageTally> messages, List<Missing> missing) {}

    /** Makes all of it. The validators listen. */
    Testnet(Crew crew, Variant variant, TestnetSettings settings, ChainWitness chain, ConnectionTally connections)
            throws IOException {
        members = crew.members();
        this.variant = variant;
        this.settings = settings;
        this.chain = chain;
        this.connections = connections;
        run = crew.begin();
        try {
            List<InetSocketAddress> addresses = new ArrayList<>();
            for (int index = 0; index < members.size(); index++) {
                seats.add(open(index));
            }
            for (Seat seat : seats) {
                addresses.add(seat.address());
            }
            Optional<WireMesh> wires = run.wires();
            paths = wires.isPresent()
                    ? Paths.wired(addresses, settings.path(), wires.get())
                    : Paths.relayed(addresses, settings.path(), settings.seed());
        } catch (IOException | RuntimeException failed) {
            run.close();
            throw failed;
        }
    }

    /** Has the validators dial each other. */
    void connect() throws IOException {
        for (int index = 0; index < seats.size(); index++) {
            seats.get(index).connect(addresses(index));
        }
    }

    private Seat open(int index) throws IOException {
        Seat seat = run.open(settings.node(index, members, variant), when -> chain.of(index, when), connections);
        all.add(seat);
        return seat;
    }

    private Map<Integer, InetSocketAddress> addresses(int from) {
        Map<Integer, InetSocketAddress> addresses = new HashMap<>();
        for (int to = 0; to < members.size(); to++) {
            if (to != from) {
                addresses.put(to, paths.address(from, to));
            }
        }
        return addresses;
    }

    /** Whether each has a connection to each other. */
    boolean connected() {
        return seats.stream().allMatch(seat -> seat.connected() == members.size() - 1);
    }

    /** To how many of the others a validator has an open connection. */
    long connectionsOf(int validator) {
        return seats.get(validator).connected();
    }

    /** Has the validators begin. */
    void start() throws IOException {
        for (Seat seat : seats) {
            seat.start();
        }
    }

    /** Does what a plan says. */
    void step(FaultPlan.Step step) throws IOException, InterruptedException, ExecutionException, TimeoutException {
        if (step instanceof FaultPlan.Reset reset) {
            paths.reset(reset.one(), reset.other());
        } else if (step instanceof FaultPlan.Hold hold) {
            paths.hold(hold.one(), hold.other());
        } else if (step instanceof FaultPlan.Release release) {
            paths.release(release.one(), release.other());
        } else if (step instanceof FaultPlan.Begin begin) {
            chain.out(begin.validator(), true);
            begin(begin.fault(), begin.validator());
        } else if (step instanceof FaultPlan.End end) {
            end(end.fault(), end.validator());
            chain.out(end.validator(), false);
        }
    }

    private void begin(Fault fault, int victim) throws IOException {
        switch (fault) {
            case RESETS -> throw new IllegalArgumentException("begin: RESETS (expected: a validator's fault)");
            case REMOVED -> {
                removed.add(victim);
                for (Seat seat : others(victim)) {
                    seat.distrust(victim);
                }
            }
            case STALLED -> {
                Seat seat = seats.get(victim);
                if (seat.inProcessOfItsOwn()) {
                    seat.stall();
                } else {
                    paths.hold(victim);
                }
            }
            case SLOW -> paths.slow(victim, SLOW_BYTES_PER_SECOND);
            case KILLED -> {
                Seat seat = seats.get(victim);
                ended.add(seat.kill());
                if (!seat.inProcessOfItsOwn()) {
                    paths.reset(victim);
                }
            }
        }
    }

    private void end(Fault fault, int victim)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        switch (fault) {
            case RESETS -> throw new IllegalArgumentException("end: RESETS (expected: a validator's fault)");
            case REMOVED -> {
                removed.remove(victim);
                for (Seat seat : others(victim)) {
                    seat.trust(victim);
                }
            }
            case STALLED -> {
                Seat seat = seats.get(victim);
                if (seat.inProcessOfItsOwn()) {
                    seat.resume();
                } else {
                    paths.release(victim);
                }
            }
            case SLOW -> paths.fast(victim);
            case KILLED -> {
                // What it has stored is for one at a time.
                awaitEnded(STOP_SECONDS);
                if (seats.get(victim).missing().isPresent()) {
                    chain.gone(victim);
                }
                Seat again = open(victim);
                seats.set(victim, again);
                paths.target(victim, again.address());
                for (int other : removed) {
                    again.distrust(other);
                }
                again.connect(addresses(victim));
                again.start();
            }
        }
    }

    private List<Seat> others(int victim) {
        Seat one = seats.get(victim);
        return seats.stream().filter(seat -> seat != one).toList();
    }

    /** Shuts all networks down and waits for it. */
    Accounts shutdown(Duration budget) throws InterruptedException, ExecutionException, TimeoutException {
        seats.forEach(seat -> ended.add(seat.shutdown(budget)));
        awaitEnded(budget.toSeconds() + STOP_SECONDS);
        return new Accounts(
                all.stream().map(Seat::messages).toList(),
                all.stream().map(Seat::missing).flatMap(Optional::stream).toList());
    }

    private void awaitEnded(long seconds) throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<Void> allEnded = CompletableFuture.allOf(
                ended.stream().map(CompletionStage::toCompletableFuture).toArray(CompletableFuture[]::new));
        try {
            allEnded.get(seconds, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            throw new TimeoutException("networks had not shut down within " + seconds + " s");
        }
    }

    /** Ends what is left, at once. */
    @Override
    public void close() {
        run.close();
        paths.close();
    }
}
