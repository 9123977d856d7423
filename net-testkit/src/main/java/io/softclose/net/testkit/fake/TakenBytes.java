/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.fake;

import io.softclose.net.testkit.Waiting;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * The bytes that a link has taken: those flushed, then those that wait for it in their writers' buffers. Confined to the
 * link's loop.
 */
final class TakenBytes {
    private final ByteArrayOutputStream flushed = new ByteArrayOutputStream();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private long waitingBytes;

    /** Takes bytes from a buffer's position on, and advances the position. */
    void take(ByteBuffer source, int count) {
        if (count == 0) {
            return;
        }
        ByteBuffer view = source.slice(source.position(), count);
        byte[] copy = new byte[count];
        source.get(copy);
        waiting.add(new Waiting(view, copy));
        waitingBytes += count;
    }

    /**
     * Flushes the first of the waiting bytes, as they were when they were taken.
     *
     * @param most how many at most
     * @return whether the buffers still held what was taken from them
     */
    boolean flush(long most) {
        boolean unchanged = true;
        long left = Math.min(most, waitingBytes);
        waitingBytes -= left;
        while (left > 0) {
            Waiting first = waiting.element();
            int count = (int) Math.min(left, first.copy.length - first.flushed);
            unchanged &= first.unchanged();
            flushed.write(first.copy, first.flushed, count);
            first.flushed += count;
            left -= count;
            if (first.flushed == first.copy.length) {
                waiting.remove();
            }
        }
        return unchanged;
    }

    /** Whether the buffers of all waiting bytes still hold what was taken from them. */
    boolean unchanged() {
        return waiting.stream().allMatch(Waiting::unchanged);
    }

    long flushedCount() {
        return flushed.size();
    }

    long waitingCount() {
        return waitingBytes;
    }

    /** The flushed bytes from an index on. */
    byte[] flushed(int from) {
        byte[] all = flushed.toByteArray();
        return Arrays.copyOfRange(all, from, all.length);
    }

    /** Every byte that was taken. */
    byte[] taken() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(flushed.toByteArray());
        waiting.forEach(part -> all.write(part.copy, part.flushed, part.copy.length - part.flushed));
        return all.toByteArray();
    }

    /** Bytes of one write from one buffer. */
    private static final class Waiting {
        private final ByteBuffer view;
        private final byte[] copy;
        private int flushed;

        Waiting(ByteBuffer view, byte[] copy) {
            this.view = view;
            this.copy = copy;
        }

        boolean unchanged() {
            return view.slice(flushed, copy.length - flushed)
                    .equals(ByteBuffer.wrap(copy, flushed, copy.length - flushed));
        }
    }
}
