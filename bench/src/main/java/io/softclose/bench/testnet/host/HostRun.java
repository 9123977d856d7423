/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.host;

import io.softclose.bench.Failures;
import io.softclose.bench.node.Endpoint;
import io.softclose.bench.testnet.RunResult;
import io.softclose.bench.testnet.consensus.ValidatorState;
import io.softclose.bench.testnet.consensus.ValidatorStore;
import io.softclose.bench.testnet.figures.ChainWitness;
import io.softclose.bench.testnet.figures.ChainWitness.Receivers;
import io.softclose.bench.testnet.figures.ConnectionTally;
import io.softclose.bench.testnet.figures.MessageTally;
import io.softclose.bench.testnet.figures.NetworkWitness;
import io.softclose.bench.testnet.node.ValidatorNode;
import io.softclose.bench.testnet.node.Variant;
import io.softclose.net.metrics.NetworkMetrics;
import io.softclose.net.tls.TlsIdentity;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Runs one validator until its time is over, on a thread of its own. It is measured from the first block that it commits, so all of a network's
 * validators measure about the same time, whenever they were started; and it stays a little longer, for those who are not through.
 */
public final class HostRun {
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final Duration TELL = Duration.ofSeconds(5);
    /** For validators that began to measure later. */
    private static final Duration FAREWELL = Duration.ofSeconds(3);

    private static final Duration SHUTDOWN = Duration.ofSeconds(2);
    private static final Duration STOP = Duration.ofSeconds(4);

    private final HostSettings settings;
    private final ValidatorNode node;
    private final ChainWitness chain;
    private final ConnectionTally connections;
    private final Consumer<String> progress;
    private final CompletableFuture<HostReport> done = new CompletableFuture<>();
    private final Thread worker = new Thread(this::run, "softclose-validator");

    private HostRun(
            HostSettings settings,
            ValidatorNode node,
            ChainWitness chain,
            ConnectionTally connections,
            Consumer<String> progress) {
        this.settings = settings;
        this.node = node;
        this.chain = chain;
        this.connections = connections;
        this.progress = progress;
        worker.setDaemon(true);
    }

    /**
     * Starts. The validator listens when this returns.
     *
     * @param identity the one of the settings
     * @param store what it remembers of its life before
     * @param meters of its network
     * @param progress told a line now and then
     * @throws IOException if it cannot be listened
     */
    public static HostRun start(
            HostSettings settings,
            TlsIdentity identity,
            ValidatorStore store,
            Optional<NetworkMetrics> meters,
            Consumer<String> progress)
            throws IOException {
        int validators = settings.node().validators().size();
        ChainWitness chain = new ChainWitness(validators, settings.expectedRound(), Receivers.UNSEEN, System::nanoTime);
        ConnectionTally connections = new ConnectionTally();
        ValidatorNode node = ValidatorNode.open(
                identity,
                settings.node(),
                settings.listen(),
                store,
                chain.of(settings.node().index()),
                new NetworkWitness(connections),
                meters);
        progress.accept("listens on " + Endpoint.format(node.address()) + " as " + identity.peerId());
        HostRun run = new HostRun(settings, node, chain, connections, progress);
        run.worker.start();
        return run;
    }

    /** Completes when it is over. */
    public CompletionStage<HostReport> done() {
        return done;
    }

    /** Ends it now, unless it has ended, and waits until it has, for four seconds at most. */
    public HostReport stop() {
        worker.interrupt();
        try {
            return done.get(STOP.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            return new HostReport(
                    settings, failed("its network had not shut down within " + STOP.toSeconds() + " s"), true);
        } catch (ExecutionException failure) {
            return new HostReport(settings, failed(Failures.describe(failure)), true);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            return new HostReport(settings, failed("nobody waited for its end"), true);
        }
    }

    private RunResult failed(String reason) {
        return new RunResult.Failed(settings.node().variant(), reason);
    }

    private void run() {
        try {
            done.complete(play());
        } catch (RuntimeException | Error failure) {
            done.completeExceptionally(failure);
        }
    }

    private HostReport play() {
        boolean measured = false;
        boolean began = false;
        try {
            node.connect(settings.others());
            node.start();
            await();
            began = true;
            chain.begin();
            connections.begin();
            progress.accept("committed its first block: is measured from now on");
            measure();
            measured = true;
            chain.end();
            connections.end();
            progress.accept("is measured no more, and stays for " + FAREWELL.toSeconds() + " s");
            TimeUnit.NANOSECONDS.sleep(FAREWELL.toNanos());
        } catch (InterruptedException stopped) {
            // Asked to end: what there is so far is what there is.
        }
        boolean interrupted = !measured;
        chain.end();
        connections.end();
        long connected = node.connected();
        try {
            node.shutdown(SHUTDOWN).toCompletableFuture().get(STOP.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            return new HostReport(settings, failed("its network did not shut down"), interrupted);
        } catch (ExecutionException | InterruptedException failure) {
            return new HostReport(settings, failed(Failures.describe(failure)), interrupted);
        }
        return new HostReport(
                settings,
                began
                        ? result(settings.node().variant(), node.messages())
                        : failed("no block was committed; it had a connection to " + connected + " of "
                                + settings.others().size() + " others"),
                interrupted);
    }

    private void await() throws InterruptedException {
        long connected = -1;
        while (!chain.hasCommitted()) {
            if (node.connected() != connected) {
                connected = node.connected();
                progress.accept("is connected to " + connected + " of "
                        + settings.others().size() + " others");
            }
            TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
        }
    }

    private void measure() throws InterruptedException {
        long end = System.nanoTime() + settings.duration().toNanos();
        while (true) {
            long left = end - System.nanoTime();
            if (left <= TELL.toNanos()) {
                TimeUnit.NANOSECONDS.sleep(left);
                return;
            }
            TimeUnit.NANOSECONDS.sleep(TELL.toNanos());
            ValidatorState state = node.state();
            progress.accept("is in round " + state.round() + ", has committed " + state.committedHeight()
                    + " blocks, and is connected to " + node.connected() + " of "
                    + settings.others().size() + " others");
        }
    }

    private RunResult result(Variant variant, MessageTally messages) {
        List<String> unbalanced = new ArrayList<>(connections.faults());
        if (messages.pending() != 0) {
            unbalanced.add("its account does not balance: " + messages.pending() + " messages have no outcome");
        }
        return RunResult.Finished.of(variant, chain, connections, messages, unbalanced, List.of());
    }
}
