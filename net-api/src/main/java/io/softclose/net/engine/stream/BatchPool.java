/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.stream;

import io.softclose.net.log.Log;
import io.softclose.net.spi.Link;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Spare batches of one loop, so that a connection holds one, and a buffer of its link, only while it writes, or reads what
 * was held. If there is no memory for a buffer, nobody on the loop asks for one for a moment: the JDK looks for direct memory
 * for half a second before it gives up, and the loop stands still. Loop only.
 */
public final class BatchPool {
    private static final int MOST = 8;
    /** For how long nobody asks: four times what an attempt takes that fails. */
    public static final long SHORTAGE_NANOS = Duration.ofSeconds(2).toNanos();

    private final ArrayDeque<Batch> spare = new ArrayDeque<>(MOST);

    private boolean memoryShort;
    private long askedAt;

    /**
     * A batch in a buffer of this link.
     *
     * @param streamPosition how many bytes the link was given before
     * @param room of the batch, in bytes
     * @param now on the loop's clock
     * @return null if there is no memory for the buffer, or was none a moment ago
     */
    @Nullable
    Batch open(Link link, long streamPosition, int room, long now) {
        if (isShort(now)) {
            return null;
        }
        try {
            // Before the buffer, which would have to be given back if this failed.
            Batch batch = spare.isEmpty() ? new Batch() : spare.element();
            batch.open(link.lend(Batch.BUFFER_SIZE), streamPosition, room);
            spare.poll();
            memoryShort = false;
            return batch;
        } catch (OutOfMemoryError none) {
            fellShort(link, now, none);
            return null;
        }
    }

    /**
     * A buffer of this link, as long as a batch's, to be given back to the link.
     *
     * @param now on the loop's clock
     * @return null if there is no memory for it, or was none a moment ago
     */
    @Nullable
    ByteBuffer lend(Link link, long now) {
        if (isShort(now)) {
            return null;
        }
        try {
            ByteBuffer lent = link.lend(Batch.BUFFER_SIZE);
            memoryShort = false;
            return lent;
        } catch (OutOfMemoryError none) {
            fellShort(link, now, none);
            return null;
        }
    }

    private boolean isShort(long now) {
        return memoryShort && now - askedAt < SHORTAGE_NANOS;
    }

    private void fellShort(Link link, long now, OutOfMemoryError none) {
        askedAt = now;
        if (!memoryShort) {
            memoryShort = true;
            Log.thrown(
                    Level.WARNING, link.remoteAddress(), "no memory for a buffer; it is asked for again later", none);
        }
    }

    /** Takes a batch back, and gives its buffer back to the link. */
    void close(Batch batch, Link link) {
        try {
            link.release(batch.buffer());
        } finally {
            batch.clear();
            memoryShort = false;
            if (spare.size() < MOST) {
                spare.push(batch);
            }
        }
    }
}
