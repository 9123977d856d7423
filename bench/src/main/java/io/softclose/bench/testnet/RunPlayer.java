/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet;

import io.softclose.bench.Failures;
import io.softclose.bench.testnet.figures.ChainWitness;
import io.softclose.bench.testnet.figures.ChainWitness.Receivers;
import io.softclose.bench.testnet.figures.ConnectionTally;
import io.softclose.bench.testnet.figures.MessageTally;
import io.softclose.bench.testnet.node.Crew;
import io.softclose.bench.testnet.node.Missing;
import io.softclose.bench.testnet.node.Variant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Plays runs: brings a test network up, does to it what the plan says, ends it, and adds up what became of it. */
final class RunPlayer {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofMillis(10);
    private static final Duration SHUTDOWN = Duration.ofSeconds(2);

    private final TestnetSettings settings;
    private final Crew crew;

    /** A player whose runs all have these settings, and the same validators. */
    RunPlayer(TestnetSettings settings, Crew crew) {
        this.settings = settings;
        this.crew = crew;
    }

    /** Plays one run. */
    RunResult play(Variant variant) throws InterruptedException {
        ChainWitness chain = new ChainWitness(
                TestnetSettings.VALIDATORS,
                settings.path().latency().multipliedBy(2),
                Receivers.SEEN,
                System::nanoTime);
        ConnectionTally connections = new ConnectionTally();
        try (Testnet testnet = new Testnet(crew, variant, settings, chain, connections)) {
            testnet.connect();
            require("a connection between each two validators", testnet::connected);
            testnet.start();
            require("a committed block", chain::hasCommitted);
            chain.begin();
            connections.begin();
            disturb(testnet);
            chain.end();
            connections.end();
            // What is on its way is not lost; some votes never arrive, so this may take its time.
            boolean unused = comesTrue(chain::votesSettled, settings.roundTimeout());
            return result(variant, chain, connections, testnet.shutdown(SHUTDOWN));
        } catch (TimeoutException e) {
            return new RunResult.Failed(variant, String.valueOf(e.getMessage()));
        } catch (ExecutionException | IOException | UncheckedIOException e) {
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

    private static void require(String what, BooleanSupplier condition) throws InterruptedException, TimeoutException {
        if (!comesTrue(condition, PATIENCE)) {
            throw new TimeoutException("there was not " + what + " within " + PATIENCE.toSeconds() + " s");
        }
    }

    /** Waits for it, for so long at most; whether it came true. */
    private static boolean comesTrue(BooleanSupplier condition, Duration patience) throws InterruptedException {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > patience.toNanos()) {
                return false;
            }
            TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
        }
        return true;
    }

    private static RunResult result(
            Variant variant, ChainWitness chain, ConnectionTally connections, Testnet.Accounts accounts) {
        List<String> unbalanced = new ArrayList<>(connections.faults());
        MessageTally messages = accounts.messages().stream().reduce(MessageTally.NONE, MessageTally::plus);
        long unaccounted =
                accounts.missing().stream().mapToLong(Missing::pending).sum();
        if (messages.pending() != unaccounted) {
            unbalanced.add("the accounts do not balance: " + (messages.pending() - unaccounted)
                    + " messages have no outcome, " + accounts.messages());
        }
        return RunResult.Finished.of(variant, chain, connections, messages, unbalanced, accounts.missing());
    }
}
