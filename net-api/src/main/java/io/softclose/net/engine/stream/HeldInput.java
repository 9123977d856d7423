/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.stream;

import java.nio.ByteBuffer;

/** Bytes that have arrived and wait to be handed on, in order. Takes no memory while it is empty. Loop only. */
final class HeldInput {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** What is held lies between position and limit. */
    private ByteBuffer bytes = NOTHING;

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

    /** What is held, for a reader that takes some of it from the position on; {@link #taken} follows. */
    ByteBuffer bytes() {
        return bytes;
    }

    /** Forgets what was taken. */
    void taken() {
        if (isEmpty()) {
            bytes = NOTHING;
        }
    }

    /** Forgets everything. */
    void drop() {
        bytes = NOTHING;
    }
}
