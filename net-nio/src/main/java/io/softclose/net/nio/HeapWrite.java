/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;

/**
 * Writes buffers to a socket until it takes no more. The JDK copies all of a heap buffer for each system call, however
 * little the socket takes, and keeps the copies with the thread; so heap buffers are shown to it in pieces. It also
 * passes at most 1 024 buffers (IOV_MAX) on, and writes no more until asked again.
 */
final class GatheringWrite {
    static final int MAX_BUFFERS = 1024;
    static final int HEAP_BYTES = 128 * 1024;

    private GatheringWrite() {}

    /**
     * Writes what the socket takes, and advances the positions.
     *
     * @return the bytes taken. A failure after some bytes is left for the next write to meet.
     */
    static long write(GatheringByteChannel channel, ByteBuffer[] sources, int offset, int length) throws IOException {
        int end = offset + length;
        int first = offset;
        long taken = 0;
        while (first < end) {
            if (!sources[first].hasRemaining()) {
                first++;
                continue;
            }
            int last = runEnd(sources, first, end);
            long offered = offered(sources, first, last);
            long written;
            try {
                written = writeRun(channel, sources, first, last);
            } catch (IOException failed) {
                if (taken == 0) {
                    throw failed;
                }
                return taken;
            }
            taken += written;
            if (written < offered) {
                return taken;
            }
        }
        return taken;
    }

    /** Where the buffers of the next system call end: with the one that reaches a bound. */
    private static int runEnd(ByteBuffer[] sources, int first, int end) {
        int last = Math.min(end, first + MAX_BUFFERS);
        int heapBytes = 0;
        for (int i = first; i < last; i++) {
            if (!sources[i].isDirect()) {
                heapBytes += shown(sources[i]);
                if (heapBytes >= HEAP_BYTES) {
                    return i + 1;
                }
            }
        }
        return last;
    }

    private static long offered(ByteBuffer[] sources, int first, int last) {
        long bytes = 0;
        for (int i = first; i < last; i++) {
            bytes += shown(sources[i]);
        }
        return bytes;
    }

    /** One system call, in which a long heap buffer, always the last of its run, is shown in part. */
    private static long writeRun(GatheringByteChannel channel, ByteBuffer[] sources, int first, int last)
            throws IOException {
        ByteBuffer tail = sources[last - 1];
        int limit = tail.limit();
        tail.limit(tail.position() + shown(tail));
        try {
            // A single buffer, as the engine's batches are, spares the JDK and the kernel the list of buffers.
            return last - first == 1 ? channel.write(tail) : channel.write(sources, first, last - first);
        } finally {
            tail.limit(limit);
        }
    }

    private static int shown(ByteBuffer source) {
        return source.isDirect() ? source.remaining() : Math.min(source.remaining(), HEAP_BYTES);
    }

    /** Whether a write left something in these buffers. */
    static boolean anyRemaining(ByteBuffer[] sources, int offset, int length) {
        // From the end: what is left is there.
        for (int i = offset + length - 1; i >= offset; i--) {
            if (sources[i].hasRemaining()) {
                return true;
            }
        }
        return false;
    }
}
