/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The rules of streamed messages once more, as plainly as they can be said, for comparison with their reader. */
final class StreamModel {
    /** The answer to a step that must be refused. */
    static final String REFUSED = "refused";

    /** The answer to a step that completes nothing. */
    static final String MORE = "more to come";

    private final int mostBytes;
    private final int mostFragments;

    private final ByteArrayOutputStream payload = new ByteArrayOutputStream();
    private boolean unfinished;
    private long requestId;
    private int fragments;
    private int next;

    StreamModel(int mostBytes, int mostFragments) {
        this.mostBytes = mostBytes;
        this.mostFragments = mostFragments;
    }

    /** The answer to the step that completes a message with this payload. */
    static String whole(ByteBuffer payload) {
        return "a message of " + payload.remaining() + " bytes, hash " + payload.hashCode();
    }

    boolean unfinished() {
        return unfinished;
    }

    long requestId() {
        return requestId;
    }

    int nextFragmentId() {
        return next;
    }

    int size() {
        return unfinished ? payload.size() : 0;
    }

    /**
     * What a header must be answered with.
     *
     * @param chunk null if its message has no payload
     */
    String header(long id, int count, byte @Nullable [] chunk) {
        boolean replaces = unfinished;
        unfinished = false;
        if (chunk == null || count > mostFragments || chunk.length > mostBytes) {
            return REFUSED;
        }
        payload.reset();
        payload.writeBytes(chunk);
        requestId = id;
        fragments = count;
        next = 1;
        unfinished = count > 0;
        if (replaces) {
            return REFUSED;
        }
        return unfinished ? MORE : whole(ByteBuffer.wrap(chunk));
    }

    /** What a fragment must be answered with. */
    String fragment(long id, int fragmentId, byte[] chunk) {
        boolean expected = unfinished && id == requestId && fragmentId == next;
        unfinished = false;
        if (!expected || chunk.length > mostBytes - payload.size()) {
            return REFUSED;
        }
        payload.writeBytes(chunk);
        next++;
        unfinished = next <= fragments;
        return unfinished ? MORE : whole(ByteBuffer.wrap(payload.toByteArray()));
    }
}
