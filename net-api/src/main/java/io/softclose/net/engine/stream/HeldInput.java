/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.stream;

import io.softclose.net.spi.Link;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Bytes that have arrived and wait to be handed on, in order. Takes no memory while it is empty. Loop only. */
final class HeldInput {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Link link;
    private final BatchPool buffers;

    /** What is held lies between position and limit. */
    private ByteBuffer bytes = NOTHING;

    private boolean dropped;

    /**
     * Nothing yet.
     *
     * @param link that it came from
     * @param buffers of its loop
     */
    HeldInput(Link link, BatchPool buffers) {
        this.link = link;
        this.buffers = buffers;
    }

    boolean isEmpty() {
        return !bytes.hasRemaining();
    }

    /** How many bytes are held. */
    int size() {
        return bytes.remaining();
    }

    /** Copies what is left of the data, behind what is held. */
    void add(ByteBuffer data) {
        if (data.remaining() > bytes.capacity() - bytes.limit()) {
            ByteBuffer larger = ByteBuffer.allocate(Math.addExact(bytes.remaining(), data.remaining()));
            bytes = larger.put(bytes).flip();
        }
        int end = bytes.limit() + data.remaining();
        bytes.mark().position(bytes.limit()).limit(end);
        bytes.put(data).reset();
    }

    /**
     * Has a reader take what is held, the oldest of it at least, in a buffer of the link's, as all other input comes: readers
     * would be slower for good if they had ever met buffers of another kind. If there is no memory for one, it goes without.
     *
     * @param reader what it leaves goes on waiting
     * @param loser takes that if everything was {@linkplain #drop dropped} meanwhile
     */
    void handOn(Consumer<ByteBuffer> reader, Consumer<ByteBuffer> loser) {
        ByteBuffer lent = buffers.lend(link, link.loop().nanoTime());
        ByteBuffer oldest = take(lent);
        dropped = false;
        try {
            reader.accept(oldest);
        } finally {
            if (dropped) {
                loser.accept(oldest);
            } else {
                putBack(oldest.remaining());
            }
            if (lent != null) {
                link.release(lent);
            }
        }
    }

    /** Takes out as much as there is room for, or all of it, where it lies. */
    private ByteBuffer take(@Nullable ByteBuffer room) {
        int count = room == null ? size() : Math.min(size(), room.remaining());
        ByteBuffer oldest = bytes.slice(bytes.position(), count);
        bytes.position(bytes.position() + count);
        return room == null ? oldest : room.put(oldest).flip();
    }

    private void putBack(int left) {
        bytes.position(bytes.position() - left);
        if (isEmpty()) {
            bytes = NOTHING;
        }
    }

    /** Forgets everything. */
    void drop() {
        bytes = NOTHING;
        dropped = true;
    }
}
