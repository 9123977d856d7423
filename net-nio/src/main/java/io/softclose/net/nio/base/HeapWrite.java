/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.base;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Writes a heap buffer to a socket until it takes no more. The JDK copies all of one for each system call, however little
 * the socket takes, and keeps the copy with the thread; so it is shown to it in pieces.
 */
public final class HeapWrite {
    public static final int PIECE_BYTES = 128 * 1024;

    private HeapWrite() {}

    /**
     * Writes what the socket takes, and advances the position.
     *
     * @return the bytes taken. A failure after some bytes is left for the next write to meet.
     */
    public static int write(WritableByteChannel channel, ByteBuffer source) throws IOException {
        int limit = source.limit();
        int start = source.position();
        boolean takesMore = true;
        try {
            while (takesMore && source.position() < limit) {
                int end = Math.min(limit, source.position() + PIECE_BYTES);
                source.limit(end);
                channel.write(source);
                takesMore = source.position() == end;
            }
        } catch (IOException failed) {
            if (source.position() == start) {
                throw failed;
            }
        } finally {
            source.limit(limit);
        }
        return source.position() - start;
    }
}
