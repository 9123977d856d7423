/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.tls.link;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What has arrived and was not unsealed: the beginning of a record of which the rest is to come, or what one read of the
 * link below brought when it could not be unsealed at once. Whole records are unsealed where they arrived, without a copy.
 * On the loop only.
 */
final class HeldRecords {
    /** Type, version and length. */
    private static final int HEADER = 5;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final int LEAST = 1024;

    private ByteBuffer held = NOTHING;

    boolean isEmpty() {
        return !held.hasRemaining();
    }

    int bytes() {
        return held.remaining();
    }

    /**
     * Whether a whole record is held, or what is none.
     *
     * @param most of a record, in bytes
     */
    boolean holdsRecord(int most) {
        return missing(held, most) <= 0;
    }

    /**
     * The buffer whose next bytes are a whole record, either this one or what is held.
     *
     * @param data what has arrived behind what is held; its first bytes may be moved there
     * @param most of a record, in bytes; one that claims more is left for the engine to refuse
     * @return null if there is none
     */
    @Nullable
    ByteBuffer next(ByteBuffer data, int most) {
        if (isEmpty()) {
            return missing(data, most) <= 0 ? data : null;
        }
        // Twice at most: the header, then the rest.
        for (int missing = missing(held, most); missing > 0; missing = missing(held, most)) {
            if (!data.hasRemaining()) {
                return null;
            }
            hold(data, Math.min(missing, data.remaining()));
        }
        return held;
    }

    /** Holds all of this, behind what is held. */
    void keep(ByteBuffer data) {
        if (data.hasRemaining()) {
            hold(data, data.remaining());
        } else if (isEmpty()) {
            held = NOTHING;
        }
    }

    /** Holds nothing any more. */
    void clear() {
        held = NOTHING;
    }

    private void hold(ByteBuffer data, int bytes) {
        if (held.capacity() - held.limit() < bytes) {
            ByteBuffer larger = ByteBuffer.allocate(Math.max(LEAST, 2 * (held.remaining() + bytes)));
            held = larger.put(held).flip();
        }
        int end = held.limit();
        held.limit(end + bytes).put(end, data, data.position(), bytes);
        data.position(data.position() + bytes);
    }

    /** How many bytes are missing for a record, or its header; 0 or less if it is there, or is none. */
    private static int missing(ByteBuffer bytes, int most) {
        if (bytes.remaining() < HEADER) {
            return HEADER - bytes.remaining();
        }
        int at = bytes.position();
        boolean isRecord = bytes.get(at) >= 20 && bytes.get(at) <= 24 && bytes.get(at + 1) == 3;
        int length = HEADER + Short.toUnsignedInt(bytes.getShort(at + 3));
        return isRecord && length <= most ? length - bytes.remaining() : 0;
    }
}
