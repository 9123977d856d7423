/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.stream;

import io.softclose.net.Limits;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.LanePlan;
import io.softclose.net.wire.FrameHeads;
import java.util.concurrent.TimeUnit;

/**
 * How much a batch has room for. What is in one cannot be overtaken, so where messages overtake others it is to leave soon: a
 * batch has one fragment, until as much as a large one holds has left in time; then batches are large, until one is late. A
 * slow path takes a few fragments at once when its buffer has room, but not as many as that. Loop only.
 */
final class BatchRoom {
    /** What takes the operating system longer than this is late. */
    private static final long SOON_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final EventLoop loop;
    private final int least;
    /** How many bytes have left in time since some did not. */
    private long leftSoon;

    private boolean leaving;
    private long startedAt;

    BatchRoom(EventLoop loop, LanePlan plan, Limits limits) {
        this.loop = loop;
        int fragment = Math.min(limits.fragmentSize(), Batch.BUFFER_SIZE - FrameHeads.MAX_BYTES);
        least = plan.overtakes() ? Math.max(Batch.LEAST_ROOM, fragment + FrameHeads.MAX_BYTES) : Batch.BUFFER_SIZE;
    }

    /** Whether it ever changes: else batches are large, and cost nothing here. */
    boolean varies() {
        return least < Batch.BUFFER_SIZE;
    }

    /** The room of the next batch, in bytes. */
    int bytes() {
        return leftSoon < Batch.BUFFER_SIZE ? least : Batch.BUFFER_SIZE;
    }

    /** A batch is given to the link, perhaps not for the first time. */
    void leaves() {
        if (varies() && !leaving) {
            leaving = true;
            startedAt = loop.nanoTime();
        }
    }

    /** The operating system has all of the batch that was given last. */
    void left(long bytes, long now) {
        if (leaving) {
            leaving = false;
            leftSoon = now - startedAt <= SOON_NANOS ? leftSoon + bytes : 0;
        }
    }
}
