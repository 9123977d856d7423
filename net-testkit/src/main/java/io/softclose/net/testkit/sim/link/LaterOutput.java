/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.link;

import io.softclose.net.testkit.sim.SimSockets;
import io.softclose.net.testkit.sim.SimSockets.Flushing;
import io.softclose.net.testkit.sim.kernel.SimScheduler;
import io.softclose.net.testkit.sim.kernel.SimSocket;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;

/**
 * What a link has taken and the kernel does not have yet. The kernel reads the writer's buffers after a while, and a while
 * later says that it has; a link that ends in between does not know what of it has left.
 */
public final class LaterOutput {
    private final SimScheduler scheduler;
    private final SplittableRandom random;
    private final SimSocket socket;
    private final SimSockets settings;
    private final Events events;

    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private long taken;
    private long handedOver;
    private long flushed;
    private boolean handOverPlanned;
    private boolean over;

    /** What a link does about it. */
    public interface Events {
        /** The kernel says that it has more: to be told as a later task. */
        void flushed(long upTo);

        /** The socket has failed. */
        void failed();

        /** A writer broke the contract. */
        void found(String what);
    }

    LaterOutput(SimScheduler scheduler, SplittableRandom random, SimSocket socket, SimSockets settings, Events events) {
        this.scheduler = scheduler;
        this.random = random;
        this.socket = socket;
        this.settings = settings;
        this.events = events;
    }

    static boolean wanted(SimSockets settings) {
        return settings.flushing() == Flushing.LATER;
    }

    /** Bytes that may be taken now. */
    int room() {
        return (int) (settings.sendBuffer() - (taken - flushed));
    }

    /** Takes bytes from a buffer's position on, and advances the position. */
    void take(ByteBuffer source, int bytes) {
        ByteBuffer view = source.slice(source.position(), bytes);
        byte[] copy = new byte[bytes];
        source.get(copy);
        waiting.add(new Waiting(view, copy));
        taken += bytes;
        planHandOver();
    }

    /** Everything up to here was told to be flushed. */
    void told(long upTo) {
        flushed = Math.max(flushed, upTo);
    }

    boolean allFlushed() {
        return flushed == taken;
    }

    long flushed() {
        return flushed;
    }

    /** The owner asks that the kernel be tried now: as much as it has taken is flushed when this returns. */
    void attempt() {
        if (over || socket.writeError() != null) {
            return;
        }
        handOver(socket.room());
        long upTo = handedOver;
        if (upTo > flushed) {
            told(upTo);
            events.flushed(upTo);
        }
    }

    /** The socket may have room again, or an error. */
    void socketChanged() {
        if (!waiting.isEmpty() && (socket.writable() || socket.writeError() != null)) {
            planHandOver();
        }
    }

    /** The link ends; what waits may or may not reach the kernel before. */
    void end(boolean mayHandOver) {
        if (mayHandOver && !waiting.isEmpty() && socket.room() > 0) {
            handOver(random.nextInt(socket.room() + 1));
        }
        over = true;
        waiting.clear();
        // The kernel's word for what it had may just have come, too late for anybody to be told.
        told(flushed + random.nextLong(handedOver - flushed + 1));
    }

    /** Whether the writers' buffers still hold what was taken from them. */
    boolean unchanged() {
        return waiting.stream().allMatch(Waiting::unchanged);
    }

    private void planHandOver() {
        if (!handOverPlanned && !over) {
            handOverPlanned = true;
            scheduler.at(scheduler.now() + someDelay(), () -> {
                handOverPlanned = false;
                handOver();
            });
        }
    }

    private void handOver() {
        if (over || waiting.isEmpty()) {
            return;
        }
        if (socket.writeError() != null) {
            events.failed();
            return;
        }
        handOver(socket.room());
        long upTo = handedOver;
        if (upTo > flushed) {
            scheduler.at(scheduler.now() + someDelay(), () -> {
                if (!over) {
                    events.flushed(upTo);
                }
            });
        }
        if (!waiting.isEmpty() && socket.room() > 0) {
            planHandOver();
        }
    }

    private void handOver(int most) {
        int left = most;
        while (left > 0 && !waiting.isEmpty()) {
            Waiting first = waiting.element();
            int bytes = Math.min(left, first.copy.length - first.done);
            if (!first.unchanged(bytes)) {
                events.found("write: bytes were changed before they were flushed");
            }
            socket.write(ByteBuffer.wrap(first.copy, first.done, bytes), bytes);
            first.done += bytes;
            handedOver += bytes;
            left -= bytes;
            if (first.done == first.copy.length) {
                waiting.remove();
            }
        }
    }

    private long someDelay() {
        return random.nextLong(settings.flushDelay().toNanos() + 1);
    }

    /** Bytes of one buffer. */
    private static final class Waiting {
        private final ByteBuffer view;
        private final byte[] copy;
        private int done;

        Waiting(ByteBuffer view, byte[] copy) {
            this.view = view;
            this.copy = copy;
        }

        boolean unchanged() {
            return unchanged(copy.length - done);
        }

        /** Whether the next so many bytes are what they were. */
        boolean unchanged(int bytes) {
            return view.slice(done, bytes).equals(ByteBuffer.wrap(copy, done, bytes));
        }
    }
}
