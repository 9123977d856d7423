/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim;

import static java.util.Objects.requireNonNull;

import io.softclose.net.spi.Require;
import io.softclose.net.testkit.sim.world.World;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

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

    private final World world;

    /** A network without hosts, on which everything that is left to chance comes from a seed. */
    public SimNetwork(long seed) {
        world = new World(seed);
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
        return world.newHost(name, eventLoops, requireNonNull(sockets, "sockets"));
    }

    /** The conditions from and to every host that has none of its own; {@link SimConditions#loopback} at first. */
    public void conditions(SimConditions wanted) {
        world.conditions(requireNonNull(wanted, "wanted"));
    }

    /** The conditions from one host to another, for what is sent from now on. */
    public void conditions(SimTransport from, SimTransport to, SimConditions wanted) {
        world.conditions(from, to, requireNonNull(wanted, "wanted"));
    }

    /** From now on nothing arrives between two hosts; what is sent is sent again once it is healed. */
    public void partition(SimTransport one, SimTransport other) {
        world.partition(one, other);
    }

    /** Ends a partition: what could not arrive arrives now. */
    public void heal(SimTransport one, SimTransport other) {
        world.heal(one, other);
    }

    /** Every link there has been, dialling ends and accepting ends, in the order of their making. */
    public List<SimLink> links() {
        return List.copyOf(world.links());
    }

    // Time.

    /** Virtual time since the start. */
    public Duration now() {
        return world.now();
    }

    /** Does something at this time from now, on no loop: the script of a test. */
    public void after(Duration time, Runnable action) {
        world.after(time, requireNonNull(action, "action"));
    }

    /** Lets time pass in which nobody could do anything, as when a machine is suspended: all that was due is late. */
    public void jump(Duration time) {
        world.jump(time);
    }

    /**
     * Runs until nothing is left that could happen.
     *
     * @throws AssertionError if that does not come within 20 million events
     */
    public void run() {
        long last = world.steps() + EVENT_LIMIT;
        while (step()) {
            if (world.steps() > last) {
                throw new AssertionError("events: " + EVENT_LIMIT + " (expected: the network comes to rest)");
            }
        }
    }

    /** Runs what happens within this time, and lets it pass. */
    public void runFor(Duration time) {
        long end = world.now().plus(time).toNanos();
        while (world.nextAt() <= end && step()) {}
        world.waitUntil(end);
    }

    /**
     * Runs until a condition holds, asked after each event.
     *
     * @param most virtual time to wait for it
     * @throws AssertionError if it does not hold by then, or nothing is left that could happen
     */
    public void runUntil(BooleanSupplier condition, Duration most) {
        long end = world.now().plus(most).toNanos();
        while (!condition.getAsBoolean()) {
            if (world.nextAt() > end || !step()) {
                throw new AssertionError("condition: not met within " + most + ", at " + now());
            }
        }
    }

    /** Lets one thing happen; false if nothing is left that could. */
    public boolean step() {
        return world.step();
    }

    // What it tells.

    /** How many events there have been. */
    public long events() {
        return world.steps();
    }

    /** Differs if anything that happened differs. */
    public long fingerprint() {
        return world.trace().fingerprint();
    }

    /** Keeps a readable line for each event from now on, the last 200 000 of them. */
    public void record() {
        world.trace().record();
    }

    /** What was recorded, one event a line: when, where, what. */
    public List<String> recorded() {
        return world.trace().lines();
    }

    /** Adds a line of the test's own to what is recorded. */
    public void note(String text) {
        world.note(requireNonNull(text, "text"));
    }

    /**
     * Fails if a task threw, or an owner of a link broke the contract of {@link io.softclose.net.spi.Link}.
     *
     * @throws AssertionError with all that was found
     */
    public void verify() {
        world.verify();
    }

    /**
     * As {@link #verify}, and fails if anything is left: a listener, a link that is not closed, a lent buffer, a timer, a
     * task. Call it when everything has been closed and {@link #run} has returned.
     *
     * @throws AssertionError with all that was found
     */
    public void verifyNoLeaks() {
        world.verifyNoLeaks();
    }
}
