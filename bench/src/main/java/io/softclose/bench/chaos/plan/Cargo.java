/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.chaos.plan;

import io.softclose.net.Message;
import io.softclose.net.ProtocolId;
import io.softclose.policy.priority.MessageClass;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.SplittableRandom;

/**
 * The messages that one end sends over one connection, numbered from 0 on. Everything about a message follows from its
 * number, so both ends and the judge know it.
 *
 * @param tag no other end of no other connection has it
 * @param count how many
 * @param largest bytes of the largest
 * @param burst sent without a pause
 * @param pauseMicros after each burst
 * @param expiringPercent how many of a hundred have a time to live of some milliseconds
 */
public record Cargo(int tag, int count, int largest, int burst, int pauseMicros, int expiringPercent) {
    /** The protocol of all of them. */
    public static final ProtocolId PROTOCOL = ProtocolId.MEMPOOL_DIRECT_SEND;

    /** Number and tag, with which each payload begins. */
    public static final int HEAD = 2 * Integer.BYTES;

    private static final int MOST_TIME_TO_LIVE_MILLIS = 50;
    private static final int CRITICAL_PERCENT = 3;
    private static final int RECOVERABLE_PERCENT = 20;

    /** The message of this number. */
    public Message message(int sequence) {
        SplittableRandom chance = chance(sequence);
        Message message = Message.of(PROTOCOL, priority(chance.nextInt(100)), payload(sequence, size(chance)));
        return chance.nextInt(100) < expiringPercent
                ? message.withTimeToLive(Duration.ofMillis(1 + chance.nextInt(MOST_TIME_TO_LIVE_MILLIS)))
                : message;
    }

    /** The class of the message of this number, under a policy that sorts by class. */
    public MessageClass urgency(int sequence) {
        return urgencyOf(priority(chance(sequence).nextInt(100)));
    }

    /** The size of the payload of the message of this number, in bytes. */
    public int size(int sequence) {
        SplittableRandom chance = chance(sequence);
        chance.nextInt(100);
        return size(chance);
    }

    /** The class of a message. */
    static MessageClass urgencyOf(Message message) {
        return urgencyOf(message.priority());
    }

    /** The number of a message of this cargo; empty if it is not, byte for byte, one of them. */
    public OptionalInt recognise(Message message) {
        ByteBuffer payload = message.payload();
        if (payload.remaining() < HEAD || payload.getInt(Integer.BYTES) != tag) {
            return OptionalInt.empty();
        }
        int sequence = payload.getInt(0);
        boolean ours =
                sequence >= 0 && sequence < count && payload.equals(ByteBuffer.wrap(payload(sequence, size(sequence))));
        return ours ? OptionalInt.of(sequence) : OptionalInt.empty();
    }

    /** The number that a message of any cargo carries. */
    public static int sequence(Message message) {
        return message.payload().getInt(0);
    }

    private SplittableRandom chance(int sequence) {
        return new SplittableRandom(((long) tag << Integer.SIZE) ^ sequence);
    }

    private static int priority(int percent) {
        if (percent < CRITICAL_PERCENT) {
            return 2;
        }
        return percent < RECOVERABLE_PERCENT ? 1 : 0;
    }

    private static MessageClass urgencyOf(int priority) {
        return switch (priority) {
            case 2 -> MessageClass.CRITICAL;
            case 1 -> MessageClass.RECOVERABLE;
            default -> MessageClass.BULK;
        };
    }

    /** Most are small: the square of an even chance. */
    private int size(SplittableRandom chance) {
        double part = chance.nextDouble();
        return HEAD + (int) (part * part * (largest - HEAD));
    }

    private byte[] payload(int sequence, int size) {
        byte[] payload = new byte[size];
        Arrays.fill(payload, (byte) (sequence * 31 + tag));
        ByteBuffer.wrap(payload).putInt(sequence).putInt(tag);
        return payload;
    }
}
