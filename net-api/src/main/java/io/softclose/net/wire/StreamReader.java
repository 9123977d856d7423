/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.wire;

import io.softclose.net.wire.MultiplexMessage.StreamFragment;
import io.softclose.net.wire.MultiplexMessage.StreamHeader;
import io.softclose.net.wire.NetworkMessage.PayloadMessage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts streamed messages of one connection together again. There is one stream at a time. Chunks are kept as they came
 * and copied once, when the last has arrived, so a message needs at most twice its size. Not thread-safe.
 *
 * <p>Whatever is rejected, the unfinished stream is discarded, its memory with it, and the reader is ready for the next
 * header; the rest of a discarded stream's fragments is rejected one by one.
 */
public final class StreamReader {
    private final int maxMessageSize;
    private final int maxFragments;
    private @Nullable Stream stream;
    private long started;

    /**
     * A reader without a stream.
     *
     * @param maxMessageSize most payload bytes of a message; longer than zero
     * @param maxFragments most fragments after a header, 1 to 255
     */
    public StreamReader(int maxMessageSize, int maxFragments) {
        if (maxMessageSize <= 0) {
            throw new IllegalArgumentException("maxMessageSize: " + maxMessageSize + " (expected: > 0)");
        }
        if (maxFragments < 1 || maxFragments > Unsigned.MAX_U8) {
            throw new IllegalArgumentException("maxFragments: " + maxFragments + " (expected: 1 to 255)");
        }
        this.maxMessageSize = maxMessageSize;
        this.maxFragments = maxFragments;
    }

    /**
     * Starts a stream. If another is unfinished, that one is discarded and reported by the exception, but the new one
     * starts all the same, as it does in AptosNet: so a sender that gives up a stream loses that one only.
     *
     * @param header its payload belongs to the reader from now on
     * @return the message, if no fragments follow, or null. No sender of AptosNet streams such a message
     * @throws WireException if another stream was unfinished, or the header announces more fragments or brings more
     *     bytes than allowed, or its message cannot be streamed. The new stream goes on only in the first case, if
     *     fragments follow
     */
    public @Nullable NetworkMessage header(StreamHeader header) {
        Stream abandoned = stream;
        stream = null;
        Stream begun = start(header);
        if (header.numFragments() > 0) {
            stream = begun;
            started++;
        }
        if (abandoned != null) {
            throw new WireException("stream header: stream " + header.requestId() + " (expected: fragment "
                    + abandoned.nextFragmentId() + " of stream " + abandoned.header.requestId() + ")");
        }
        return stream == null ? begun.whole() : null;
    }

    /**
     * Goes on with the stream.
     *
     * @param fragment its data belongs to the reader from now on
     * @return the whole message with the last fragment, null before
     * @throws WireException if there is no stream, or the fragment is of another one or not the next, or the message
     *     becomes longer than allowed
     */
    public @Nullable NetworkMessage fragment(StreamFragment fragment) {
        Stream current = stream;
        stream = null;
        if (current == null) {
            throw new WireException("stream fragment: of stream " + fragment.requestId() + " (expected: a header)");
        }
        current.append(fragment, maxMessageSize);
        if (current.isWhole()) {
            return current.whole();
        }
        stream = current;
        return null;
    }

    /** Whether a stream has started and not ended. */
    public boolean unfinished() {
        return stream != null;
    }

    /** How many payload bytes of an unfinished stream have arrived. */
    public int bufferedBytes() {
        return stream == null ? 0 : stream.size;
    }

    /** How many streams of more than a header there have been, the unfinished one included. */
    public long started() {
        return started;
    }

    /** Gives up the unfinished stream, its memory with it. */
    public void forget() {
        stream = null;
    }

    private Stream start(StreamHeader header) {
        if (!(header.message() instanceof PayloadMessage message)) {
            throw new WireException("stream header: of an error (expected: a message with a payload)");
        }
        if (header.numFragments() > maxFragments) {
            throw new WireException(
                    "stream header: " + header.numFragments() + " fragments (expected: at most " + maxFragments + ")");
        }
        Stream begun = new Stream(header, message);
        begun.add(message.payload(), maxMessageSize);
        return begun;
    }

    /** One message on its way. */
    private static final class Stream {
        final StreamHeader header;
        final PayloadMessage message;
        final List<ByteBuffer> chunks = new ArrayList<>();
        int size;

        Stream(StreamHeader header, PayloadMessage message) {
            this.header = header;
            this.message = message;
        }

        int nextFragmentId() {
            return chunks.size();
        }

        boolean isWhole() {
            return chunks.size() == header.numFragments() + 1;
        }

        void append(StreamFragment fragment, int maxMessageSize) {
            if (fragment.requestId() != header.requestId() || fragment.fragmentId() != nextFragmentId()) {
                throw new WireException("stream fragment: " + fragment.fragmentId() + " of stream "
                        + fragment.requestId() + " (expected: " + nextFragmentId() + " of stream " + header.requestId()
                        + ")");
            }
            add(fragment.rawData(), maxMessageSize);
        }

        void add(ByteBuffer chunk, int maxMessageSize) {
            if (chunk.remaining() > maxMessageSize - size) {
                throw new WireException("stream " + header.requestId() + ": " + ((long) size + chunk.remaining())
                        + " bytes (expected: at most " + maxMessageSize + ")");
            }
            chunks.add(chunk);
            size += chunk.remaining();
        }

        NetworkMessage whole() {
            if (chunks.size() == 1) {
                return message;
            }
            ByteBuffer payload = ByteBuffer.allocate(size);
            chunks.forEach(payload::put);
            return message.withPayload(payload.flip());
        }
    }
}
