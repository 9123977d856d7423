/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.priority;

import io.softclose.net.testkit.wire.WireFrame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Messages of {@link Traffic} as a peer receives them, in the order of their starts. */
final class Arrivals {
    private final List<Arrival> started = new ArrayList<>();
    private final List<Integer> completed = new ArrayList<>();
    private int fragmentsLeft;
    private int streamed;
    private long bytes;

    /**
     * A message of which the peer has the first byte.
     *
     * @param startedAfter payload bytes that the peer had received before
     */
    record Arrival(int number, MessageClass messageClass, boolean streamed, long startedAfter) {}

    /** Reads on. */
    void add(List<WireFrame> frames) {
        frames.forEach(this::add);
    }

    List<Arrival> started() {
        return started;
    }

    /** Numbers of the messages that the peer has whole. */
    List<Integer> completed() {
        return completed;
    }

    /** Payload bytes received. */
    long bytes() {
        return bytes;
    }

    private void add(WireFrame frame) {
        if (frame instanceof WireFrame.DirectSend message) {
            completed.add(start(message, false));
            bytes += message.payload().remaining();
        } else if (frame instanceof WireFrame.StreamHeader header
                && header.message() instanceof WireFrame.DirectSend message) {
            streamed = start(message, true);
            fragmentsLeft = header.fragments();
            bytes += message.payload().remaining();
        } else if (frame instanceof WireFrame.StreamFragment fragment) {
            bytes += fragment.chunk().remaining();
            fragmentsLeft--;
            if (fragmentsLeft == 0) {
                completed.add(streamed);
            }
        } else {
            throw new AssertionError("frame: " + frame + " (expected: a message, or a part of one)");
        }
    }

    private int start(WireFrame.DirectSend message, boolean asStream) {
        ByteBuffer payload = message.payload();
        MessageClass messageClass =
                ConsensusMessageType.ofIndex(payload.get(0)).orElseThrow().messageClass();
        started.add(new Arrival(payload.getInt(1), messageClass, asStream, bytes));
        return payload.getInt(1);
    }
}
