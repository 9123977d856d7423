/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.lab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** The bytes of one direction of a connection that are on their way, each with the time at which it arrives. Confined to the relay's thread. */
final class WanFlow {
    private static final int CHUNK_BYTES = 16 * 1024;
    private static final long MOST_BYTES = 16L * 1024 * 1024;
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** What a parcel is. */
    private enum Kind {
        BYTES,
        END,
        RESET
    }

    private record Parcel(Kind kind, ByteBuffer bytes, long due) {}

    private final SocketChannel from;
    private final SocketChannel to;
    private final WanPath path;
    private final Deque<Parcel> parcels = new ArrayDeque<>();
    private long waitingBytes;
    /** Until when the bytes before are being put onto the path. */
    private long busyUntil;

    private long lastDue;
    private boolean sourceEnded;
    private boolean failed;
    private boolean discarding;
    private boolean blocked;
    private boolean ended;
    private boolean cutOff;

    WanFlow(SocketChannel from, SocketChannel to, WanPath path) {
        this.from = from;
        this.to = to;
        this.path = path;
        long now = System.nanoTime();
        busyUntil = now;
        lastDue = now;
    }

    /** Takes what has come. */
    void read(long now) throws IOException {
        ByteBuffer chunk =
                ByteBuffer.allocate(Math.min(CHUNK_BYTES, path.conditions().routerBytes()));
        int count = from.read(chunk);
        if (count < 0) {
            sourceEnded = true;
            put(Kind.END, NOTHING, now);
        } else if (count > 0 && !discarding) {
            put(Kind.BYTES, chunk.flip(), now);
        }
    }

    /** The end that it comes from has been reset: the other one learns it after what is on its way. */
    void sourceFailed(long now) {
        if (!failed) {
            failed = true;
            sourceEnded = true;
            put(Kind.RESET, NOTHING, now);
        }
    }

    private void put(Kind kind, ByteBuffer bytes, long now) {
        WanConditions conditions = path.conditions();
        long start = Math.max(now, busyUntil);
        busyUntil = start + Math.round((double) bytes.remaining() / conditions.bytesPerSecond() * SECOND);
        long jitter = conditions.jitter().toNanos();
        long extra = jitter == 0 ? 0 : path.jitter().nextLong(jitter + 1);
        lastDue = Math.max(lastDue, busyUntil + conditions.latency().toNanos() + extra);
        waitingBytes += bytes.remaining();
        parcels.add(new Parcel(kind, bytes, lastDue));
    }

    /**
     * Passes on what is due.
     *
     * @return in how many nanoseconds the next is; for ever if nothing is on its way, or the other end takes nothing
     */
    long advance(long now) throws IOException {
        blocked = false;
        for (Parcel first = parcels.peek(); first != null; first = parcels.peek()) {
            if (first.due() - now > 0) {
                return first.due() - now;
            }
            switch (first.kind()) {
                case BYTES -> {
                    waitingBytes -= to.write(first.bytes());
                    if (first.bytes().hasRemaining()) {
                        blocked = true;
                        return Long.MAX_VALUE;
                    }
                }
                case END -> {
                    to.shutdownOutput();
                    ended = true;
                }
                case RESET -> cutOff = true;
            }
            parcels.remove();
        }
        return Long.MAX_VALUE;
    }

    /** The other end takes nothing any more: what comes is thrown away. */
    void discard() {
        discarding = true;
        parcels.clear();
        waitingBytes = 0;
    }

    int readInterest() {
        return sourceEnded || waitingBytes >= window() ? 0 : SelectionKey.OP_READ;
    }

    int writeInterest() {
        return blocked ? SelectionKey.OP_WRITE : 0;
    }

    private long window() {
        WanConditions conditions = path.conditions();
        double seconds = (double) conditions.latency().plus(conditions.jitter()).toNanos() / SECOND;
        return Math.min(MOST_BYTES, conditions.routerBytes() + Math.round(seconds * conditions.bytesPerSecond()));
    }

    /** Whether the other end has been told that there is no more. */
    boolean ended() {
        return ended;
    }

    /** Whether a reset has arrived. */
    boolean cutOff() {
        return cutOff;
    }
}
