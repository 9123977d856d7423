/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.softclose.net.Message;
import io.softclose.net.ProtocolId;
import java.nio.ByteBuffer;

/** Messages that tests tell apart by a label: the payload's text, without the dots that fill it up. */
final class Messages {
    static final ProtocolId PROTOCOL = ProtocolId.MEMPOOL_DIRECT_SEND;

    /** Bytes of a frame with a payload of less than 128 bytes, beyond that payload. */
    private static final int FRAME_BYTES = 9;

    private Messages() {}

    static Message message(String label) {
        return inLane(0, label);
    }

    /** The scripted policy takes the priority for the lane's index. */
    static Message inLane(int lane, String label) {
        return Message.of(PROTOCOL, lane, label.getBytes(US_ASCII));
    }

    /** A message with a payload of this many bytes. */
    static Message sized(String label, int size) {
        return sizedInLane(0, label, size);
    }

    static Message sizedInLane(int lane, String label, int size) {
        return inLane(lane, label + ".".repeat(size - label.length()));
    }

    static String labelOf(Message message) {
        return labelOf(message.payload());
    }

    static String labelOf(ByteBuffer payload) {
        return US_ASCII.decode(payload.duplicate()).toString().replace(".", "");
    }

    /** How many bytes of the wire a message takes that goes in one frame. */
    static int frameSize(Message message) {
        if (message.size() > 127) {
            throw new IllegalArgumentException("size: " + message.size() + " (expected: < 128)");
        }
        return FRAME_BYTES + message.size();
    }
}
