/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.transport;

import io.softclose.net.spi.InputEnd;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.testkit.Waiting;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One end of a link under test: it records what its handler is told, keeps what arrives, sends what it is asked to, and
 * notes everything that the contract of {@link Link} and {@link LinkHandler} forbids. Thread-safe; what is given to
 * {@link #on} runs on the link's loop.
 */
public final class LinkProbe implements LinkHandler {
    /** What a handler is told, see the methods of {@link LinkHandler}. */
    public enum Event {
        CONNECTED,
        READ,
        WRITABLE,
        INPUT_CLOSED,
        CLOSED
    }

    /** How often a loop turns without flushing anything before its link counts as full. */
    private static final int IDLE_ROUNDS = 50;

    private final CompletableFuture<Link> attached = new CompletableFuture<>();
    private final Map<Event, Consumer<Link>> reactions = new EnumMap<>(Event.class);
    private final AtomicReference<@Nullable String> busy = new AtomicReference<>();

    // Guarded by this.
    private final List<Event> events = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private @Nullable Throwable closeCause;

    // Confined to the loop.
    private final Deque<ByteBuffer> unsent = new ArrayDeque<>();
    private long taken;

    /** A probe that has yet to be {@linkplain #attach attached}. */
    public LinkProbe() {}

    /** Has this happen within each callback of the kind, after it was recorded. To be set before the link begins. */
    public LinkProbe on(Event event, Consumer<Link> reaction) {
        reactions.merge(event, reaction, Consumer::andThen);
        return this;
    }

    /** Handles a link, as a {@link io.softclose.net.spi.Transport.LinkAcceptor} does. */
    public LinkProbe attach(Link link) {
        if (!attached.complete(link)) {
            throw new IllegalStateException("attached already (expected: one link for each probe)");
        }
        return this;
    }

    /** The link, as soon as there is one. */
    public Link link() {
        return Waiting.await(attached, "a link for the probe");
    }

    /** Runs an action on the loop and waits for it. No callback may come before it returns. */
    public void run(Consumer<Link> action) {
        call(link -> {
            action.accept(link);
            return true;
        });
    }

    /** Runs a function on the loop and waits for what it returns. No callback may come before it does. */
    public <T> T call(Function<Link, T> function) {
        Link link = link();
        CompletableFuture<T> result = new CompletableFuture<>();
        link.loop().execute(() -> {
            try {
                result.complete(busyWith("a task", () -> function.apply(link)));
            } catch (Throwable failed) {
                result.completeExceptionally(failed);
            }
        });
        return Waiting.await(result, "a task on the loop");
    }

    /** Waits until what the loop was given before has run. */
    public void awaitTasks() {
        run(link -> {});
    }

    /** Sends bytes, now and whenever the link is writable, in the order they were given. */
    public void send(byte[] bytes) {
        run(link -> send(link, bytes));
    }

    /** As {@link #send(byte[])}, for reactions: on the loop. */
    public void send(Link link, byte[] bytes) {
        unsent.add(ByteBuffer.wrap(bytes));
        flush(link);
    }

    /** How many bytes the link has taken so far. */
    public long takenBytes() {
        return call(link -> taken);
    }

    /** Waits until the operating system has everything that the link has taken; some hand it over a little later. */
    public void awaitFlushed() {
        for (int told = count(Event.WRITABLE);
                call(link -> link.flushedBytes() < taken);
                told = count(Event.WRITABLE)) {
            awaitMore(Event.WRITABLE, told);
        }
    }

    /** Ends our direction, and waits until our end is out. */
    public void endOutput() {
        if (!call(Link::shutdownOutput)) {
            awaitEndOut();
        }
    }

    /** Waits, after our end was asked for, until it is out. */
    public void awaitEndOut() {
        for (int told = count(Event.WRITABLE); !call(Link::shutdownOutput); told = count(Event.WRITABLE)) {
            awaitMore(Event.WRITABLE, told);
        }
    }

    /**
     * Writes this chunk again and again until the link takes no more, and neither does the operating system: a link that
     * flushes what it takes later is given its time.
     *
     * @return how many bytes it took
     */
    public long fill(byte[] chunk) {
        ByteBuffer source = ByteBuffer.wrap(chunk);
        long total = 0;
        long flushed;
        do {
            long[] now = call(link -> new long[] {writeAll(link, source), link.flushedBytes()});
            total += now[0];
            flushed = now[1];
        } while (flushesMoreThan(flushed));
        return total;
    }

    /** Writes the rest of the source, then all of it again and again, until the link takes no more. */
    private long writeAll(Link link, ByteBuffer source) {
        long before = taken;
        do {
            if (!source.hasRemaining()) {
                source.rewind();
            }
            taken += link.write(source);
        } while (!source.hasRemaining());
        require(link.flushedBytes() <= taken, "flushed more than was taken");
        return taken - before;
    }

    /** Whether more is flushed meanwhile; a link that had flushed everything has no more to flush. */
    private boolean flushesMoreThan(long before) {
        boolean pending = call(link -> before < taken);
        for (int i = 0; pending && i < IDLE_ROUNDS; i++) {
            if (call(Link::flushedBytes) > before) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void onConnected() {
        happen(Event.CONNECTED, link -> {});
    }

    @Override
    public void onRead(ByteBuffer data) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        happen(Event.READ, link -> {
            require(bytes.length > 0, "onRead without a byte");
            received.write(bytes, 0, bytes.length);
        });
    }

    @Override
    public void onWritable() {
        happen(Event.WRITABLE, this::flush);
    }

    @Override
    public void onInputClosed(InputEnd end) {
        happen(Event.INPUT_CLOSED, link -> {});
    }

    @Override
    @SuppressWarnings("exports") // jspecify is needed to compile, not to run
    public void onClosed(@Nullable Throwable cause) {
        synchronized (this) {
            closeCause = cause;
        }
        happen(Event.CLOSED, link -> {});
    }

    /** What the handler was told so far, in order. */
    public synchronized List<Event> events() {
        return List.copyOf(events);
    }

    /** How often the handler was told this. */
    public synchronized int count(Event event) {
        return (int) events.stream().filter(event::equals).count();
    }

    /** The bytes that arrived so far. */
    public synchronized byte[] received() {
        return received.toByteArray();
    }

    /** The bytes that arrived since this was last called; they no longer count as received. */
    public synchronized byte[] takeReceived() {
        byte[] bytes = received.toByteArray();
        received.reset();
        return bytes;
    }

    /** How many bytes arrived so far. */
    public synchronized int receivedBytes() {
        return received.size();
    }

    /** What was done to this probe that the contract forbids; empty if all is well. */
    public synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    /** Waits until the handler has been told this at least once. */
    public LinkProbe await(Event event) {
        return await(event + " among the events", () -> events.contains(event));
    }

    /** Waits until the handler has been told this more often than that. */
    public LinkProbe awaitMore(Event event, int count) {
        return await(event + " more than " + count + " times", () -> count(event) > count);
    }

    /** Waits until at least this many bytes have arrived. */
    public LinkProbe awaitReceived(int bytes) {
        return await(bytes + " bytes", () -> received.size() >= bytes);
    }

    /** Waits until the link has closed, and returns the cause that was given. */
    @SuppressWarnings("exports") // jspecify is needed to compile, not to run
    public @Nullable Throwable awaitClosed() {
        await(Event.CLOSED);
        synchronized (this) {
            return closeCause;
        }
    }

    private synchronized LinkProbe await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + Waiting.SAFETY_NET.toNanos();
        try {
            while (!condition.getAsBoolean()) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    throw new AssertionError(what + ": not within " + Waiting.SAFETY_NET + " (had: " + events.size()
                            + " events, the last of them " + lastEvents() + ", and " + received.size() + " bytes)");
                }
                wait(left / 1_000_000 + 1);
            }
        } catch (InterruptedException e) {
            throw Waiting.interrupted(what);
        }
        return this;
    }

    private List<Event> lastEvents() {
        return List.copyOf(events.subList(Math.max(0, events.size() - 8), events.size()));
    }

    private void flush(Link link) {
        boolean takesMore = true;
        while (takesMore && !unsent.isEmpty()) {
            ByteBuffer source = unsent.element();
            int before = source.remaining();
            int now = link.write(source);
            require(
                    before - source.remaining() == now,
                    "write took " + now + " bytes and advanced by " + (before - source.remaining()));
            taken += now;
            takesMore = !source.hasRemaining();
            if (takesMore) {
                unsent.remove();
            }
        }
    }

    /** Records a callback, checks that it may come, and reacts. */
    private void happen(Event event, Consumer<Link> first) {
        Link link = link();
        require(link.loop().inEventLoop(), event + " outside the loop");
        busyWith(event.name(), () -> {
            synchronized (this) {
                requireOrder(event);
                events.add(event);
                first.accept(link);
                notifyAll();
            }
            reactions.getOrDefault(event, ignored -> {}).accept(link);
            return true;
        });
    }

    private void requireOrder(Event event) {
        require(!events.contains(Event.CLOSED), event + " after CLOSED");
        if (event == Event.CONNECTED) {
            require(events.isEmpty(), "CONNECTED is not the first event");
        } else if (event != Event.CLOSED) {
            require(events.contains(Event.CONNECTED), event + " before CONNECTED");
        }
        if (event == Event.READ || event == Event.INPUT_CLOSED) {
            require(!events.contains(Event.INPUT_CLOSED), event + " after INPUT_CLOSED");
        }
    }

    private <T> T busyWith(String what, Supplier<T> action) {
        String outer = busy.getAndSet(what);
        require(outer == null, what + " within " + outer);
        try {
            return action.get();
        } finally {
            busy.set(outer);
        }
    }

    private synchronized void require(boolean condition, String violation) {
        if (!condition) {
            violations.add(violation);
        }
    }
}
