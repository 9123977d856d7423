/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.breaks;

import io.softclose.bench.lab.AnyTransport;
import io.softclose.bench.lab.BreakingRelay;
import io.softclose.bench.lab.BreakingRelay.Break;
import io.softclose.net.Connection;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Outcome;
import io.softclose.net.SendResult;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Two nodes that send to each other as peers over a relay, which breaks their connections, as they do themselves; from a
 * seed, which decides on everything but timing. Then all heals, what waits goes, both nodes shut down, and the accounts of
 * both ends are compared.
 */
public final class BreaksRun {
    /**
     * What came of it.
     *
     * @param violations what must not be, one entry each; only the first ones
     * @param violated how many there were
     * @param lines a summary
     */
    public record Result(List<String> violations, long violated, List<String> lines) {}

    private static final Duration MOST_TO_HEAL = Duration.ofSeconds(20);
    /** On average. */
    private static final Duration MOST_A_BREAK = Duration.ofSeconds(3);

    private static final Duration MOST_TO_DRAIN = Duration.ofSeconds(30);
    private static final Duration MOST_TO_BREAK = Duration.ofSeconds(2);
    private static final Duration SHUTDOWN = Duration.ofSeconds(10);
    private static final Duration QUICK_SHUTDOWN = Duration.ofMillis(300);
    private static final int MOST_PAUSE_MICROS = 40_000;
    private static final int MOST_BYTES_BEFORE = 60_000;
    /** Closes pass fewer bytes. */
    private static final int FRACTION = 4;

    private static final int MOST_STALL_MILLIS = 400;
    private static final int MOST_DISTRUST_MILLIS = 40;
    private static final int MOST_VIOLATIONS = 50;
    private static final int PROGRESS = 100;
    private static final int LAST_MESSAGES = 100;
    private static final long[] RATES = {0, 0, 2_000_000, 700_000};

    private final int breaks;
    private final Security security;
    private final Consumer<String> progress;
    private final SplittableRandom random;
    private final BreakingRelay relay;
    private final BreakNode alice;
    private final BreakNode bob;
    private final List<Sender> senders = new ArrayList<>();
    private final Map<BreakKind, Integer> done = new EnumMap<>(BreakKind.class);
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private final AtomicLong violated = new AtomicLong();
    private long lastBreak = System.nanoTime();
    private Duration longestHealing = Duration.ZERO;

    /**
     * A run that has not begun. It runs once.
     *
     * @param breaks how many connections break
     * @param kind what both nodes use
     * @param progress told line by line how it goes
     * @throws IllegalStateException if the transport is not available here
     */
    public BreaksRun(long seed, int breaks, AnyTransport kind, Security security, Consumer<String> progress)
            throws IOException {
        this.breaks = breaks;
        this.security = security;
        this.progress = progress;
        random = new SplittableRandom(seed);
        relay = BreakingRelay.open();
        alice = new BreakNode("alice", kind, security, relay.door(), random.split(), this::violated);
        bob = new BreakNode("bob", kind, security, relay.door(), random.split(), this::violated);
    }

    /** Runs to the end. What goes wrong on the way is among the violations. */
    public Result run() throws InterruptedException {
        long began = System.nanoTime();
        alice.meets(bob);
        bob.meets(alice);
        Map<SendResult, Long> results = new EnumMap<>(SendResult.class);
        try (relay) {
            alice.start();
            bob.start();
            try {
                traffic(alice);
                traffic(bob);
                breakAll();
            } finally {
                for (Sender sender : senders) {
                    sender.stop().forEach((result, count) -> results.merge(result, count, Long::sum));
                }
                heal();
                shutdown();
            }
        } catch (IOException | RuntimeException failure) {
            violated("the run failed: " + failure);
        }
        alice.ledger.check(alice.accounts());
        bob.ledger.check(bob.accounts());
        return result(results, Duration.ofNanos(System.nanoTime() - began));
    }

    private void traffic(BreakNode node) {
        for (int i = 0; i < Sent.SENDERS; i++) {
            Sender sender = new Sender(node, i, random.split());
            senders.add(sender);
            sender.start();
        }
    }

    private void breakAll() throws IOException {
        long began = System.nanoTime();
        Duration most = MOST_TO_HEAL.plus(MOST_A_BREAK.multipliedBy(breaks));
        for (int i = 1; i <= breaks; i++) {
            if (System.nanoTime() - began > most.toNanos()) {
                violated("only " + (i - 1) + " breaks within " + most);
                return;
            }
            BreakKind kind = BreakKind.any(random);
            // Some come before the one before has healed: into handshakes, closes and dials.
            boolean waits = random.nextInt(4) != 0;
            if (waits && !healed()) {
                violated("not healed within " + MOST_TO_HEAL + " when break " + i + " was to come: " + alice.now()
                        + ", " + bob.now());
                return;
            }
            relay.rate(RATES[random.nextInt(RATES.length)]);
            LockSupport.parkNanos(waits ? TimeUnit.MICROSECONDS.toNanos(random.nextInt(MOST_PAUSE_MICROS)) : 0);
            lastBreak = System.nanoTime();
            if (happens(kind)) {
                done.merge(kind, 1, Integer::sum);
            } else {
                violated("break " + i + ", " + kind + ", could not be made within " + MOST_TO_HEAL);
                return;
            }
            if (i % PROGRESS == 0 || i == breaks) {
                progress.accept(i + " of " + breaks + " breaks, " + handled() + " messages handled, "
                        + (alice.ledger.closed() + bob.ledger.closed()) + " ends of connections closed");
            }
        }
    }

    private long handled() {
        return alice.ledger.handled() + bob.ledger.handled();
    }

    /** Waits until both nodes are connected and have got something from each other since. */
    private boolean healed() {
        if (!within(MOST_TO_HEAL, () -> alice.connected() && bob.connected())) {
            return false;
        }
        long byAlice = alice.ledger.handled();
        long byBob = bob.ledger.handled();
        boolean healed = within(MOST_TO_HEAL, () -> alice.ledger.handled() > byAlice && bob.ledger.handled() > byBob);
        Duration took = Duration.ofNanos(System.nanoTime() - lastBreak);
        longestHealing = took.compareTo(longestHealing) > 0 ? took : longestHealing;
        return healed;
    }

    private boolean happens(BreakKind kind) throws IOException {
        BreakNode node = random.nextBoolean() ? alice : bob;
        int bytes = 1 + random.nextInt(MOST_BYTES_BEFORE);
        Duration stall = Duration.ofMillis(1 + random.nextInt(MOST_STALL_MILLIS));
        int pauseMillis = random.nextInt(MOST_DISTRUST_MILLIS);
        Duration budget = Duration.ofMillis(random.nextInt((int) QUICK_SHUTDOWN.toMillis()));
        return switch (kind) {
            case RESET -> breaks(Break.RESET, bytes, stall);
            case CUT -> breaks(Break.CUT, bytes, stall);
            case STALL -> breaks(Break.STALL, bytes, stall);
            case DEAD ->
                breaks(Break.STALL, bytes, stall)
                        && closes(node, DisconnectReason.NETWORK_HEALTH_CHECK_FAILURE, Optional.empty());
            case HEALTH -> closes(node, DisconnectReason.NETWORK_HEALTH_CHECK_FAILURE, Optional.empty());
            case STALE -> {
                boolean connected = within(MOST_TO_HEAL, node::connected);
                node.distrust();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pauseMillis));
                node.trustAgain();
                yield connected;
            }
            case BROKEN_CLOSE ->
                closes(node, DisconnectReason.STALE_CONNECTION, Optional.empty())
                        && breaks(anyBreak(bytes), 1 + bytes / FRACTION, stall);
            case ABORT -> closes(node, DisconnectReason.REQUESTED_BY_PEER_MANAGER, Optional.of(Duration.ZERO));
            case DUPLICATE -> {
                node.dial();
                yield true;
            }
            case RESTART -> restarts(node, budget);
            case CRASH -> restarts(node, Duration.ZERO);
        };
    }

    private static Break anyBreak(int chance) {
        List<Break> all = List.of(Break.values());
        return all.get(chance % all.size());
    }

    private boolean breaks(Break how, int bytes, Duration stall) {
        CompletableFuture<Void> broken = relay.breakAfter(how, bytes, stall);
        // Little may pass at times; then the next byte does.
        if (!within(MOST_TO_BREAK, broken::isDone)) {
            relay.noBreak();
            broken = relay.breakAfter(how, 1, stall);
        }
        boolean done = within(MOST_TO_HEAL, broken::isDone);
        relay.noBreak();
        return done;
    }

    private static boolean closes(BreakNode node, DisconnectReason reason, Optional<Duration> deadline) {
        if (!within(MOST_TO_HEAL, node::connected)) {
            return false;
        }
        Optional<Connection> connection = node.now().peer().connection();
        connection.ifPresent(open -> {
            var unused = deadline.isPresent() ? open.abort() : open.close(reason);
        });
        return true;
    }

    private static boolean restarts(BreakNode node, Duration budget) throws IOException {
        node.stop(budget);
        node.start();
        return true;
    }

    /** Nothing breaks any more: what waits goes, and what is sent last arrives. */
    private void heal() {
        relay.rate(0);
        if (!within(MOST_TO_DRAIN, () -> nothingPending(alice) && nothingPending(bob))) {
            violated("still pending " + MOST_TO_DRAIN + " after the last break: " + alice.accounts() + ", "
                    + bob.accounts());
            return;
        }
        if (!within(MOST_TO_HEAL, this::oneConnection)) {
            violated("not connected " + MOST_TO_HEAL + " after all had been sent (expected: both ends of one): "
                    + alice.now().network().connections() + ", "
                    + bob.now().network().connections());
            return;
        }
        int fromAlice = sendLast(alice);
        int fromBob = sendLast(bob);
        within(
                MOST_TO_DRAIN,
                () -> alice.ledger.missing(fromAlice).isEmpty()
                        && bob.ledger.missing(fromBob).isEmpty());
        Stream.of(alice.ledger.missing(fromAlice), bob.ledger.missing(fromBob))
                .flatMap(List::stream)
                .forEach(one -> violated(one + " did not arrive, though nothing broke any more"));
    }

    private static boolean nothingPending(BreakNode node) {
        return node.now().peer().account().messages().total().pending() == 0;
    }

    /** With plaintext each node has at least one of its own. */
    private boolean oneConnection() {
        return alice.connected()
                && bob.connected()
                && (security == Security.PLAINTEXT
                        || (alice.now().network().connections().size() == 1
                                && bob.now().network().connections().size() == 1));
    }

    private int sendLast(BreakNode node) {
        int first = node.ledger.size();
        for (int i = 0; i < LAST_MESSAGES; i++) {
            SendResult result = Sender.sendPatiently(node, random);
            if (!result.accepted()) {
                violated("refused, though nothing broke any more: " + result);
            }
        }
        return first;
    }

    /** Both at once. */
    private void shutdown() {
        CompletableFuture<Void> one = CompletableFuture.runAsync(() -> alice.end(SHUTDOWN), BreaksRun::inThread);
        bob.end(SHUTDOWN);
        one.join();
    }

    private static void inThread(Runnable task) {
        Thread thread = new Thread(task, "shutdown");
        thread.setDaemon(true);
        thread.start();
    }

    private static boolean within(Duration most, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > most.toNanos()) {
                return false;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        return true;
    }

    private Result result(Map<SendResult, Long> results, Duration took) {
        CleanCloses ofAlice = closes(alice, bob, "alice: ");
        CleanCloses ofBob = closes(bob, alice, "bob: ");
        ofAlice.check();
        ofBob.check();
        List<String> lines = new ArrayList<>();
        lines.add("breaks: " + done + ", in " + took.toSeconds() + " s; longest until both had got something again "
                + longestHealing.toMillis() + " ms");
        lines.add("ends of connections: " + endings());
        lines.add("sends: " + results);
        Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
        for (Outcome outcome : Outcome.values()) {
            long count = alice.ledger.count(outcome) + bob.ledger.count(outcome);
            if (count > 0) {
                outcomes.put(outcome, count);
            }
        }
        lines.add("messages: " + outcomes + ", handled " + handled() + ", handed over "
                + (alice.ledger.handedOver() + bob.ledger.handedOver()) + " times; arrived though UNCERTAIN "
                + (alice.ledger.arrivedUncertain() + bob.ledger.arrivedUncertain()));
        lines.add("WRITTEN to connections that closed CLEAN: " + (ofAlice.confirmed() + ofBob.confirmed())
                + " on connections without a gap; missing because the ends crossed "
                + (ofAlice.crossed() + ofBob.crossed()) + ", because an end was made up "
                + (ofAlice.forged() + ofBob.forged()));
        lines.add("came by an older connection after a newer one's: "
                + (alice.ledger.overtaken() + bob.ledger.overtaken()) + "; ends in the middle of a message: "
                + (alice.cutOff() + bob.cutOff()));
        return new Result(List.copyOf(violations), violated.get(), lines);
    }

    private CleanCloses closes(BreakNode node, BreakNode other, String name) {
        return new CleanCloses(
                node.ledger.connections(),
                other.ledger.connections(),
                security == Security.MUTUAL_TLS ? Set.of() : relay.cuts(),
                what -> violated(name + what),
                what -> progress.accept("excused: " + name + what));
    }

    private Map<String, Long> endings() {
        Map<String, Long> endings = new TreeMap<>();
        Stream.of(alice, bob)
                .flatMap(node -> node.ledger.connections().stream())
                .forEach(one -> endings.merge(one.summary().ending().name(), 1L, Long::sum));
        return endings;
    }

    private void violated(String what) {
        if (violated.incrementAndGet() <= MOST_VIOLATIONS) {
            violations.add(what);
        }
    }
}
