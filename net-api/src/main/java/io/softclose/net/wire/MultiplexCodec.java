/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.wire;

import java.nio.ByteBuffer;

/** Turns frames into messages and back. */
public final class MultiplexCodec {
    /** More than any message has around its payload, the frame's length included: 22 bytes for a streamed request. */
    private static final int MAX_OVERHEAD = 32;

    private MultiplexCodec() {}

    /**
     * The message of one frame.
     *
     * @param frame exactly the frame's bytes between position and limit, without the length before them. They are
     *     consumed if they are a message; otherwise the position stays
     * @return a message that shares nothing with the frame: its buffer is on the heap, with an array of its own
     * @throws WireException if the bytes are not exactly one message
     */
    public static MultiplexMessage decode(ByteBuffer frame) {
        int start = frame.position();
        try {
            BcsReader in = new BcsReader(frame);
            MultiplexMessage message = MultiplexMessage.read(in);
            in.finish();
            return message;
        } catch (WireException e) {
            frame.position(start);
            throw e;
        }
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
