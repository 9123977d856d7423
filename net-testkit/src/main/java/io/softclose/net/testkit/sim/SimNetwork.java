/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim;

import static java.util.Objects.requireNonNull;

import io.softclose.net.spi.Require;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A network of simulated hosts in virtual time. Everything that happens on it, in its kernels and on its event loops,
 * happens in the calling thread, one event at a time, while {@link #run}, {@link #runFor} or {@link #runUntil} is called;
 * time passes only when nothing is left to do at the present time. Chance decides which of several things happens first,
 * how long bytes travel and how many are read at once. It comes from the seed: the same calls with the same seed give the
 * same events, see {@link #fingerprint}. docs/simulation.md has an example.
 *
 * <p>Not thread-safe: whatever is done to hosts, links and connections is done in the thread that runs it. A {@link
 * io.softclose.net.Network} must be given the transport as an object, since one that owns its transport shuts it down in
 * a thread of its own.
 */
public final class SimNetwork {
    /** Events after which {@link #run} takes them for endless. */
    private static final long EVENT_LIMIT = 20_000_000;

    private final SplittableRandom random;
    private final SimScheduler scheduler = new SimScheduler();
    private final SimTrace trace = new SimTrace();
    private final Map<InetAddress, SimTransport> hosts = new LinkedHashMap<>();
    private final List<SimLoop> loops = new ArrayList<>();
    private final Map<List<SimTransport>, SimPath> paths = new HashMap<>();
    private final List<SimLink> links = new ArrayList<>();
    private final List<AssertionError> findings = new ArrayList<>();
    private final List<SimLoop> runnable = new ArrayList<>();
    private SimConditions usual = SimConditions.loopback();
    private SimObserver observer = new SimObserver() {};
    private @Nullable SimLoop running;
    private @Nullable SimLoop ranLast;
    private @Nullable SimLink serving;
    private long jumpedTo = -1;
    private long steps;

    /** A network without hosts, on which everything that is left to chance comes from a seed. */
    public SimNetwork(long seed) {
        random = new SplittableRandom(seed);
    }

    // Hosts and what is between them.

    /** A host like any Linux, with one event loop. */
    public SimTransport host(String name) {
        return host(name, 1, SimSockets.linux());
    }

    /**
     * A host of its own kind.
     *
     * @param name for addresses in the trace
     * @param eventLoops how many its links share, 1 to 64
     * @param sockets how its kernel and its loops treat sockets
     */
    public SimTransport host(String name, int eventLoops, SimSockets sockets) {
        requireNonNull(name, "name");
        Require.within("eventLoops", eventLoops, 1, 64);
        List<SimLoop> own = new ArrayList<>();
        for (int i = 0; i < eventLoops; i++) {
            own.add(new SimLoop(this, scheduler, random.split(), name + "/" + i));
        }
        InetAddress address = address(hosts.size() + 1);
        SimTransport host = new SimTransport(this, name, address, own, requireNonNull(sockets, "sockets"));
        hosts.put(address, host);
        loops.addAll(own);
        return host;
    }

    /** The conditions from and to every host that has none of its own; {@link SimConditions#loopback} at first. */
    public void conditions(SimConditions wanted) {
        usual = requireNonNull(wanted, "wanted");
        paths.values().forEach(path -> path.conditions(wanted));
    }

    /** The conditions from one host to another, for what is sent from now on. */
    public void conditions(SimTransport from, SimTransport to, SimConditions wanted) {
        path(from, to).conditions(requireNonNull(wanted, "wanted"));
    }

    /** From now on nothing arrives between two hosts; what is sent is sent again once it is healed. */
    public void partition(SimTransport one, SimTransport other) {
        trace.add(scheduler.now(), one.host() + "-" + other.host(), "partition");
        path(one, other).takeDown();
        path(other, one).takeDown();
    }

    /** Ends a partition: what could not arrive arrives now. */
    public void heal(SimTransport one, SimTransport other) {
        trace.add(scheduler.now(), one.host() + "-" + other.host(), "healed");
        path(one, other).bringUp();
        path(other, one).bringUp();
    }

    /** Every link there has been, dialling ends and accepting ends, in the order of their making. */
    public List<SimLink> links() {
        return List.copyOf(links);
    }

    // Time.

    /** Virtual time since the start. */
    public Duration now() {
        return Duration.ofNanos(scheduler.now());
    }

    /** Does something at this time from now, on no loop: the script of a test. */
    public void after(Duration time, Runnable action) {
        requireNonNull(action, "action");
        scheduler.at(scheduler.now() + time.toNanos(), action);
    }

    /** Lets time pass in which nobody could do anything, as when a machine is suspended: all that was due is late. */
    public void jump(Duration time) {
        trace.add(scheduler.now(), "clock", "jumps by ns", time.toNanos());
        scheduler.advanceTo(scheduler.now() + time.toNanos());
        jumpedTo = scheduler.now();
    }

    /**
     * Runs until nothing is left that could happen.
     *
     * @throws AssertionError if that does not come within 20 million events
     */
    public void run() {
        long last = steps + EVENT_LIMIT;
        while (step()) {
            if (steps > last) {
                throw new AssertionError("events: " + EVENT_LIMIT + " (expected: the network comes to rest)");
            }
        }
    }

    /** Runs what happens within this time, and lets it pass. */
    public void runFor(Duration time) {
        long end = scheduler.now() + time.toNanos();
        while (nextAt() <= end && step()) {}
        scheduler.advanceTo(Math.max(end, scheduler.now()));
    }

    /**
     * Runs until a condition holds, asked after each event.
     *
     * @param most virtual time to wait for it
     * @throws AssertionError if it does not hold by then, or nothing is left that could happen
     */
    public void runUntil(BooleanSupplier condition, Duration most) {
        long end = scheduler.now() + most.toNanos();
        while (!condition.getAsBoolean()) {
            if (nextAt() > end || !step()) {
                throw new AssertionError("condition: not met within " + most + ", at " + now());
            }
        }
    }

    /** Lets one thing happen; false if nothing is left that could. */
    public boolean step() {
        if (!somethingIsDue()) {
            observer.beforeTimePasses();
            long next = nextAt();
            if (next == Long.MAX_VALUE) {
                return false;
            }
            scheduler.advanceTo(Math.max(next, scheduler.now()));
            return true;
        }
        steps++;
        int sources = runnable.size() + (scheduler.due() ? 1 : 0);
        int chosen = sources == 1 ? 0 : random.nextInt(sources);
        if (chosen < runnable.size()) {
            running = runnable.get(chosen);
            running.runOne();
        } else {
            scheduler.runNext();
        }
        ranLast = chosen < runnable.size() ? running : null;
        running = null;
        serving = null;
        observer.afterEvent();
        return true;
    }

    // What it tells.

    /** How many events there have been. */
    public long events() {
        return steps;
    }

    /** Differs if anything that happened differs. */
    public long fingerprint() {
        return trace.fingerprint();
    }

    /** Keeps a readable line for each event from now on, the last 200 000 of them. */
    public void record() {
        trace.record();
    }

    /** What was recorded, one event a line: when, where, what. */
    public List<String> recorded() {
        return trace.lines();
    }

    /** Adds a line of the test's own to what is recorded. */
    public void note(String text) {
        trace.line(scheduler.now(), "note", requireNonNull(text, "text"));
    }

    /**
     * Fails if a task threw, or an owner of a link broke the contract of {@link io.softclose.net.spi.Link}.
     *
     * @throws AssertionError with all that was found
     */
    public void verify() {
        if (!findings.isEmpty()) {
            AssertionError failure = new AssertionError(
                    findings.size() + " finding(s), first: " + findings.get(0).getMessage(), findings.get(0));
            findings.stream().skip(1).forEach(failure::addSuppressed);
            throw failure;
        }
    }

    /**
     * As {@link #verify}, and fails if anything is left: a listener, a link that is not closed, a lent buffer, a timer, a
     * task. Call it when everything has been closed and {@link #run} has returned.
     *
     * @throws AssertionError with all that was found
     */
    public void verifyNoLeaks() {
        hosts.values()
                .forEach(host -> host.listening().forEach(port -> found(host.host() + ": still listens on " + port)));
        for (SimLoop loop : loops) {
            if (loop.pendingTimers() + loop.pendingTasks() > 0) {
                found("loop " + loop.name() + ": " + loop.pendingTimers() + " timers and " + loop.pendingTasks()
                        + " tasks left (expected: none)");
            }
        }
        for (SimLink link : links) {
            if (link.accepted() && (!link.isClosed() || link.lentBuffers() > 0)) {
                found(link + " with " + link.lentBuffers() + " lent buffers (expected: CLOSED with none)");
            }
            if (link.lingers()) {
                found(link + ": still lingers (expected: over, it is bounded)");
            }
        }
        verify();
    }

    // What its parts use.

    SimScheduler scheduler() {
        return scheduler;
    }

    SimTrace trace() {
        return trace;
    }

    SplittableRandom random() {
        return random;
    }

    void observe(SimObserver wanted) {
        observer = wanted;
    }

    /** The loop on which the calling code runs, or null. */
    @Nullable
    SimLoop running() {
        return running;
    }

    /** The loop on which the last event happened; null if it was on none. */
    @Nullable
    SimLoop ranLast() {
        return ranLast;
    }

    /** Where the clock stood after it last jumped; -1 if it never has. */
    long jumpedTo() {
        return jumpedTo;
    }

    /** The link whose handler runs, or ran last in this event, or null. */
    @Nullable
    SimLink serving() {
        return serving;
    }

    void serve(@Nullable SimLink link) {
        serving = link;
    }

    void made(SimLink link) {
        links.add(link);
        observer.linkMade(link);
    }

    int linksMade() {
        return links.size();
    }

    @Nullable
    SimTransport hostAt(InetSocketAddress address) {
        return hosts.get(address.getAddress());
    }

    SimPath path(SimTransport from, SimTransport to) {
        return paths.computeIfAbsent(List.of(from, to), pair -> new SimPath(scheduler, random.split(), usual));
    }

    void found(String what) {
        found(what, null);
    }

    void found(String what, @Nullable Throwable why) {
        findings.add(new AssertionError(what, why));
    }

    boolean foundNothing() {
        return findings.isEmpty();
    }

    private boolean somethingIsDue() {
        runnable.clear();
        for (SimLoop loop : loops) {
            if (loop.runnable()) {
                runnable.add(loop);
            }
        }
        return !runnable.isEmpty() || scheduler.due();
    }

    private long nextAt() {
        long next = scheduler.next();
        for (SimLoop loop : loops) {
            next = Math.min(next, loop.next());
        }
        return next;
    }

    private static InetAddress address(int number) {
        try {
            return InetAddress.getByAddress(new byte[] {10, 0, (byte) (number >> 8), (byte) number});
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }
}
