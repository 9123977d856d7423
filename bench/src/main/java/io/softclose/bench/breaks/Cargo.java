/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.breaks;

import io.softclose.net.Message;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Messages that carry their number, by which both ends know them, and bytes that follow from it. */
final class Cargo {
    private static final int HEAD = Integer.BYTES;
    private static final int FACTOR = 31;
    private static final int MOST_SMALL = 2_000;
    private static final int MOST_FRAMES = 4;

    private Cargo() {}

    /** The size of any message, in bytes; one of ten is longer than a frame. */
    static int size(SplittableRandom random) {
        return random.nextInt(10) == 0
                ? BreakNode.FRAME_BYTES + random.nextInt(MOST_FRAMES * BreakNode.FRAME_BYTES)
                : HEAD + random.nextInt(MOST_SMALL);
    }

    /** A message that does not expire. */
    static Message message(int number, int lane, int size) {
        byte[] payload = new byte[size];
        Arrays.fill(payload, filling(number));
        ByteBuffer.wrap(payload).putInt(number);
        return Message.of(BreakNode.PROTOCOL, Sent.LANES - 1 - lane, payload);
    }

    static int number(Message message) {
        return message.payload().getInt(0);
    }

    /** Of a message whose priority has arrived as well. */
    static int lane(Message message) {
        return Sent.LANES - 1 - message.priority();
    }

    /** Whether every byte is what it was. */
    static boolean intact(Message message) {
        if (message.size() < HEAD) {
            return false;
        }
        byte filling = filling(number(message));
        for (int i = HEAD; i < message.size(); i++) {
            if (message.payloadByte(i) != filling) {
                return false;
            }
        }
        return true;
    }

    private static byte filling(int number) {
        return (byte) (number * FACTOR);
    }
}
