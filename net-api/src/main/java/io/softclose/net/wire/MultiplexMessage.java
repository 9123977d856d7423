/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.wire;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;

/**
 * What one frame holds: a whole message or a piece of a streamed one. AptosNet nests the two kinds of piece in a {@code
 * StreamMessage} of their own; here they stand beside the whole message. The bytes are the same.
 */
public sealed interface MultiplexMessage {
    /**
     * A whole message.
     *
     * @param message the message
     */
    record Message(NetworkMessage message) implements MultiplexMessage {
        /** Checks that there is a message. */
        public Message {
            requireNonNull(message, "message");
        }

        @Override
        public int payloadSize() {
            return message.payloadSize();
        }

        @Override
        public void write(BcsWriter out) {
            out.variant(Variants.MESSAGE);
            message.write(out);
        }
    }

    /**
     * The start of a streamed message.
     *
     * @param requestId names the stream, 0 to 2^32 - 1; not the id of an RPC
     * @param numFragments how many fragments follow, 0 to 255
     * @param message the message with the first chunk of its payload
     */
    record StreamHeader(long requestId, int numFragments, NetworkMessage message) implements MultiplexMessage {
        /** Checks the numbers' ranges. */
        public StreamHeader {
            Unsigned.requireU32("requestId", requestId);
            Unsigned.requireU8("numFragments", numFragments);
            requireNonNull(message, "message");
        }

        @Override
        public int payloadSize() {
            return message.payloadSize();
        }

        @Override
        public void write(BcsWriter out) {
            out.variant(Variants.STREAM).variant(Variants.HEADER).u32(requestId).u8(numFragments);
            message.write(out);
        }
    }

    /**
     * A later chunk of a streamed message.
     *
     * @param requestId names the stream, 0 to 2^32 - 1
     * @param fragmentId counts the stream's fragments from 1, to 255
     * @param rawData the chunk
     */
    record StreamFragment(long requestId, int fragmentId, ByteBuffer rawData) implements MultiplexMessage {
        /** Checks the numbers' ranges. */
        public StreamFragment {
            Unsigned.requireU32("requestId", requestId);
            Unsigned.requireU8("fragmentId", fragmentId);
            requireNonNull(rawData, "rawData");
        }

        @Override
        public int payloadSize() {
            return rawData.remaining();
        }

        @Override
        public void write(BcsWriter out) {
            out.variant(Variants.STREAM)
                    .variant(Variants.FRAGMENT)
                    .u32(requestId)
                    .u8(fragmentId)
                    .bytes(rawData);
        }
    }

    /** How many bytes of the application it carries. */
    int payloadSize();

    /** Writes the BCS form. */
    void write(BcsWriter out);

    /**
     * Reads the BCS form.
     *
     * @return a message whose buffer is a copy of its own
     * @throws WireException if the bytes are none
     */
    static MultiplexMessage read(BcsReader in) {
        if (in.variant("MultiplexMessage", Variants.MULTIPLEX_MESSAGES) == Variants.MESSAGE) {
            return new Message(NetworkMessage.read(in));
        }
        if (in.variant("StreamMessage", Variants.STREAM_MESSAGES) == Variants.HEADER) {
            return new StreamHeader(in.u32("request_id"), in.u8("num_fragments"), NetworkMessage.read(in));
        }
        return new StreamFragment(in.u32("request_id"), in.u8("fragment_id"), in.bytes("raw_data"));
    }
}
