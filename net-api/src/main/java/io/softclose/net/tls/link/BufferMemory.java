/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.tls.link;

import io.softclose.net.log.Log;
import io.softclose.net.spi.Link;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Buffers for the links of one transport, from the links below. If there is no memory for one, none of them asks again for a
 * moment: the JDK looks for direct memory for half a second before it gives up, and the loop stands still. Thread-safe.
 */
public final class BufferMemory {
    /** For how long nobody asks: four times what an attempt takes that fails. */
    static final long SHORTAGE_NANOS = Duration.ofSeconds(2).toNanos();

    private volatile boolean isShort;
    private volatile long askedAt;

    /**
     * A buffer of this link, which is given back to it. On its loop.
     *
     * @param size the least capacity, in bytes
     * @throws NoBufferException if there is no memory for it, or was none a moment ago
     */
    ByteBuffer lend(Link link, int size) throws NoBufferException {
        long now = isShort ? link.loop().nanoTime() : 0;
        if (isShort && now - askedAt < SHORTAGE_NANOS) {
            throw new NoBufferException();
        }
        try {
            ByteBuffer lent = link.lend(size);
            isShort = false;
            return lent;
        } catch (OutOfMemoryError none) {
            askedAt = link.loop().nanoTime();
            if (!isShort) {
                isShort = true;
                Log.thrown(Level.WARNING, link.remoteAddress(), "no memory for a buffer; TLS goes on later", none);
            }
            throw new NoBufferException();
        }
    }
}
