/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.inbox;

import io.softclose.net.Connection;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.ProtocolId;
import io.softclose.net.engine.Callbacks;
import io.softclose.net.engine.Handling;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Scheduler.Timer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one connection that are with handlers off the loop: those that wait for them, in order for each
 * protocol, and those that are being handled, requests of the peer's among them. It is full at its bounds, and has room again
 * below half of both. Filled on the loop; handlers take from it on whatever threads they have. It may outlive the
 * connection: what has arrived whole is handled although its link has failed.
 */
public final class Inbox {
    /** How long messages wait before they are offered again to an executor that takes no tasks. */
    static final long REFUSED_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** What a message takes besides its payload, and a connection that is gone besides its messages: generously. */
    private static final long MESSAGE_BYTES = 256;

    private static final long CONNECTION_BYTES = 16 * 1024;

    private static final Timer NO_TIMER = () -> {};

    /** Who fills it. Called on the loop. */
    public interface Owner {
        /** It was full and has room again. */
        void handlersHaveRoom();

        /** Everything in it has been handled, of which {@link Inbox#busy} was asked before. */
        void handlersIdle();
    }

    private final Connection connection;
    private final EventLoop loop;
    private final LoopTeller teller;
    private final Callbacks callbacks;
    private final int mostMessages;
    private final long mostBytes;
    private final Object lock = new Object();

    // Set once, before anything is added.
    private BooleanSupplier paused = () -> false;
    private Runnable haveRoom = () -> {};
    private Runnable idle = () -> {};

    // Confined to the loop.
    private Timer retryTimer = NO_TIMER;
    private boolean retries;

    // Guarded by the lock, under which nothing is called; read by the loop without it.
    private volatile boolean full;

    // Guarded by the lock.
    /** Of those protocols of which something came. */
    private Map<ProtocolId, HandlerLine> lines = Map.of();

    private int messages;
    private long bytes;
    /** Whether somebody waits on the loop until all have been handled. */
    private boolean idleAsked;
    /** Whether the application is not asked any more whether it wants messages. */
    private boolean overruled;
    /** Whether it takes whatever comes: there cannot be much more. */
    private boolean unbounded;
    /** Whether nobody waits for handlers once the connection has closed. */
    private boolean abandoned;

    private boolean givenUp;
    /** How many were in it when it was given up, without those that were being handled then and have been since. */
    private int unhandled;
    /** What is to be done once it is empty or given up, on whatever thread. */
    private @Nullable Runnable afterTheLast;

    /** An empty one. */
    public Inbox(Connection connection, EventLoop loop, Callbacks callbacks, Limits limits) {
        this.connection = connection;
        this.loop = loop;
        this.teller = new LoopTeller(loop, connection);
        this.callbacks = callbacks;
        mostMessages = limits.handlerMessages();
        mostBytes = limits.handlerBytes();
    }

    /**
     * Says who fills it.
     *
     * @param pause whether the application has paused; asked on any thread
     */
    public void filledBy(Owner owner, BooleanSupplier pause) {
        paused = pause;
        haveRoom = owner::handlersHaveRoom;
        idle = owner::handlersIdle;
    }

    // On the loop.

    /** Whether no more is to be added. */
    public boolean full() {
        return full;
    }

    /** Takes a message for a handler off the loop. */
    public void add(Handling handling, Message message) {
        HandlerLine starts;
        synchronized (lock) {
            if (givenUp) {
                unhandled++;
                return;
            }
            HandlerLine line = lines.get(message.protocol());
            if (line == null) {
                line = enlist(HandlerLine.of(this, message.protocol(), handling));
            }
            line.waiting.add(message);
            count(message);
            starts = mayStart(line) ? line : null;
        }
        if (starts != null) {
            starts.start();
        }
    }

    /** A request is about to be given to its handler, in no line; {@link #done} says when that is over. */
    public void enter(Message message) {
        synchronized (lock) {
            if (givenUp) {
                unhandled++;
            } else {
                count(message);
            }
        }
    }

    /** Whether something in it has not been handled. If so, {@link Owner#handlersIdle} tells when that is over. */
    public boolean busy() {
        synchronized (lock) {
            idleAsked |= messages > 0;
            return messages > 0;
        }
    }

    /** Has what waits go on, if the application wants it. */
    public void goOn() {
        List<HandlerLine> starts = new ArrayList<>(0);
        synchronized (lock) {
            for (HandlerLine line : lines.values()) {
                if (mayStart(line)) {
                    starts.add(line);
                }
            }
        }
        starts.forEach(HandlerLine::start);
    }

    /** From now on the application cannot pause its handlers. */
    public void overrule() {
        synchronized (lock) {
            overruled = true;
        }
        goOn();
    }

    /** The link has gone: takes what is left of the input, however much, and has everything handled. */
    public void unbound() {
        synchronized (lock) {
            unbounded = true;
            full = false;
        }
        overrule();
    }

    /** As {@link #giveUp}, and leaves no timer. */
    public void stop() {
        retryTimer.cancel();
        giveUp();
    }

    /** The executor takes no task: tries again after a while, so that nothing is lost while it has too much to do. */
    void refused(ExecutorLine line, Throwable refusal, boolean first) {
        synchronized (lock) {
            line.atWork = line.begun;
        }
        if (first) {
            callbacks.handlerRefused(line.protocol, refusal);
        }
        if (!retries) {
            retries = true;
            retryTimer = loop.schedule(REFUSED_AGAIN_NANOS, this::tryAgain);
        }
    }

    private void tryAgain() {
        retries = false;
        goOn();
    }

    // On any thread.

    /** Hands on nothing more; what is being handled goes on, and nobody waits for it. Idempotent. */
    public void giveUp() {
        Runnable last;
        synchronized (lock) {
            if (!givenUp) {
                givenUp = true;
                unhandled = messages;
                lines = Map.of();
                messages = 0;
                bytes = 0;
                full = false;
            }
            last = takeAfterTheLast();
        }
        if (last != null) {
            last.run();
        }
    }

    /** The loop has stopped, and whoever wants the connection to end cannot say until when: it does not outlive it. */
    public void abandon() {
        boolean now;
        synchronized (lock) {
            abandoned = true;
            now = afterTheLast != null;
        }
        if (now) {
            giveUp();
        }
    }

    /** Does something once everything has been handled or is given up: now, or on the thread that handles the last. */
    public void afterTheLast(Runnable action) {
        boolean now;
        boolean nobodyWaits;
        synchronized (lock) {
            now = messages == 0;
            nobodyWaits = abandoned;
            afterTheLast = now ? null : action;
        }
        if (now) {
            action.run();
        } else if (nobodyWaits) {
            giveUp();
        }
    }

    /** How many bytes it keeps in memory, itself and its connection included; zero if it is empty or given up. */
    public long footprint() {
        synchronized (lock) {
            return messages == 0 ? 0 : CONNECTION_BYTES + messages * MESSAGE_BYTES + bytes;
        }
    }

    /** How many messages have not been handled; if it was given up, how many of those that it had then. */
    public int unhandled() {
        synchronized (lock) {
            return givenUp ? unhandled : messages;
        }
    }

    Connection connection() {
        return connection;
    }

    public EventLoop loop() {
        return loop;
    }

    public Callbacks callbacks() {
        return callbacks;
    }

    /** Whether whoever is about to work for a line does so from now on; false if somebody else does. */
    boolean begin(HandlerLine line) {
        synchronized (lock) {
            boolean first = !line.begun;
            line.begun = true;
            line.atWork = true;
            return first;
        }
    }

    /** Whoever works for a line is about to have somebody else do so. */
    void giveWay(HandlerLine line) {
        synchronized (lock) {
            line.begun = false;
        }
    }

    /** The next message for whoever works for a line; null if it is to stop, and does not count as working any more. */
    @Nullable
    Message take(HandlerLine line) {
        synchronized (lock) {
            Message next = mayHandOn() ? line.waiting.poll() : null;
            line.atWork = next != null;
            line.begun &= line.atWork;
            return next;
        }
    }

    /** Whether there is more for whoever works for a line. */
    boolean waits(HandlerLine line) {
        synchronized (lock) {
            return !line.waiting.isEmpty();
        }
    }

    /** A message that was taken, or {@linkplain #enter entered}, has been handled. */
    public void done(Message message) {
        boolean roomAgain;
        boolean nowIdle;
        Runnable last;
        synchronized (lock) {
            if (givenUp) {
                unhandled--;
                return;
            }
            messages--;
            bytes -= message.size();
            roomAgain = full && 2L * messages < mostMessages && 2 * bytes < mostBytes;
            full &= !roomAgain;
            nowIdle = idleAsked && messages == 0;
            idleAsked &= !nowIdle;
            last = messages == 0 ? takeAfterTheLast() : null;
        }
        if (roomAgain) {
            teller.tell(haveRoom);
        }
        if (nowIdle) {
            teller.tell(idle);
        }
        if (last != null) {
            last.run();
        }
    }

    /** Tells of what a handler threw, on the loop as long as there is one. */
    void failed(ProtocolId protocol, Throwable failure) {
        try {
            loop.execute(() -> callbacks.handlerFailed(protocol, failure));
        } catch (Throwable stopped) {
            callbacks.handlerFailed(protocol, failure);
        }
    }

    /** Runs a line's next step on the loop. Without a loop there is none, and everything is given up. */
    void onLoop(Runnable step) {
        if (!teller.tell(step)) {
            giveUp();
        }
    }

    // With the lock held.

    private void count(Message message) {
        messages++;
        bytes += message.size();
        full = !unbounded && (messages >= mostMessages || bytes >= mostBytes);
    }

    private HandlerLine enlist(HandlerLine line) {
        Map<ProtocolId, HandlerLine> more = new HashMap<>(lines);
        more.put(line.protocol, line);
        lines = more;
        return line;
    }

    private boolean mayStart(HandlerLine line) {
        boolean starts = !line.atWork && !line.waiting.isEmpty() && mayHandOn();
        line.atWork |= starts;
        return starts;
    }

    private boolean mayHandOn() {
        return !givenUp && (overruled || !paused.getAsBoolean());
    }

    private @Nullable Runnable takeAfterTheLast() {
        Runnable last = afterTheLast;
        afterTheLast = null;
        return last;
    }
}
