/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet;

import io.softclose.bench.Failures;
import io.softclose.net.Account;
import io.softclose.net.LaneAccount;
import io.softclose.net.Outcome;
import io.softclose.net.Peer;
import io.softclose.net.PeerAccount;
import io.softclose.net.tls.TlsIdentity;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Plays runs: brings a test network up, does to it what the plan says, ends it, and adds up what became of it. */
final class RunPlayer {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofMillis(10);
    private static final Duration SHUTDOWN = Duration.ofSeconds(2);

    private final TestnetSettings settings;
    private final List<TlsIdentity> identities = Stream.generate(TlsIdentity::fresh)
            .limit(TestnetSettings.VALIDATORS)
            // So that who decides on duplicates does not depend on the keys.
            .sorted(Comparator.comparing(TlsIdentity::peerId))
            .toList();

    /** A player whose runs all have these settings, and the same validators. */
    RunPlayer(TestnetSettings settings) {
        this.settings = settings;
    }

    /** Plays one run. */
    RunResult play(Variant variant) throws InterruptedException {
        ChainWitness chain = new ChainWitness(
                TestnetSettings.VALIDATORS, settings.path().latency().multipliedBy(2), System::nanoTime);
        NetworkWitness connections = new NetworkWitness();
        try (Testnet testnet = new Testnet(identities, variant, settings, chain, connections)) {
            testnet.connect();
            await("a connection between each two validators", testnet::connected);
            testnet.start();
            await("a committed block", chain::hasCommitted);
            chain.begin();
            connections.begin();
            disturb(testnet);
            chain.end();
            connections.end();
            return result(variant, chain, connections, testnet.shutdown(SHUTDOWN));
        } catch (TimeoutException e) {
            return new RunResult.Failed(variant, String.valueOf(e.getMessage()));
        } catch (ExecutionException | IOException e) {
            return new RunResult.Failed(variant, Failures.describe(e));
        }
    }

    private void disturb(Testnet testnet)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        long start = System.nanoTime();
        for (FaultPlan.Step step : settings.plan().steps()) {
            sleepUntil(start + step.at().toNanos());
            testnet.step(step);
        }
        sleepUntil(start + settings.duration().toNanos());
    }

    private static void sleepUntil(long nanos) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(nanos - System.nanoTime());
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException, TimeoutException {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new TimeoutException("there was not " + what + " within " + PATIENCE.toSeconds() + " s");
            }
            TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
        }
    }

    private RunResult result(Variant variant, ChainWitness chain, NetworkWitness connections, List<Peer> peers) {
        boolean safe = chain.violations().isEmpty();
        List<String> faults = new ArrayList<>(chain.violations());
        faults.addAll(chain.rejections());
        List<String> unbalanced = new ArrayList<>(connections.faults());
        Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
        long accepted = 0;
        long handedOver = 0;
        for (Peer peer : peers) {
            PeerAccount account = peer.account();
            if (!account.balanced()) {
                unbalanced.add("the account of peer " + peer.peerId() + " does not balance: " + account);
            }
            Account messages = account.messages();
            accepted +=
                    messages.lanes().stream().mapToLong(LaneAccount::accepted).sum();
            // Those that may not wait leave their connection, too, but for nowhere.
            handedOver += variant.handOver() == HandOver.ON ? account.handedOver() : 0;
            for (Outcome outcome : Outcome.values()) {
                outcomes.merge(outcome, messages.count(outcome), Long::sum);
            }
        }
        boolean balanced = unbalanced.isEmpty();
        faults.addAll(unbalanced);
        return new RunResult.Finished(
                variant,
                chain.figures(),
                new NetworkFigures(accepted, outcomes, handedOver, connections.connections(), connections.closes()),
                safe,
                balanced,
                faults);
    }
}
