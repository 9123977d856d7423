/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.fake;

import java.nio.ByteBuffer;
import java.util.IdentityHashMap;

/** The buffers that a link has lent and not got back. Confined to the link's loop. */
final class LentBuffers {
    /** Each with the stack of who borrowed it. */
    private final IdentityHashMap<ByteBuffer, AssertionError> lent = new IdentityHashMap<>();

    ByteBuffer lend(int size) {
        // Never pooled: a buffer that is used after its release must not become somebody else's.
        ByteBuffer buffer = ByteBuffer.allocateDirect(size);
        lent.put(buffer, new AssertionError("lent here: " + buffer));
        return buffer;
    }

    /**
     * Takes a buffer back and changes every byte of it, so that whoever still uses it is found out.
     *
     * @return whether it was lent
     */
    boolean takeBack(ByteBuffer buffer) {
        if (lent.remove(buffer) == null) {
            return false;
        }
        changeEveryByte(buffer.duplicate().clear());
        return true;
    }

    int count() {
        return lent.size();
    }

    void verifyNoneLeft() {
        if (!lent.isEmpty()) {
            AssertionError failure = new AssertionError("lent buffers: " + lent.size() + " not released (expected: 0)");
            lent.values().forEach(failure::addSuppressed);
            throw failure;
        }
    }

    static void changeEveryByte(ByteBuffer buffer) {
        for (int i = buffer.position(); i < buffer.limit(); i++) {
            buffer.put(i, (byte) ~buffer.get(i));
        }
    }
}
