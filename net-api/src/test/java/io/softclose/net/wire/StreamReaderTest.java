/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.wire;

import static io.softclose.net.wire.Bytes.filled;
import static io.softclose.net.wire.Bytes.hex;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.ProtocolId;
import io.softclose.net.wire.MultiplexMessage.StreamFragment;
import io.softclose.net.wire.MultiplexMessage.StreamHeader;
import io.softclose.net.wire.NetworkMessage.DirectSendMsg;
import io.softclose.net.wire.NetworkMessage.PayloadMessage;
import io.softclose.net.wire.NetworkMessage.RpcRequest;
import io.softclose.net.wire.NetworkMessage.RpcResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class StreamReaderTest {
    private static final int FUZZ_ROUNDS = 20_000;

    private final StreamReader reader = new StreamReader(100, 5);

    static List<PayloadMessage> everyKindOfStreamedMessage() {
        return List.of(
                directSend("aabb"),
                new RpcRequest(ProtocolId.MEMPOOL_RPC, 77, 5, hex("aabb")),
                new RpcResponse(77, 5, hex("aabb")));
    }

    @ParameterizedTest
    @MethodSource("everyKindOfStreamedMessage")
    void theLastFragmentCompletesTheMessage(PayloadMessage message) {
        assertNull(reader.header(new StreamHeader(9, 3, message)));
        assertNull(reader.fragment(fragment(9, 1, "cc")));
        assertNull(reader.fragment(fragment(9, 2, "")));
        assertEquals(3, reader.bufferedBytes());
        assertTrue(reader.unfinished());

        assertEquals(message.withPayload(hex("aabbccdd")), reader.fragment(fragment(9, 3, "dd")));
        assertNothingIsKept();
    }

    @Test
    void aHeaderWithoutFragmentsIsTheWholeMessage() {
        assertEquals(directSend("aabb"), reader.header(new StreamHeader(9, 0, directSend("aabb"))));
        assertNothingIsKept();
    }

    @Test
    void fragmentsFollowUpTo255() {
        StreamReader longest = new StreamReader(1000, 255);
        assertNull(longest.header(header(1, 255)));
        for (int id = 1; id < 255; id++) {
            assertNull(longest.fragment(fragment(1, id, "00")));
        }

        NetworkMessage whole = longest.fragment(fragment(1, 255, "00"));

        assertEquals(257, whole == null ? -1 : whole.payloadSize());
    }

    @Test
    void aMessageOfExactlyTheLongestSizeIsTaken() {
        reader.header(new StreamHeader(9, 1, directSend("aabb")));

        NetworkMessage whole = reader.fragment(new StreamFragment(9, 1, filled(98)));

        assertEquals(100, whole == null ? -1 : whole.payloadSize());
    }

    @Test
    void aMessageOverTheLongestSizeIsRejectedAtTheByteThatExceedsIt() {
        reader.header(new StreamHeader(9, 2, directSend("aabb")));

        assertRejected(
                "stream 9: 101 bytes (expected: at most 100)",
                () -> reader.fragment(new StreamFragment(9, 1, filled(99))));
        assertNothingIsKept();
    }

    @Test
    void aFirstChunkOverTheLongestSizeIsRejected() {
        DirectSendMsg message = new DirectSendMsg(ProtocolId.MEMPOOL_DIRECT_SEND, 0, filled(101));

        assertRejected(
                "stream 9: 101 bytes (expected: at most 100)", () -> reader.header(new StreamHeader(9, 1, message)));
        assertNothingIsKept();
    }

    @Test
    void sizesDoNotOverflow() {
        StreamReader largest = new StreamReader(Integer.MAX_VALUE, 255);
        ByteBuffer sparse = ByteBuffer.allocate(1 << 24);
        DirectSendMsg message = new DirectSendMsg(ProtocolId.MEMPOOL_DIRECT_SEND, 0, sparse);
        largest.header(new StreamHeader(9, 255, message));
        for (int id = 1; id < 127; id++) {
            largest.fragment(new StreamFragment(9, id, sparse.duplicate()));
        }
        assertEquals(127 << 24, largest.bufferedBytes());

        assertRejected(
                "stream 9: 2147483648 bytes (expected: at most 2147483647)",
                () -> largest.fragment(new StreamFragment(9, 127, sparse.duplicate())));
    }

    @Test
    void aFragmentWithoutAStreamIsRejected() {
        assertRejected(
                "stream fragment: of stream 9 (expected: a header)", () -> reader.fragment(fragment(9, 1, "cc")));
    }

    @Test
    void aFragmentOutOfTurnIsRejectedAndEndsTheStream() {
        for (int wrong : List.of(0, 1, 3, 255)) {
            reader.header(header(9, 5));
            reader.fragment(fragment(9, 1, "cc"));
            assertRejected(
                    "stream fragment: " + wrong + " of stream 9 (expected: 2 of stream 9)",
                    () -> reader.fragment(fragment(9, wrong, "cc")));
            assertNothingIsKept();
        }
        assertUsable();
    }

    @Test
    void aFragmentOfAnotherStreamIsRejectedAndEndsTheStream() {
        reader.header(header(9, 5));

        assertRejected(
                "stream fragment: 1 of stream 8 (expected: 1 of stream 9)",
                () -> reader.fragment(fragment(8, 1, "cc")));
        assertNothingIsKept();
        assertRejected(
                "stream fragment: of stream 9 (expected: a header)", () -> reader.fragment(fragment(9, 1, "cc")));
        assertUsable();
    }

    @Test
    void aHeaderOverTheFragmentLimitIsRejected() {
        assertRejected("stream header: 6 fragments (expected: at most 5)", () -> reader.header(header(9, 6)));
        assertNothingIsKept();
        assertUsable();
    }

    @Test
    void anErrorIsNeverStreamed() {
        StreamHeader header = new StreamHeader(9, 1, new NetworkMessage.Error(new ErrorCode.ParsingError(0, 0)));

        assertRejected("stream header: of an error (expected: a message with a payload)", () -> reader.header(header));
        assertNothingIsKept();
        assertUsable();
    }

    @Test
    void aHeaderThatReplacesAnUnfinishedStreamIsReportedAndStartsItsOwn() {
        reader.header(header(9, 5));
        reader.fragment(fragment(9, 1, "cc"));

        assertRejected(
                "stream header: stream 10 (expected: fragment 2 of stream 9)",
                () -> reader.header(new StreamHeader(10, 1, directSend("11"))));

        assertEquals(1, reader.bufferedBytes());
        assertEquals(directSend("1122"), reader.fragment(fragment(10, 1, "22")));
        assertNothingIsKept();
    }

    @Test
    void aBadHeaderThatReplacesAnUnfinishedStreamEndsBoth() {
        reader.header(header(9, 5));

        assertRejected("stream header: 6 fragments (expected: at most 5)", () -> reader.header(header(10, 6)));
        assertNothingIsKept();
    }

    @Test
    void limitsThatAllowNothingAreRefused() {
        assertEquals(
                "maxMessageSize: 0 (expected: > 0)",
                assertThrows(IllegalArgumentException.class, () -> new StreamReader(0, 1))
                        .getMessage());
        for (int bad : List.of(0, 256)) {
            assertEquals(
                    "maxFragments: " + bad + " (expected: 1 to 255)",
                    assertThrows(IllegalArgumentException.class, () -> new StreamReader(1, bad))
                            .getMessage());
        }
    }

    /** Any two streams cut at random, the first of them perhaps given up: the second always arrives as it was. */
    @Test
    void whateverCameBeforeAWholeStreamArrives() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < FUZZ_ROUNDS; round++) {
            try {
                for (int i = random.nextInt(4); i > 0; i--) {
                    tryAnything(random);
                }
                boolean replaces = reader.unfinished();
                ByteBuffer payload = Bytes.random(random, random.nextInt(6, 101));
                int fragments = random.nextInt(1, 6);
                int first = random.nextInt(payload.limit() - fragments);
                StreamHeader header = new StreamHeader(3, fragments, directSend(payload.slice(0, first)));
                if (replaces) {
                    assertThrows(WireException.class, () -> reader.header(header));
                } else {
                    assertNull(reader.header(header));
                }
                assertEquals(directSend(payload), lastOf(fragments, payload.slice(first, payload.limit() - first)));
                assertNothingIsKept();
            } catch (Throwable e) {
                throw new AssertionError("seed " + seed + ", round " + round, e);
            }
        }
    }

    private NetworkMessage lastOf(int fragments, ByteBuffer rest) {
        for (int id = 1; id < fragments; id++) {
            assertNull(reader.fragment(new StreamFragment(3, id, rest.slice(id - 1, 1))));
        }
        ByteBuffer last = rest.slice(fragments - 1, rest.limit() - fragments + 1);
        NetworkMessage whole = reader.fragment(new StreamFragment(3, fragments, last));
        if (whole == null) {
            throw new AssertionError("no message after the last fragment");
        }
        return whole;
    }

    private void tryAnything(SplittableRandom random) {
        int size = random.nextInt(60);
        try {
            if (random.nextBoolean()) {
                reader.header(new StreamHeader(random.nextInt(2), random.nextInt(8), directSend(filled(size))));
            } else {
                reader.fragment(new StreamFragment(random.nextInt(2), random.nextInt(4), filled(size)));
            }
        } catch (WireException expected) {
            assertTrue(String.valueOf(expected.getMessage()).contains("expected: "));
        }
        assertTrue(reader.bufferedBytes() <= 100);
    }

    private void assertUsable() {
        assertNull(reader.header(new StreamHeader(1, 1, directSend("11"))));
        assertEquals(directSend("1122"), reader.fragment(fragment(1, 1, "22")));
    }

    private void assertNothingIsKept() {
        assertFalse(reader.unfinished());
        assertEquals(0, reader.bufferedBytes());
    }

    private static void assertRejected(String reason, Executable step) {
        assertEquals(reason, assertThrows(WireException.class, step).getMessage());
    }

    private static DirectSendMsg directSend(String digits) {
        return directSend(hex(digits));
    }

    private static DirectSendMsg directSend(ByteBuffer payload) {
        return new DirectSendMsg(ProtocolId.MEMPOOL_DIRECT_SEND, 3, payload);
    }

    private static StreamHeader header(long requestId, int numFragments) {
        return new StreamHeader(requestId, numFragments, directSend("aabb"));
    }

    private static StreamFragment fragment(long requestId, int fragmentId, String digits) {
        return new StreamFragment(requestId, fragmentId, hex(digits));
    }
}
