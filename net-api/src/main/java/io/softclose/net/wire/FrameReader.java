/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.wire;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Cuts one connection's inbound bytes into frames: a length of four bytes, most significant first, then that many bytes.
 * A frame that lies whole in what arrived is shown where it lies; one that arrives in pieces is collected in a heap
 * buffer that grows with the bytes that have arrived. Not thread-safe.
 */
public final class FrameReader {
    /** Size of the length before each frame, in bytes. */
    static final int PREFIX_BYTES = Integer.BYTES;

    private final int maxFrameSize;
    private final Assembly body = new Assembly();
    private int prefixCount;
    /** As far as it has arrived; whole once {@link #prefixCount} is {@link #PREFIX_BYTES}. */
    private int frameSize;

    private @Nullable WireException broken;

    /** Takes frames, one at a time. */
    @FunctionalInterface
    public interface Sink {
        /**
         * Called for each frame. What it throws reaches the caller of {@link FrameReader#feed}, with that frame
         * consumed.
         *
         * @param frame the frame's bytes between position and limit, without the length before them; valid during the
         *     call. May be empty. Position and limit may be moved
         * @return whether to go on with the next frame
         */
        boolean onFrame(ByteBuffer frame);

        /**
         * As {@link #onFrame}, for a frame that arrived in pieces and was collected: its buffer is on the heap, and may be
         * kept.
         */
        default boolean onCollected(ByteBuffer frame) {
            return onFrame(frame);
        }
    }

    /**
     * A reader at the start of a stream.
     *
     * @param maxFrameSize longest frame in bytes, without the length before it; longer than zero
     */
    public FrameReader(int maxFrameSize) {
        if (maxFrameSize <= 0) {
            throw new IllegalArgumentException("maxFrameSize: " + maxFrameSize + " (expected: > 0)");
        }
        this.maxFrameSize = maxFrameSize;
    }

    /**
     * Takes bytes that follow those of earlier calls, and shows each frame that they complete.
     *
     * @param data consumed entirely, unless the sink stops: then its position is behind the frame that was shown last.
     *     Its limit and byte order are as before when the call ends
     * @param sink takes the frames; must not feed this reader
     * @throws WireException if a frame is longer than it may be; every further call throws the same
     */
    public void feed(ByteBuffer data, Sink sink) {
        requireNonNull(sink, "sink");
        if (broken != null) {
            throw broken;
        }
        boolean goOn = true;
        while (goOn && data.hasRemaining()) {
            if (prefixCount < PREFIX_BYTES && !takePrefix(data)) {
                return;
            }
            if (body.count() == 0 && data.remaining() >= frameSize) {
                goOn = showInPlace(data, sink);
            } else if (body.take(data, frameSize)) {
                prefixCount = 0;
                goOn = sink.onCollected(body.release());
            }
        }
    }

    /** Whether a frame has begun and not ended: the end of the stream now would truncate it. */
    public boolean midFrame() {
        return prefixCount > 0;
    }

    /**
     * How many bytes of an unfinished frame have arrived, its length included. The heap held is at most twice that or
     * 64 bytes.
     */
    public int bufferedBytes() {
        return prefixCount + body.count();
    }

    /** Gives up an unfinished frame, its memory with it; the reader is not to be fed again. */
    public void forget() {
        prefixCount = 0;
        body.release();
    }

    private boolean takePrefix(ByteBuffer data) {
        if (prefixCount == 0 && data.remaining() >= PREFIX_BYTES) {
            int prefix = data.getInt();
            frameSize = data.order() == ByteOrder.BIG_ENDIAN ? prefix : Integer.reverseBytes(prefix);
            prefixCount = PREFIX_BYTES;
        }
        while (prefixCount < PREFIX_BYTES) {
            if (!data.hasRemaining()) {
                return false;
            }
            frameSize = (frameSize << Byte.SIZE) | (data.get() & 0xff);
            prefixCount++;
        }
        if (Integer.compareUnsigned(frameSize, maxFrameSize) > 0) {
            broken = new WireException("frame: " + Integer.toUnsignedString(frameSize) + " bytes (expected: at most "
                    + maxFrameSize + ")");
            throw broken;
        }
        return true;
    }

    private boolean showInPlace(ByteBuffer data, Sink sink) {
        int limit = data.limit();
        int end = data.position() + frameSize;
        prefixCount = 0;
        data.limit(end);
        try {
            return sink.onFrame(data);
        } finally {
            data.limit(limit).position(end);
        }
    }
}
