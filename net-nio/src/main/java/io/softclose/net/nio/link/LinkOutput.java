/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.link;

import io.softclose.net.nio.loop.LinkSocket;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.SendBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A link's own direction: what was written, what waits for room, and our end, which is asked for before it can go out. Its
 * failure is kept, for the input that has arrived is handed on first. Confined to the loop.
 */
final class LinkOutput {
    /** Turns of reading that a link has left when it can no longer write: more than a kernel holds of a dead one. */
    private static final int LAST_TURNS = 64;

    private @Nullable SendBuffer buffer;
    private boolean awaitsRoom;
    private boolean endAsked;
    private boolean ended;
    private @Nullable IOException failure;
    private int lastTurns = LAST_TURNS;
    private long flushedBytes;

    /** Has the socket hold no more on a slow path from now on than keeps it full, to the link's end. */
    void limitUnsent(int bytes) {
        buffer = new SendBuffer(bytes);
    }

    /** Writes as much as the socket takes now. What fails is kept as {@link #failure}, and took nothing. */
    int write(LinkSocket socket, ByteBuffer source, EventLoop loop) {
        try {
            int taken = socket.write(source);
            flushedBytes += taken;
            if (source.hasRemaining()) {
                awaitsRoom = true;
                if (buffer != null) {
                    adjust(buffer, socket, loop.nanoTime());
                }
            }
            return taken;
        } catch (IOException failed) {
            failure = failed;
            awaitsRoom = false;
            return 0;
        }
    }

    private void adjust(SendBuffer full, LinkSocket socket, long now) {
        int size = full.full(flushedBytes, now);
        if (size > 0) {
            socket.sendBuffer(size);
        }
    }

    long flushedBytes() {
        return flushedBytes;
    }

    /** Whether something was not taken, so that its owner waits to be told of room. */
    boolean awaitsRoom() {
        return awaitsRoom;
    }

    /** There is room; whether anybody waits to be told. */
    boolean roomCame(EventLoop loop) {
        boolean awaited = awaitsRoom;
        if (awaited && buffer != null) {
            buffer.room(loop.nanoTime());
        }
        awaitsRoom = false;
        return awaited;
    }

    /** What a write met; null while we can write. */
    @Nullable
    IOException failure() {
        return failure;
    }

    boolean failed() {
        return failure != null;
    }

    /** Whether a link that can no longer write may have one more turn of reading. */
    boolean takesLastTurn() {
        return lastTurns-- > 0;
    }

    void askEnd() {
        endAsked = true;
    }

    /**
     * Refuses what would come behind our end.
     *
     * @throws IllegalStateException if our end was asked for
     */
    void requireNoEnd() {
        if (endAsked) {
            throw new IllegalStateException("write: the output was shut down (expected: no more writes)");
        }
    }

    /** Whether our end was asked for and is not out. */
    boolean endWaits() {
        return endAsked && !ended;
    }

    boolean ended() {
        return ended;
    }

    /** Sends our end. */
    void end(LinkSocket socket) throws IOException {
        socket.shutdownOutput();
        ended = true;
    }
}
