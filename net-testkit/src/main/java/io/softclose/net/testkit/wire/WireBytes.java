/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes AptosNet's base wire byte by byte, from its published format alone: it shares no code with the framework's
 * codec, so that one cannot hide a mistake of the other. Protocols, error codes and network ids are the numbers on the
 * wire; values are not checked, so that wrong ones can be sent, too.
 *
 * <p>Every method answers whole bytes of the wire, lengths included, ready to be sent.
 */
public final class WireBytes {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private WireBytes() {}

    /**
     * A handshake, version 1.
     *
     * @param chainId 0 to 255
     * @param networkId 0 validator, 1 public, 3 vfn, 4 new_public; for a private one see {@link #privateHandshake}
     * @param protocols the numbers of the supported protocols, 0 to 255
     */
    public static byte[] handshake(int chainId, int networkId, int... protocols) {
        return handshake(chainId, new WireBytes().u8(networkId), protocols);
    }

    /** A handshake, version 1, of the private network of this ASCII name. */
    public static byte[] privateHandshake(int chainId, String network, int... protocols) {
        byte[] name = network.getBytes(StandardCharsets.US_ASCII);
        return handshake(chainId, new WireBytes().u8(2).bytes(name), protocols);
    }

    /** A direct-send message in one frame. */
    public static byte[] directSend(int protocol, int priority, byte[] payload) {
        return frame(message(directSendMessage(protocol, priority, payload)));
    }

    /** A request in one frame. */
    public static byte[] rpcRequest(int protocol, int requestId, int priority, byte[] payload) {
        return frame(message(rpcRequestMessage(protocol, requestId, priority, payload)));
    }

    /** A response in one frame. */
    public static byte[] rpcResponse(int requestId, int priority, byte[] payload) {
        return frame(message(new WireBytes().u8(2).u32(requestId).u8(priority).bytes(payload)));
    }

    /** The answer to a frame that begins with these two bytes and cannot be parsed. */
    public static byte[] parsingError(int firstByte, int secondByte) {
        return frame(message(new WireBytes().u8(0).u8(0).u8(firstByte).u8(secondByte)));
    }

    /** The answer to a request of a protocol that is not supported. */
    public static byte[] rpcNotSupported(int protocol) {
        return frame(message(new WireBytes().u8(0).u8(1).u8(0).u8(protocol)));
    }

    /** The answer to a direct-send message of a protocol that is not supported. */
    public static byte[] directSendNotSupported(int protocol) {
        return frame(message(new WireBytes().u8(0).u8(1).u8(1).u8(protocol)));
    }

    /**
     * The first frame of a streamed direct-send message.
     *
     * @param fragments how many fragments follow
     */
    public static byte[] directSendHeader(int requestId, int fragments, int protocol, int priority, byte[] firstChunk) {
        WireBytes message = directSendMessage(protocol, priority, firstChunk);
        return frame(new WireBytes()
                .u8(1)
                .u8(0)
                .u32(requestId)
                .u8(fragments)
                .raw(message.toBytes())
                .toBytes());
    }

    /**
     * A further frame of a streamed message.
     *
     * @param fragmentId from 1
     */
    public static byte[] fragment(int requestId, int fragmentId, byte[] chunk) {
        return frame(new WireBytes()
                .u8(1)
                .u8(1)
                .u32(requestId)
                .u8(fragmentId)
                .bytes(chunk)
                .toBytes());
    }

    /** Any content as a frame. */
    public static byte[] frame(byte... content) {
        return new WireBytes().length(content.length).raw(content).toBytes();
    }

    /** The four bytes with which a frame of this length begins, and no more. */
    public static byte[] frameLength(int length) {
        return new WireBytes().length(length).toBytes();
    }

    private static WireBytes directSendMessage(int protocol, int priority, byte[] payload) {
        return new WireBytes().u8(3).u8(protocol).u8(priority).bytes(payload);
    }

    private static WireBytes rpcRequestMessage(int protocol, int requestId, int priority, byte[] payload) {
        return new WireBytes().u8(1).u8(protocol).u32(requestId).u8(priority).bytes(payload);
    }

    private static byte[] message(WireBytes networkMessage) {
        return new WireBytes().u8(0).raw(networkMessage.toBytes()).toBytes();
    }

    private static byte[] handshake(int chainId, WireBytes network, int... protocols) {
        byte[] bits = new byte[32];
        int used = 0;
        for (int protocol : protocols) {
            bits[protocol / 8] |= (byte) (0x80 >> (protocol % 8));
            used = Math.max(used, protocol / 8 + 1);
        }
        byte[] content = new WireBytes()
                .u8(1) // one version
                .u8(0) // V1
                .bytes(Arrays.copyOf(bits, used))
                .u8(chainId)
                .raw(network.toBytes())
                .toBytes();
        return new WireBytes()
                .u8(content.length >> 8)
                .u8(content.length)
                .raw(content)
                .toBytes();
    }

    private WireBytes u8(int value) {
        bytes.write(value);
        return this;
    }

    private WireBytes u32(int value) {
        return raw(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
    }

    private WireBytes length(int value) {
        return raw(ByteBuffer.allocate(4).putInt(value).array());
    }

    private WireBytes raw(byte[] value) {
        bytes.writeBytes(value);
        return this;
    }

    /** A vector of bytes: their count as ULEB128, then the bytes. */
    private WireBytes bytes(byte[] value) {
        int count = value.length;
        while (count >= 0x80) {
            u8((count & 0x7f) | 0x80);
            count >>>= 7;
        }
        return u8(count).raw(value);
    }

    private byte[] toBytes() {
        return bytes.toByteArray();
    }
}
