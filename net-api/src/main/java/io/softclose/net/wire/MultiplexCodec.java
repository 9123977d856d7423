/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.wire;

import io.softclose.net.Message;
import io.softclose.net.ProtocolId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Turns frames into messages and back. */
public final class MultiplexCodec {
    /** More than any message has around its payload, the frame's length included: 22 bytes for a streamed request. */
    private static final int MAX_OVERHEAD = 32;

    /** The first two bytes of a direct send. */
    private static final int DIRECT_SEND = Variants.MESSAGE << Byte.SIZE | Variants.DIRECT_SEND;

    /** A ULEB128 length's fourth byte is shifted by this much: longer ones are left to {@link #decode}. */
    private static final int MAX_SIZE_SHIFT = 21;

    private MultiplexCodec() {}

    /**
     * The message of one frame.
     *
     * @param frame exactly the frame's bytes between position and limit, without the length before them. They are
     *     consumed if they are a message; otherwise the position stays
     * @return a message that shares nothing with the frame: its buffer is on the heap, with an array of its own
     * @throws WireException if the bytes are not exactly one message
     */
    public static MultiplexMessage decode(ByteBuffer frame, KnownProtocols known) {
        return decode(frame, known, false);
    }

    /**
     * As {@link #decode}, for a frame that nobody changes or uses again: a payload of some size is not copied once more.
     *
     * @return a message that may share the frame's bytes
     */
    public static MultiplexMessage decodeKept(ByteBuffer frame, KnownProtocols known) {
        return decode(frame, known, true);
    }

    private static MultiplexMessage decode(ByteBuffer frame, KnownProtocols known, boolean kept) {
        int start = frame.position();
        try {
            BcsReader in = new BcsReader(frame, known, kept);
            MultiplexMessage message = MultiplexMessage.read(in);
            in.finish();
            return message;
        } catch (WireException e) {
            frame.position(start);
            throw e;
        }
    }

    /**
     * The message of a frame that holds a whole {@code DirectSendMsg}, as nearly every frame does, made without the records
     * in between.
     *
     * @param frame as for {@link #decode}
     * @param known which protocol a byte stands for
     * @return a message with a payload of its own; null, with the frame as it was, if it is any other frame, for {@link
     *     #decode} to say what
     */
    public static @Nullable Message decodeDirectSend(ByteBuffer frame, KnownProtocols known) {
        int start = frame.position();
        int end = frame.limit();
        if (end - start <= Variants.DIRECT_SEND_BYTES) {
            return null;
        }
        int fields =
                frame.order() == ByteOrder.BIG_ENDIAN ? frame.getInt(start) : Integer.reverseBytes(frame.getInt(start));
        ProtocolId protocol = known.at((fields >>> Byte.SIZE) & 0xff);
        int payload = payloadStart(frame, start + Variants.DIRECT_SEND_BYTES, end);
        if ((fields >>> (2 * Byte.SIZE)) != DIRECT_SEND || protocol == null || payload < 0) {
            return null;
        }
        byte[] bytes = new byte[end - payload];
        frame.get(payload, bytes);
        frame.position(end);
        return Message.of(protocol, fields & 0xff, bytes);
    }

    /** Where the bytes start whose length is at an index, if they go on to the end; negative if it is not so. */
    private static int payloadStart(ByteBuffer frame, int index, int end) {
        int size = 0;
        int at = index;
        for (int shift = 0; at < end && shift <= MAX_SIZE_SHIFT; shift += 7) {
            byte next = frame.get(at++);
            size |= (next & 0x7f) << shift;
            if (next >= 0) {
                boolean padded = next == 0 && shift > 0;
                return padded || size != end - at ? -1 : at;
            }
        }
        return -1;
    }

    /**
     * The whole frame of a message, length included. It copies the payload, so it is for small messages; large ones are
     * written with {@link FrameHeads}.
     *
     * @return a heap buffer, ready to be read
     */
    public static ByteBuffer encodeFrame(MultiplexMessage message) {
        ByteBuffer frame = ByteBuffer.allocate(Math.addExact(MAX_OVERHEAD, message.payloadSize()));
        frame.position(FrameReader.PREFIX_BYTES);
        message.write(new BcsWriter(frame));
        frame.flip();
        frame.putInt(0, frame.limit() - FrameReader.PREFIX_BYTES);
        return frame;
    }
}
