/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.loop;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.TRACE;

import io.softclose.net.nio.base.SafeLogger;
import io.softclose.net.nio.base.Selectable;
import io.softclose.net.nio.socket.Channels;
import io.softclose.net.spi.LosslessQueue;
import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A loop's selector: the loop sleeps in it and is woken; another thread may select in its place, so that a closed
 * channel is let go; one that breaks is replaced. Except for the methods that say otherwise, confined to the loop.
 */
public final class LoopSelector {
    private static final SafeLogger LOG = SafeLogger.ofModule();
    private static final long NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    /** The longest sleep. Whoever was to wake the loop may have been struck by an Error on the way. */
    private static final long MOST_SLEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Where selectors come from. */
    @FunctionalInterface
    public interface Source {
        Selector open() throws IOException;
    }

    // Final.
    private final Source source;
    private final Consumer<SelectionKey> collect = this::collect;

    // Shared.
    private final AtomicBoolean asleep = new AtomicBoolean();
    private final AtomicInteger outsiders = new AtomicInteger();
    private volatile Selector selector;

    // Confined to the loop.
    private final Map<SelectableChannel, Registration> registrations = new HashMap<>();
    private final LosslessQueue<SelectionKey> ready = new LosslessQueue<>();

    LoopSelector(Source source) throws IOException {
        this.source = source;
        selector = source.open();
    }

    /** Wakes the loop if it sleeps; from any thread. */
    void wakeIfAsleep() {
        if (asleep.get() && asleep.compareAndSet(true, false)) {
            selector.wakeup();
        }
    }

    /** Wakes the loop, or keeps it from its next sleep; from any thread. */
    void wake() {
        selector.wakeup();
    }

    /** Watches a channel for a target; one that is watched already is watched for this target from now on. */
    Registration register(SelectableChannel channel, int operations, Selectable target) throws IOException {
        Registration known = registrations.get(channel);
        if (known != null) {
            known.handTo(target, operations);
            return known;
        }
        Registration registration = new Registration(this, channel, target, operations);
        registrations.put(channel, registration);
        try {
            registration.enter(selector);
        } catch (IOException | RuntimeException | Error refused) {
            registrations.remove(channel);
            throw refused;
        }
        return registration;
    }

    void remove(SelectableChannel gone) {
        registrations.remove(gone);
    }

    /** The next that a selection found ready; null if there is none left. */
    @Nullable
    Registration nextReady() {
        SelectionKey key = ready.poll();
        return key == null ? null : (Registration) key.attachment();
    }

    boolean hasReady() {
        return !ready.isEmpty();
    }

    /**
     * Selects, waiting for a channel to be ready or for being woken.
     *
     * @param nanos the longest wait
     * @param busy looked at when others know already that the loop sleeps: whether there is something to do
     */
    void select(long nanos, BooleanSupplier busy) throws IOException {
        if (nanos <= 0) {
            selector.selectNow(collect);
            return;
        }
        // A selector does not sleep on an interrupted thread; a stray interrupt must not make it spin for ever.
        Thread.interrupted();
        // Whoever adds a task after this looks at the flag; whoever did before is seen by the check that follows.
        asleep.set(true);
        try {
            if (busy.getAsBoolean() || outsiders.get() > 0) {
                selector.selectNow(collect);
            } else {
                // Rounded up: waking before the deadline would spin through the rest of the millisecond.
                long most = Math.min(nanos, MOST_SLEEP_NANOS);
                selector.select(collect, (most + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI);
            }
        } finally {
            asleep.set(false);
        }
    }

    /** Has the keys that were cancelled let go of, and finds nothing ready. */
    void letGo() throws IOException {
        selector.selectNow(LoopSelector::leaveReady);
    }

    /**
     * Does as {@link #letGo} from another thread: waiting for the loop to do it could wait for a loop that waits for us.
     */
    void letGoFromOutside() {
        outsiders.incrementAndGet();
        try {
            selector.wakeup();
            letGo();
        } catch (ClosedSelectorException stopped) {
            LOG.log(TRACE, "the loop has stopped, and closed every descriptor", stopped);
        } catch (IOException failed) {
            LOG.log(ERROR, "selection failed; descriptors may stay open until the next one", failed);
        } finally {
            outsiders.decrementAndGet();
            // Ours may have swallowed a wakeup that was meant for the loop.
            selector.wakeup();
        }
    }

    /**
     * Takes a new selector in place of one that broke, and moves its channels there: all of them, or it fails and is to
     * be tried again. Until then nothing is registered anywhere, and the broken selector stays, on which no selection
     * succeeds.
     */
    void replace() throws IOException {
        ready.clear();
        // First: without descriptors to spare, those of the old one are what the new one gets.
        Channels.close(selector);
        Selector fresh = source.open();
        try {
            moveTo(fresh);
        } catch (Throwable failed) {
            Channels.close(fresh);
            throw failed;
        }
        selector = fresh;
    }

    private void moveTo(Selector fresh) throws IOException {
        for (Iterator<Registration> each = registrations.values().iterator(); each.hasNext(); ) {
            if (!each.next().enterIfOpen(fresh)) {
                each.remove();
            }
        }
    }

    /** How many channels it watches. */
    int watched() {
        return registrations.size();
    }

    /** Closes it, and forgets who was registered. */
    void close() {
        Channels.close(selector);
        registrations.clear();
    }

    /** Keeps the ready keys for after the selection, during which nobody may select: a listener's closing has to. */
    private void collect(SelectionKey key) {
        ready.add(key);
    }

    /** Loses nothing: a channel that stays ready is selected again by the loop's next turn. */
    private static void leaveReady(SelectionKey key) {}
}
