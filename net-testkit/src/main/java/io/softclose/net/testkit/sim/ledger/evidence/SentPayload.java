/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.ledger.evidence;

import java.nio.ByteBuffer;

/**
 * The payload of a message in a simulation: a first byte for classifiers, then the sender and the message's number,
 * then bytes that show whether one is lost, doubled or misplaced.
 */
public final class SentPayload {
    /** The least length. */
    public static final int LEAST = 9;

    private SentPayload() {}

    public static byte[] make(byte first, int sender, int number, int size) {
        byte[] payload = new byte[size];
        ByteBuffer.wrap(payload).put(first).putInt(sender).putInt(number);
        for (int i = LEAST; i < size; i++) {
            payload[i] = filler(sender, number, i);
        }
        return payload;
    }

    public static int sender(ByteBuffer payload) {
        return payload.getInt(payload.position() + 1);
    }

    public static int number(ByteBuffer payload) {
        return payload.getInt(payload.position() + 5);
    }

    /** Whether the bytes after the first nine are the ones that were sent. */
    public static boolean intact(ByteBuffer payload) {
        int sender = sender(payload);
        int number = number(payload);
        for (int i = LEAST; i < payload.remaining(); i++) {
            if (payload.get(payload.position() + i) != filler(sender, number, i)) {
                return false;
            }
        }
        return true;
    }

    private static byte filler(int sender, int number, int index) {
        return (byte) (sender * 31 + number * 7 + index + (index >>> 8));
    }
}
