/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.wire;

import io.softclose.net.ProtocolId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Writes what comes before the payload in a frame: the frame's length and all of the message up to the payload's first
 * byte. The payload, which always comes last, can then be copied or gathered behind it piece by piece. Nothing is
 * allocated. The buffer's position advances; its byte order may be either and stays. It needs {@link #MAX_BYTES} of room
 * at most; with too little, a {@link java.nio.BufferOverflowException} leaves a part of the head behind. A priority, id
 * or count that the wire has no room for is an {@link IllegalArgumentException} and leaves the buffer unchanged.
 */
public final class FrameHeads {
    /** The longest head, in bytes: that of a streamed request's header with a first chunk of 2^28 bytes or more. */
    public static final int MAX_BYTES = 23;

    /** A direct send's two variants, then two bytes for protocol and priority. */
    private static final int DIRECT_SEND_VARIANTS =
            (Variants.MESSAGE << Byte.SIZE | Variants.DIRECT_SEND) << (2 * Byte.SIZE);

    private FrameHeads() {}

    /**
     * The head of a whole direct-send message.
     *
     * @param priority 0 to 255
     * @param payloadSize in bytes, all of which follow the head
     */
    public static void putDirectSend(ByteBuffer out, ProtocolId protocol, int priority, int payloadSize) {
        Unsigned.requireU8("priority", priority);
        putLength(out, Variants.DIRECT_SEND_BYTES, payloadSize);
        // Its four fields at once: this is the head of nearly every frame.
        putInt(out, DIRECT_SEND_VARIANTS | protocol.id() << Byte.SIZE | priority);
        BcsWriter.putUleb128(out, payloadSize);
    }

    /**
     * The head of a streamed direct-send message's first frame.
     *
     * @param requestId names the stream, 0 to 2^32 - 1
     * @param numFragments how many fragments will follow, 0 to 255
     * @param priority 0 to 255
     * @param chunkSize size of the first chunk in bytes, all of which follow the head
     */
    public static void putStreamHeader(
            ByteBuffer out, long requestId, int numFragments, ProtocolId protocol, int priority, int chunkSize) {
        Unsigned.requireU32("requestId", requestId);
        Unsigned.requireU8("numFragments", numFragments);
        Unsigned.requireU8("priority", priority);
        putLength(out, Variants.STREAM_HEADER_BYTES, chunkSize);
        out.put((byte) Variants.STREAM).put((byte) Variants.HEADER);
        BcsWriter.putU32(out, requestId);
        out.put((byte) numFragments);
        putDirectSendMsg(out, protocol, priority, chunkSize);
    }

    /**
     * The head of a whole request or response.
     *
     * @param payloadSize in bytes, all of which follow the head
     */
    public static void putRpc(ByteBuffer out, RpcHead head, int payloadSize) {
        putLength(out, fieldsOf(head), payloadSize);
        out.put((byte) Variants.MESSAGE);
        putRpcMessage(out, head, payloadSize);
    }

    /**
     * The head of a streamed request's or response's first frame.
     *
     * @param streamId names the stream, 0 to 2^32 - 1; not the request
     * @param numFragments how many fragments will follow, 0 to 255
     * @param chunkSize size of the first chunk in bytes, all of which follow the head
     */
    public static void putRpcStreamHeader(
            ByteBuffer out, long streamId, int numFragments, RpcHead head, int chunkSize) {
        Unsigned.requireU32("streamId", streamId);
        Unsigned.requireU8("numFragments", numFragments);
        putLength(out, Variants.STREAM_BYTES + fieldsOf(head), chunkSize);
        out.put((byte) Variants.STREAM).put((byte) Variants.HEADER);
        BcsWriter.putU32(out, streamId);
        out.put((byte) numFragments);
        putRpcMessage(out, head, chunkSize);
    }

    /**
     * The head of a fragment.
     *
     * @param requestId names the stream, 0 to 2^32 - 1
     * @param fragmentId counts the stream's fragments from 1, to 255
     * @param chunkSize size of the chunk in bytes, all of which follow the head
     */
    public static void putFragment(ByteBuffer out, long requestId, int fragmentId, int chunkSize) {
        Unsigned.requireU32("requestId", requestId);
        Unsigned.requireU8("fragmentId", fragmentId);
        putLength(out, Variants.FRAGMENT_BYTES, chunkSize);
        out.put((byte) Variants.STREAM).put((byte) Variants.FRAGMENT);
        BcsWriter.putU32(out, requestId);
        out.put((byte) fragmentId);
        BcsWriter.putUleb128(out, chunkSize);
    }

    private static void putDirectSendMsg(ByteBuffer out, ProtocolId protocol, int priority, int payloadSize) {
        out.put((byte) Variants.DIRECT_SEND).put((byte) protocol.id()).put((byte) priority);
        BcsWriter.putUleb128(out, payloadSize);
    }

    /** How many bytes a whole one has before its payload's length. */
    private static int fieldsOf(RpcHead head) {
        return head instanceof RpcHead.Request ? Variants.RPC_REQUEST_BYTES : Variants.RPC_RESPONSE_BYTES;
    }

    private static void putRpcMessage(ByteBuffer out, RpcHead head, int payloadSize) {
        if (head instanceof RpcHead.Request request) {
            out.put((byte) Variants.RPC_REQUEST).put((byte) request.protocol().id());
            BcsWriter.putU32(out, request.requestId());
            out.put((byte) request.priority());
        } else if (head instanceof RpcHead.Response response) {
            out.put((byte) Variants.RPC_RESPONSE);
            BcsWriter.putU32(out, response.requestId());
            out.put((byte) response.priority());
        }
        BcsWriter.putUleb128(out, payloadSize);
    }

    private static void putLength(ByteBuffer out, int fields, int payloadSize) {
        putInt(out, bodySize(fields, payloadSize));
    }

    /** Most significant byte first. */
    private static void putInt(ByteBuffer out, int value) {
        out.putInt(out.order() == ByteOrder.BIG_ENDIAN ? value : Integer.reverseBytes(value));
    }

    private static int bodySize(int fields, int payloadSize) {
        if (payloadSize < 0) {
            throw new IllegalArgumentException("payloadSize: " + payloadSize + " (expected: >= 0)");
        }
        return Math.addExact(fields + BcsWriter.uleb128Size(payloadSize), payloadSize);
    }
}
