/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.tls.link;

import static java.util.Objects.requireNonNull;

import io.softclose.net.spi.Link;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Records on their way to the link below, in buffers which that link lent. It knows of each record where it ends in the
 * link's stream and in the plaintext's, so it can say how much plaintext is flushed. Records are appended to the last
 * buffer as long as it has room for the longest one; so what is on its way takes at most some four times its size in memory.
 * On the loop only.
 */
final class SealedOutput {
    /** One buffer: what was sealed into it, and how much of that the link below has taken. */
    private static final class Segment {
        ByteBuffer buffer = NO_BUFFER;
        int filled;
        int given;
        long end;

        @Nullable
        Segment next;
    }

    private static final ByteBuffer NO_BUFFER = ByteBuffer.allocate(0);

    private final Link link;
    private final BufferMemory memory;
    private final RecordEnds ends = new RecordEnds();

    private @Nullable Segment first;
    private @Nullable Segment last;

    private long sealed;
    private long sealedPlain;
    private long given;
    private long flushedPlain;

    SealedOutput(Link link, BufferMemory memory) {
        this.link = link;
        this.memory = memory;
    }

    /**
     * Room for a record, at the end of what is on its way. Takes the memory that the record needs here; what it throws leaves
     * everything as it was.
     *
     * @param most of a record, in bytes
     * @throws NoBufferException if the link below has none to lend
     */
    ByteBuffer room(int most) throws NoBufferException {
        ends.ensureRoom();
        Segment present = last;
        if (present == null || present.buffer.capacity() - present.filled < most) {
            Segment fresh = new Segment();
            fresh.buffer = memory.lend(link, most);
            append(fresh);
            present = fresh;
        }
        return present.buffer.limit(present.buffer.capacity()).position(present.filled);
    }

    private void append(Segment fresh) {
        Segment before = last;
        if (before == null) {
            first = fresh;
        } else {
            before.next = fresh;
        }
        last = fresh;
    }

    /** What was put into the {@linkplain #room room} is to go: up to its position, made of so many bytes of plaintext. */
    void sealed(int plainBytes) {
        Segment present = requireNonNull(last, "last");
        int bytes = present.buffer.position() - present.filled;
        sealed += bytes;
        sealedPlain += plainBytes;
        present.filled += bytes;
        present.end = sealed;
        if (bytes > 0) {
            ends.add(sealed, sealedPlain);
        }
    }

    /** Has the link below take what it can, and gives back the buffers of what is flushed: nobody may ask for a while. */
    void push() {
        if (given < sealed) {
            give();
        }
        if (first != null) {
            settle();
        }
    }

    private void give() {
        for (Segment segment = first; segment != null; segment = segment.next) {
            if (segment.given < segment.filled) {
                segment.buffer.limit(segment.filled).position(segment.given);
                int taken = link.write(segment.buffer);
                segment.given += taken;
                given += taken;
                if (segment.given < segment.filled) {
                    return;
                }
            }
        }
    }

    /** Whether the link below has taken everything. */
    boolean allGiven() {
        return given == sealed;
    }

    /** How many bytes wait for the link below to take them. */
    long waitingBytes() {
        return sealed - given;
    }

    /** Whether the operating system has everything. */
    boolean allFlushed() {
        return settle() == sealed;
    }

    /** How many bytes of plaintext the operating system has, all of their record included. */
    long flushedPlainBytes() {
        settle();
        return flushedPlain;
    }

    /** Gives back all buffers: the link below is closed, and reads none of them any more. */
    void release() {
        settle();
        for (Segment segment = first; segment != null; segment = first) {
            giveBack(segment);
        }
    }

    /** Gives back the buffers that are flushed; returns how much is. */
    private long settle() {
        long flushed = link.flushedBytes();
        flushedPlain = ends.plainFlushed(flushed, flushedPlain);
        Segment oldest = first;
        while (oldest != null && oldest.given == oldest.filled && oldest.end <= flushed) {
            giveBack(oldest);
            oldest = first;
        }
        return flushed;
    }

    /** Gives the first buffer back. */
    private void giveBack(Segment oldest) {
        first = oldest.next;
        if (first == null) {
            last = null;
        }
        link.release(oldest.buffer);
    }

    /** Where records end: pairs of positions in the stream of the link below and in the plaintext's, in order. */
    private static final class RecordEnds {
        private long[] pairs = new long[16];
        private int first;
        private int size;

        /** Takes the memory for one more. */
        void ensureRoom() {
            if (size == pairs.length) {
                grow();
            }
        }

        /** Adds one, for which there is room. */
        void add(long end, long plainEnd) {
            int at = (first + size) % pairs.length;
            pairs[at] = end;
            pairs[at + 1] = plainEnd;
            size += 2;
        }

        /** Forgets records that are flushed; returns where the plaintext of the last one ends. */
        long plainFlushed(long flushed, long before) {
            long plain = before;
            while (size > 0 && pairs[first] <= flushed) {
                plain = pairs[first + 1];
                first = (first + 2) % pairs.length;
                size -= 2;
            }
            return plain;
        }

        private void grow() {
            long[] larger = new long[2 * pairs.length];
            for (int i = 0; i < size; i++) {
                larger[i] = pairs[(first + i) % pairs.length];
            }
            pairs = larger;
            first = 0;
        }
    }
}
