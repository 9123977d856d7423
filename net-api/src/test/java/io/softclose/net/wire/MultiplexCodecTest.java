/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.wire;

import static io.softclose.net.wire.Bytes.assertSameBytes;
import static io.softclose.net.wire.Bytes.hex;
import static io.softclose.net.wire.Bytes.join;
import static io.softclose.net.wire.Bytes.written;
import static io.softclose.net.wire.Samples.body;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.ProtocolId;
import io.softclose.net.wire.MultiplexMessage.Message;
import io.softclose.net.wire.MultiplexMessage.StreamFragment;
import io.softclose.net.wire.MultiplexMessage.StreamHeader;
import io.softclose.net.wire.NetworkMessage.DirectSendMsg;
import io.softclose.net.wire.NetworkMessage.RpcRequest;
import io.softclose.net.wire.NetworkMessage.RpcResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class MultiplexCodecTest {
    private static final int FUZZ_ROUNDS = 200_000;

    @Test
    void directSendMatchesAptosNetsVector() {
        ByteBuffer payload = ByteBuffer.wrap("hello world".getBytes(StandardCharsets.UTF_8));
        MultiplexMessage message = new Message(new DirectSendMsg(ProtocolId.MEMPOOL_DIRECT_SEND, 0, payload));
        ByteBuffer frame = hex("00000010 00 03 02 00 0b 68656c6c6f20776f726c64");

        assertSameBytes(frame, MultiplexCodec.encodeFrame(message));
        assertEquals(message, MultiplexCodec.decode(frame.position(4), KnownProtocols.APTOS_NET));
    }

    @Test
    void rpcRequestMatchesAptosNetsVector() {
        RpcRequest request = new RpcRequest(ProtocolId.CONSENSUS_RPC_BCS, 25, 0, hex("00010203"));
        ByteBuffer struct = hex("00 19000000 00 04 00010203");

        assertSameBytes(join(hex("0000000d 00 01"), struct), MultiplexCodec.encodeFrame(new Message(request)));
        assertEquals(new Message(request), MultiplexCodec.decode(join(hex("00 01"), struct), KnownProtocols.APTOS_NET));
    }

    @Test
    void parsingErrorMatchesAptosNetsVector() {
        ErrorCode code = new ErrorCode.ParsingError(9, 5);

        assertSameBytes(hex("00 09 05"), written(code::write));
        assertEquals(code, ErrorCode.read(new BcsReader(hex("00 09 05"), KnownProtocols.APTOS_NET)));
        assertSameBytes(
                hex("00000005 00 00 00 09 05"),
                MultiplexCodec.encodeFrame(new Message(new NetworkMessage.Error(code))));
    }

    /** Written out by hand from the format's description. */
    @Test
    void everyOtherTypeHasTheDescribedBytes() {
        assertSameBytes(
                hex("00 02 ffffffff ff 01 aa"), body(new Message(new RpcResponse(Samples.MAX_U32, 255, hex("aa")))));
        assertSameBytes(
                hex("00 00 01 00 05"),
                body(new Message(new NetworkMessage.Error(
                        new ErrorCode.NotSupported(new NotSupportedType.RpcRequest(ProtocolId.HEALTH_CHECKER_RPC))))));
        assertSameBytes(
                hex("00 00 01 01 02"),
                body(new Message(new NetworkMessage.Error(new ErrorCode.NotSupported(
                        new NotSupportedType.DirectSendMsg(ProtocolId.MEMPOOL_DIRECT_SEND))))));
        assertSameBytes(
                hex("01 00 04030201 11 03 02 07 02 aabb"),
                body(new StreamHeader(
                        0x01020304, 17, new DirectSendMsg(ProtocolId.MEMPOOL_DIRECT_SEND, 7, hex("aabb")))));
        assertSameBytes(hex("01 01 04030201 11 02 aabb"), body(new StreamFragment(0x01020304, 17, hex("aabb"))));
    }

    @ParameterizedTest
    @MethodSource("io.softclose.net.wire.Samples#multiplexMessages")
    void everyMessageSurvivesTheRoundTrip(MultiplexMessage message) {
        ByteBuffer frame = MultiplexCodec.encodeFrame(message);

        assertEquals(frame.remaining() - 4, frame.getInt());
        ByteBuffer direct = Bytes.directCopyOf(frame);
        assertEquals(message, MultiplexCodec.decode(frame, KnownProtocols.APTOS_NET));
        assertEquals(message, MultiplexCodec.decode(direct, KnownProtocols.APTOS_NET));
        assertEquals(0, frame.remaining());
        assertEquals(0, direct.remaining());
        frame.position(Integer.BYTES);
        assertEquals(message, MultiplexCodec.decodeKept(frame, KnownProtocols.APTOS_NET));
        assertEquals(0, frame.remaining());
    }

    @ParameterizedTest
    @MethodSource("io.softclose.net.wire.Samples#multiplexMessages")
    void truncationAtAnyByteIsRejectedAndLeavesThePosition(MultiplexMessage message) {
        ByteBuffer whole = join(hex("ee"), body(message));

        for (int limit = 1; limit < whole.limit(); limit++) {
            ByteBuffer truncated = whole.duplicate().limit(limit).position(1);
            assertThrows(
                    WireException.class,
                    () -> MultiplexCodec.decode(truncated, KnownProtocols.APTOS_NET),
                    "cut at " + limit);
            assertEquals(1, truncated.position());
        }
    }

    @ParameterizedTest
    @MethodSource("io.softclose.net.wire.Samples#multiplexMessages")
    void aTrailingByteIsRejected(MultiplexMessage message) {
        ByteBuffer longer = join(body(message), hex("00"));

        assertThrows(WireException.class, () -> MultiplexCodec.decode(longer, KnownProtocols.APTOS_NET));
        assertEquals(0, longer.position());
    }

    @ParameterizedTest
    @CsvSource({
        "02, MultiplexMessage: variant 2",
        "8000 03 02 00 00, MultiplexMessage: ULEB128 padded",
        "01 02, StreamMessage: variant 2",
        "00 04, NetworkMessage: variant 4",
        "00 00 02, ErrorCode: variant 2",
        "00 00 01 02 00, NotSupportedType: variant 2",
        "00 00 01 00 1d, protocol_id: 29",
        "00 03 fe 00 00, protocol_id: 254",
        "00 03 02 00 8000, raw_msg: ULEB128 padded",
        "00 03 02 00 ffffffff0f, raw_msg: length 4294967295",
        "00 03 02 00 ffffffff07, raw_msg: length 2147483647",
        "01 01 00000000 01 ffffffff07 00, raw_data: length 2147483647"
    })
    void malformedMessagesAreRejectedWithTheField(String digits, String reason) {
        WireException e =
                assertThrows(WireException.class, () -> MultiplexCodec.decode(hex(digits), KnownProtocols.APTOS_NET));
        assertTrue(String.valueOf(e.getMessage()).contains(reason), e.getMessage());
    }

    @Test
    void decodedPayloadsOutliveTheReadBuffer() {
        MultiplexMessage sent = new Message(new DirectSendMsg(ProtocolId.MEMPOOL_DIRECT_SEND, 0, Bytes.filled(100)));
        ByteBuffer readBuffer = body(sent);

        MultiplexMessage received = MultiplexCodec.decode(readBuffer, KnownProtocols.APTOS_NET);
        readBuffer.clear().put(new byte[readBuffer.capacity()]);

        assertEquals(sent, received);
        ByteBuffer payload = assertInstanceOf(
                        DirectSendMsg.class,
                        assertInstanceOf(Message.class, received).message())
                .rawMsg();
        assertEquals(100, payload.capacity());
    }

    @Test
    void payloadsOfAFrameThatIsKeptAreNotCopied() {
        ByteBuffer frame = body(new StreamFragment(1, 1, hex("aabb")));
        StreamFragment decoded =
                assertInstanceOf(StreamFragment.class, MultiplexCodec.decodeKept(frame, KnownProtocols.APTOS_NET));
        ByteBuffer payload = decoded.rawData();

        frame.put(frame.limit() - 1, (byte) 0xcc);

        assertSameBytes(hex("aacc"), payload);
        assertEquals(2, payload.capacity());
    }

    @Test
    void encodingLeavesThePayloadWhereItIs() {
        ByteBuffer payload = hex("00010203").position(2).limit(3);
        MultiplexMessage message = new Message(new DirectSendMsg(ProtocolId.MEMPOOL_DIRECT_SEND, 0, payload));

        assertSameBytes(hex("00 03 02 00 01 02"), body(message));
        assertEquals(2, payload.position());
        assertEquals(1, message.payloadSize());
    }

    @Test
    void messagesWithNumbersTheWireHasNoRoomForCannotBeMade() {
        ByteBuffer none = ByteBuffer.allocate(0);
        NetworkMessage message = new RpcResponse(0, 0, none);

        for (int bad : List.of(-1, 256)) {
            assertRefused(() -> new DirectSendMsg(ProtocolId.MEMPOOL_DIRECT_SEND, bad, none));
            assertRefused(() -> new RpcRequest(ProtocolId.MEMPOOL_RPC, 0, bad, none));
            assertRefused(() -> new RpcResponse(0, bad, none));
            assertRefused(() -> new StreamHeader(0, bad, message));
            assertRefused(() -> new StreamFragment(0, bad, none));
            assertRefused(() -> new ErrorCode.ParsingError(bad, 0));
            assertRefused(() -> new ErrorCode.ParsingError(0, bad));
        }
        for (long bad : List.of(-1L, 1L << 32)) {
            assertRefused(() -> new RpcRequest(ProtocolId.MEMPOOL_RPC, bad, 0, none));
            assertRefused(() -> new RpcResponse(bad, 0, none));
            assertRefused(() -> new StreamHeader(bad, 1, message));
            assertRefused(() -> new StreamFragment(bad, 1, none));
        }
    }

    /** Strictness in one property: whatever is taken is exactly what would be written for it. */
    @Test
    void damagedMessagesAreRejectedOrAreOtherMessagesInTheirOnlyForm() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        List<ByteBuffer> valid =
                Samples.multiplexMessages().stream().map(Samples::body).toList();
        for (int round = 0; round < FUZZ_ROUNDS; round++) {
            ByteBuffer damaged = Bytes.damaged(random, valid.get(random.nextInt(valid.size())));
            try {
                assertSameBytes(damaged, body(MultiplexCodec.decode(damaged.duplicate(), KnownProtocols.APTOS_NET)));
            } catch (WireException expected) {
                assertTrue(String.valueOf(expected.getMessage()).contains("expected: "));
            } catch (Throwable e) {
                throw new AssertionError("seed " + seed + ", bytes " + Bytes.toHex(damaged), e);
            }
        }
    }

    private static void assertRefused(Runnable construction) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, construction::run);
        assertTrue(String.valueOf(e.getMessage()).contains("(expected: 0 to "), e.getMessage());
    }
}
