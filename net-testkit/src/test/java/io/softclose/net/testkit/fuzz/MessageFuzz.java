/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softclose.net.Message;
import io.softclose.net.testkit.wire.WireBytes;
import io.softclose.net.wire.KnownProtocols;
import io.softclose.net.wire.MultiplexCodec;
import io.softclose.net.wire.MultiplexMessage;
import io.softclose.net.wire.NetworkMessage.DirectSendMsg;
import io.softclose.net.wire.WireException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The decoders of messages, with any bytes and with valid messages made by {@link WireBytes}. The input is: flags, then a
 * frame's content, or choices for a message. A decoder that takes a message's one form and nothing else shows it so:
 * what is valid is taken, and what is taken encodes to the same bytes.
 */
final class MessageFuzz implements FuzzTarget {
    private static final int PREFIX = Integer.BYTES;
    private static final int KINDS = 9;
    /** Flags of an input with any bytes in either order of the buffer, and of one with choices. */
    private static final int ANY = 0;

    private static final int CHOSEN = 1;

    /** Frames' contents that are nearly messages: numbers padded, a byte too many, variants and protocols that are none. */
    private static final List<String> NEARLY = List.of(
            "00030200" + "8000",
            "00030200" + "808000",
            "00030200" + "00" + "ff",
            "00800302" + "0000",
            "00031d00" + "00",
            "00040200" + "00",
            "0101" + "01000000" + "01" + "808000",
            "000002" + "02");

    private static final int BASE = 64 * 1024;
    /** Three decodings, each with one copy, and the rejections' texts. */
    private static final int PER_BYTE = 8;

    @Override
    public String name() {
        return "messages";
    }

    @Override
    public int mutations() {
        return 60_000;
    }

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (int kind = 0; kind < KINDS; kind++) {
            for (int size : List.of(3, 200)) {
                byte[] chosen = new FuzzScript()
                        .u8(kind, 2, 0)
                        .i32(77)
                        .u8(3)
                        .bytes(FuzzInput.filler(size, kind))
                        .toBytes();
                seeds.add(script(CHOSEN, chosen));
                seeds.add(script(ANY, content(valid(new FuzzInput(chosen)))));
            }
        }
        NEARLY.forEach(digits -> seeds.add(script(ANY, HexFormat.of().parseHex(digits))));
        return seeds;
    }

    private static byte[] script(int flags, byte[] rest) {
        return new FuzzScript().u8(flags).bytes(rest).toBytes();
    }

    @Override
    public void run(byte[] bytes) {
        FuzzInput input = new FuzzInput(bytes);
        int flags = input.u8();
        ByteOrder order = FuzzInput.bit(flags, 1) ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        boolean valid = FuzzInput.bit(flags, 0);
        byte[] content = valid ? content(valid(input)) : input.rest();

        ByteBuffer frame = ByteBuffer.allocate(content.length + 2).order(order);
        frame.position(1).put(content).flip().position(1);
        MultiplexMessage decoded = decode(frame, valid);
        agree(frame.position(1), decoded);
    }

    private static @Nullable MultiplexMessage decode(ByteBuffer frame, boolean valid) {
        byte[] content = bytesOf(frame);
        Allocation allocation = new Allocation();
        MultiplexMessage[] decoded = new MultiplexMessage[1];
        try {
            allocation.of(() -> decoded[0] = MultiplexCodec.decode(frame, KnownProtocols.APTOS_NET));
        } catch (WireException malformed) {
            if (valid) {
                throw new AssertionError(
                        "refused, though valid: " + HexFormat.of().formatHex(content), malformed);
            }
        }
        allocation.requireAtMost(BASE, PER_BYTE, content.length);
        if (decoded[0] == null) {
            assertEquals(1, frame.position());
            return null;
        }
        assertEquals(0, frame.remaining());
        // A message that shares nothing with the frame is not changed by what happens to that.
        frame.put(1, new byte[content.length]);
        ByteBuffer again = MultiplexCodec.encodeFrame(decoded[0]).position(PREFIX);
        assertEquals(HexFormat.of().formatHex(content), HexFormat.of().formatHex(bytesOf(again)), "encoded again");
        frame.position(1).put(content);
        return decoded[0];
    }

    /** The short way to a direct-send message takes what the long way takes for one, and nothing else. */
    private static void agree(ByteBuffer frame, @Nullable MultiplexMessage decoded) {
        int length = frame.remaining();
        Allocation allocation = new Allocation();
        Message[] direct = new Message[1];
        allocation.of(() -> direct[0] = MultiplexCodec.decodeDirectSend(frame, KnownProtocols.APTOS_NET));
        allocation.requireAtMost(BASE, PER_BYTE, length);
        Message message = direct[0];
        if (decoded instanceof MultiplexMessage.Message whole && whole.message() instanceof DirectSendMsg expected) {
            if (message == null) {
                throw new AssertionError("the short way refuses " + expected);
            }
            assertEquals(expected.protocolId(), message.protocol());
            assertEquals(expected.priority(), message.priority());
            assertEquals(expected.rawMsg(), message.payload());
            assertEquals(0, frame.remaining());
        } else {
            assertEquals(null, message);
            assertEquals(length, frame.remaining());
        }
    }

    /** A whole frame with a message of the input's choice. */
    private static byte[] valid(FuzzInput input) {
        int kind = input.u8() % KINDS;
        int number = input.u8() % 30;
        int protocol = number == 29 ? 255 : number;
        int priority = input.u8();
        int id = input.i32();
        int fragment = input.u8();
        byte[] payload = input.rest();
        return switch (kind) {
            case 0 -> WireBytes.directSend(protocol, priority, payload);
            case 1 -> WireBytes.rpcRequest(protocol, id, priority, payload);
            case 2 -> WireBytes.rpcResponse(id, priority, payload);
            case 3 -> WireBytes.parsingError(protocol, priority);
            case 4 -> WireBytes.rpcNotSupported(protocol);
            case 5 -> WireBytes.directSendNotSupported(protocol);
            case 6 -> WireBytes.directSendHeader(id, fragment, protocol, priority, payload);
            case 7 -> WireBytes.fragment(id, fragment, payload);
            default -> WireBytes.directSend(protocol, priority, FuzzInput.filler(priority << 7, id));
        };
    }

    private static byte[] content(byte[] frame) {
        return Arrays.copyOfRange(frame, PREFIX, frame.length);
    }

    private static byte[] bytesOf(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
