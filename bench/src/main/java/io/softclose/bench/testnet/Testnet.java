/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet;

import io.softclose.bench.testnet.consensus.ValidatorSettings;
import io.softclose.bench.testnet.consensus.ValidatorStore;
import io.softclose.net.Peer;
import io.softclose.net.PeerId;
import io.softclose.net.ShutdownReport;
import io.softclose.net.tls.TlsIdentity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One test network: validators in this process, with paths between them and faults that are done to them. For one thread. What has
 * ended, such as a killed validator's network, is kept for its account.
 */
final class Testnet implements AutoCloseable {
    /** What is done to a slow validator's paths: less than its share of the load. */
    private static final long SLOW_BYTES_PER_SECOND = 48 * 1024;

    private static final int MOST_ROUND_TIMEOUTS = 3;
    private static final double TIMEOUT_GROWTH = 1.2;
    private static final long STOP_SECONDS = 30;

    private final List<TlsIdentity> identities;
    private final Variant variant;
    private final TestnetSettings settings;
    private final ChainWitness chain;
    private final NetworkWitness connections;
    private final List<ValidatorStore> stores = new ArrayList<>();
    private final List<ValidatorNode> nodes = new ArrayList<>();
    private final List<Peer> peers = new ArrayList<>();
    private final List<CompletionStage<ShutdownReport>> ended = new ArrayList<>();
    private final Paths paths;

    /** Makes all of it. The validators listen. */
    Testnet(
            List<TlsIdentity> identities,
            Variant variant,
            TestnetSettings settings,
            ChainWitness chain,
            NetworkWitness connections)
            throws IOException {
        this.identities = List.copyOf(identities);
        this.variant = variant;
        this.settings = settings;
        this.chain = chain;
        this.connections = connections;
        try {
            List<InetSocketAddress> addresses = new ArrayList<>();
            for (int index = 0; index < identities.size(); index++) {
                stores.add(new ValidatorStore());
                nodes.add(node(index));
                addresses.add(nodes.get(index).listen());
            }
            paths = Paths.between(addresses, settings.path(), settings.seed());
        } catch (IOException | RuntimeException failed) {
            nodes.forEach(node -> node.shutdown(Duration.ZERO));
            throw failed;
        }
    }

    /** Has the validators dial each other. */
    void connect() {
        for (int index = 0; index < nodes.size(); index++) {
            nodes.get(index).connect(addresses(index));
        }
    }

    private ValidatorNode node(int index) {
        List<PeerId> validators = identities.stream().map(TlsIdentity::peerId).toList();
        ValidatorSettings consensus = ValidatorSettings.builder(index, validators)
                .roundTimeout(
                        settings.roundTimeout(),
                        TIMEOUT_GROWTH,
                        settings.roundTimeout().multipliedBy(MOST_ROUND_TIMEOUTS))
                .proposalBytes(settings.load().proposalBytes())
                .load(settings.load().traffic())
                .seed(settings.seed() * identities.size() + index)
                .build();
        ValidatorNode node = new ValidatorNode(
                identities.get(index), variant, settings, consensus, stores.get(index), chain.of(index), connections);
        peers.addAll(node.peers());
        return node;
    }

    private Map<PeerId, List<SocketAddress>> addresses(int from) {
        Map<PeerId, List<SocketAddress>> addresses = new HashMap<>();
        for (int to = 0; to < identities.size(); to++) {
            if (to != from) {
                addresses.put(identities.get(to).peerId(), paths.addresses(from, to));
            }
        }
        return addresses;
    }

    /** Whether each has a connection to each other. */
    boolean connected() {
        return nodes.stream().allMatch(node -> node.connected() == identities.size() - 1);
    }

    /** To how many of the others a validator has an open connection. */
    long connectionsOf(int validator) {
        return nodes.get(validator).connected();
    }

    /** Has the validators begin. */
    void start() {
        nodes.forEach(ValidatorNode::start);
    }

    /** Does what a plan says. */
    void step(FaultPlan.Step step) throws IOException, InterruptedException, ExecutionException, TimeoutException {
        if (step instanceof FaultPlan.Reset reset) {
            paths.reset(reset.one(), reset.other());
        } else if (step instanceof FaultPlan.Begin begin) {
            chain.out(begin.validator(), true);
            begin(begin.fault(), begin.validator());
        } else if (step instanceof FaultPlan.End end) {
            end(end.fault(), end.validator());
            chain.out(end.validator(), false);
        }
    }

    private void begin(Fault fault, int victim) {
        switch (fault) {
            case RESETS -> throw new IllegalArgumentException("begin: RESETS (expected: a validator's fault)");
            case REMOVED -> others(victim).forEach(node -> node.distrust(id(victim)));
            case STALLED -> paths.hold(victim);
            case SLOW -> paths.slow(victim, SLOW_BYTES_PER_SECOND);
            case KILLED -> {
                ended.add(nodes.get(victim).shutdown(Duration.ZERO));
                paths.reset(victim);
            }
        }
    }

    private void end(Fault fault, int victim)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        switch (fault) {
            case RESETS -> throw new IllegalArgumentException("end: RESETS (expected: a validator's fault)");
            case REMOVED -> others(victim).forEach(node -> node.trust(id(victim)));
            case STALLED -> paths.release(victim);
            case SLOW -> paths.fast(victim);
            case KILLED -> {
                // What it has stored is for one at a time.
                awaitEnded(STOP_SECONDS);
                ValidatorNode again = node(victim);
                nodes.set(victim, again);
                paths.target(victim, again.listen());
                again.connect(addresses(victim));
                again.start();
            }
        }
    }

    private PeerId id(int index) {
        return identities.get(index).peerId();
    }

    private List<ValidatorNode> others(int victim) {
        ValidatorNode one = nodes.get(victim);
        return nodes.stream().filter(node -> node != one).toList();
    }

    /**
     * Shuts all networks down and waits for it.
     *
     * @return what became of the messages to each peer, those of networks that ended before among them
     */
    List<Peer> shutdown(Duration budget) throws InterruptedException, ExecutionException, TimeoutException {
        nodes.forEach(node -> ended.add(node.shutdown(budget)));
        awaitEnded(budget.toSeconds() + STOP_SECONDS);
        return List.copyOf(peers);
    }

    private void awaitEnded(long seconds) throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<Void> all = CompletableFuture.allOf(
                ended.stream().map(CompletionStage::toCompletableFuture).toArray(CompletableFuture[]::new));
        try {
            all.get(seconds, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            throw new TimeoutException("networks had not shut down within " + seconds + " s");
        }
    }

    /** Ends what is left, at once. */
    @Override
    public void close() {
        nodes.forEach(node -> node.shutdown(Duration.ZERO));
        paths.close();
    }
}
