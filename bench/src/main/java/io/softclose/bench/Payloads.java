/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench;

import io.softclose.net.Message;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Payloads that carry a sequence number, big-endian in the first four bytes, and a filler that depends on it. */
public final class Payloads {
    /** Length of the sequence number in bytes. */
    public static final int HEAD = Integer.BYTES;

    private Payloads() {}

    /**
     * The payload of a number.
     *
     * @param size length in bytes; less than {@link #HEAD} leaves only filler
     */
    public static byte[] of(int sequence, int size) {
        byte[] payload = new byte[size];
        Arrays.fill(payload, filler(sequence));
        if (size >= HEAD) {
            ByteBuffer.wrap(payload).putInt(sequence);
        }
        return payload;
    }

    /** The number in a message's payload of at least {@link #HEAD} bytes. */
    public static int sequence(Message message) {
        return message.payload().getInt(0);
    }

    /** Whether a message's payload is, byte for byte, that of its number and its size. */
    public static boolean intact(Message message) {
        ByteBuffer payload = message.payload();
        return payload.remaining() >= HEAD
                && payload.equals(ByteBuffer.wrap(of(payload.getInt(0), payload.remaining())));
    }

    private static byte filler(int sequence) {
        return (byte) (sequence * 31 + 7);
    }
}
