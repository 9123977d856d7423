/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.world;

import io.softclose.net.testkit.sim.SimConditions;
import io.softclose.net.testkit.sim.SimSockets;
import io.softclose.net.testkit.sim.SimTransport;
import io.softclose.net.testkit.sim.kernel.SimPath;
import io.softclose.net.testkit.sim.kernel.SimScheduler;
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
 * All that there is in one simulation, and what happens next: chance chooses among what is due, and time passes when
 * nothing is. Whatever is wrong is noted here.
 */
public final class World {
    private final SplittableRandom random;
    private final SimScheduler scheduler = new SimScheduler();
    private final SimTrace trace = new SimTrace();
    private final Map<InetAddress, Host> hosts = new LinkedHashMap<>();
    private final List<SimLoop> loops = new ArrayList<>();
    private final Map<List<SimTransport>, SimPath> paths = new HashMap<>();
    private final List<LinkEnd> links = new ArrayList<>();
    private final List<AssertionError> findings = new ArrayList<>();
    private final List<SimLoop> runnable = new ArrayList<>();
    private SimConditions usual = SimConditions.loopback();
    private SimObserver observer = new SimObserver() {};
    private BooleanSupplier blocks = () -> true;
    private @Nullable SimLoop running;
    private @Nullable SimLoop ranLast;
    private @Nullable LinkEnd serving;
    private long jumpedTo = -1;
    private long steps;

    public World(long seed) {
        random = new SplittableRandom(seed);
    }

    // What there is.

    public Host newHost(String name, int eventLoops, SimSockets sockets) {
        List<SimLoop> own = new ArrayList<>();
        for (int i = 0; i < eventLoops; i++) {
            own.add(new SimLoop(this, scheduler, random.split(), name + "/" + i));
        }
        InetAddress address = address(hosts.size() + 1);
        Host host = new Host(this, name, address, own, sockets);
        hosts.put(address, host);
        loops.addAll(own);
        return host;
    }

    @Nullable
    Host hostAt(InetSocketAddress address) {
        return hosts.get(address.getAddress());
    }

    /** The way from one host to another. */
    SimPath path(SimTransport from, SimTransport to) {
        return paths.computeIfAbsent(List.of(from, to), pair -> new SimPath(scheduler, random.split(), usual));
    }

    /** The conditions of every way, until it has its own. */
    public void conditions(SimConditions wanted) {
        usual = wanted;
        paths.values().forEach(path -> path.conditions(wanted));
    }

    /** The conditions of one way, from now on. */
    public void conditions(SimTransport from, SimTransport to, SimConditions wanted) {
        path(from, to).conditions(wanted);
    }

    /** Nothing arrives between two hosts; what is sent waits. */
    public void partition(SimTransport one, SimTransport other) {
        trace.add(scheduler.now(), one.host() + "-" + other.host(), "partition");
        path(one, other).takeDown();
        path(other, one).takeDown();
    }

    /** What waits between two hosts arrives now. */
    public void heal(SimTransport one, SimTransport other) {
        trace.add(scheduler.now(), one.host() + "-" + other.host(), "healed");
        path(one, other).bringUp();
        path(other, one).bringUp();
    }

    void made(LinkEnd link) {
        links.add(link);
        observer.linkMade(link);
    }

    public List<LinkEnd> links() {
        return links;
    }

    SplittableRandom random() {
        return random;
    }

    // What happens.

    public SimScheduler scheduler() {
        return scheduler;
    }

    public Duration now() {
        return Duration.ofNanos(scheduler.now());
    }

    /** Does something at this time from now, on no loop. */
    public void after(Duration time, Runnable action) {
        scheduler.at(scheduler.now() + time.toNanos(), action);
    }

    /** Lets one thing happen, or time pass; false if nothing is left that could. */
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
        SimLoop loop = chosen < runnable.size() ? runnable.get(chosen) : null;
        running = loop;
        if (loop != null) {
            loop.runOne();
        } else {
            scheduler.runNext();
        }
        ranLast = loop;
        running = null;
        serving = null;
        observer.afterEvent();
        return true;
    }

    /** Nobody who blocks waits any longer once this is false. */
    public void blocksWhile(BooleanSupplier wanted) {
        blocks = wanted;
    }

    /**
     * Whoever calls this, off the loops, blocks for so long. All else goes on meanwhile; who blocks then is waited for, too.
     */
    void block(Duration time) {
        boolean[] over = new boolean[1];
        after(time, () -> over[0] = true);
        while (!over[0] && blocks.getAsBoolean()) {
            step();
        }
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

    /** When the next thing happens; {@link Long#MAX_VALUE} for never. */
    public long nextAt() {
        long next = scheduler.next();
        for (SimLoop loop : loops) {
            next = Math.min(next, loop.next());
        }
        return next;
    }

    /** Lets time pass until then, if it has not. */
    public void waitUntil(long nanos) {
        scheduler.advanceTo(Math.max(nanos, scheduler.now()));
    }

    /** Time passes in which nothing could happen. */
    public void jump(Duration time) {
        trace.add(scheduler.now(), "clock", "jumps by ns", time.toNanos());
        scheduler.advanceTo(scheduler.now() + time.toNanos());
        jumpedTo = scheduler.now();
    }

    /** Where the clock stood after it last jumped; -1 if it never has. */
    long jumpedTo() {
        return jumpedTo;
    }

    /** How many things have happened. */
    public long steps() {
        return steps;
    }

    /** The loop on which the calling code runs, or null. */
    @Nullable
    public SimLoop running() {
        return running;
    }

    /** The loop on which the last event happened; null if it was on none. */
    @Nullable
    public SimLoop ranLast() {
        return ranLast;
    }

    /** The link whose handler runs, or ran last in this event, or null. */
    @Nullable
    public LinkEnd serving() {
        return serving;
    }

    /** This link's handler is about to be called. */
    public void serve(@Nullable LinkEnd link) {
        serving = link;
    }

    // What is told of it.

    public void observe(SimObserver wanted) {
        observer = wanted;
    }

    public SimTrace trace() {
        return trace;
    }

    void found(String what) {
        found(what, null);
    }

    void found(String what, @Nullable Throwable why) {
        findings.add(new AssertionError(what, why));
    }

    /** Adds a readable line, if lines are kept. */
    public void note(String text) {
        trace.line(scheduler.now(), "note", text);
    }

    /** Fails if something was found. */
    public void verify() {
        if (!findings.isEmpty()) {
            AssertionError failure = new AssertionError(
                    findings.size() + " finding(s), first: " + findings.get(0).getMessage(), findings.get(0));
            findings.stream().skip(1).forEach(failure::addSuppressed);
            throw failure;
        }
    }

    /** Fails if something was found, or is left. */
    public void verifyNoLeaks() {
        hosts.values()
                .forEach(host -> host.listening().forEach(port -> found(host.host() + ": still listens on " + port)));
        for (SimLoop loop : loops) {
            if (loop.pendingTimers() + loop.pendingTasks() > 0) {
                found("loop " + loop.name() + ": " + loop.pendingTimers() + " timers and " + loop.pendingTasks()
                        + " tasks left (expected: none)");
            }
        }
        for (LinkEnd link : links) {
            if (link.accepted() && (!link.isClosed() || link.lentBuffers() > 0)) {
                found(link + " with " + link.lentBuffers() + " lent buffers (expected: CLOSED with none)");
            }
            if (link.lingers()) {
                found(link + ": still lingers (expected: over, it is bounded)");
            }
        }
        verify();
    }

    private static InetAddress address(int number) {
        try {
            return InetAddress.getByAddress(new byte[] {10, 0, (byte) (number >> 8), (byte) number});
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }
}
