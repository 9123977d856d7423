/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.wire;

import static io.softclose.net.wire.Bytes.filled;
import static io.softclose.net.wire.Bytes.join;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.nio.ByteOrder;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FrameHeadsTest {
    private static final ProtocolId PROTOCOL = ProtocolId.CONSENSUS_DIRECT_SEND_COMPRESSED;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 128, 16_383, 16_384, 2_097_152})
    void aHeadAndItsPayloadAreTheFrame(int size) {
        ByteBuffer payload = filled(size);
        DirectSendMsg message = new DirectSendMsg(PROTOCOL, 200, payload);

        assertHead(new Message(message), payload, out -> FrameHeads.putDirectSend(out, PROTOCOL, 200, size));
        assertHead(
                new StreamHeader(0xfedcba98L, 255, message),
                payload,
                out -> FrameHeads.putStreamHeader(out, 0xfedcba98L, 255, PROTOCOL, 200, size));
        assertHead(
                new StreamFragment(0xfedcba98L, 255, payload),
                payload,
                out -> FrameHeads.putFragment(out, 0xfedcba98L, 255, size));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 128, 16_383, 16_384, 2_097_152})
    void theHeadOfARequestOrAResponseAndItsPayloadAreTheFrame(int size) {
        ByteBuffer payload = filled(size);
        RpcHead asks = new RpcHead.Request(PROTOCOL, 0xfedcba98L, 200);
        RpcHead answers = new RpcHead.Response(0xfedcba98L, 200);
        RpcRequest request = new RpcRequest(PROTOCOL, 0xfedcba98L, 200, payload);
        RpcResponse response = new RpcResponse(0xfedcba98L, 200, payload);

        assertHead(new Message(request), payload, out -> FrameHeads.putRpc(out, asks, size));
        assertHead(new Message(response), payload, out -> FrameHeads.putRpc(out, answers, size));
        assertHead(
                new StreamHeader(7, 255, request),
                payload,
                out -> FrameHeads.putRpcStreamHeader(out, 7, 255, asks, size));
        assertHead(
                new StreamHeader(7, 255, response),
                payload,
                out -> FrameHeads.putRpcStreamHeader(out, 7, 255, answers, size));
    }

    @Test
    void theLongestHeadTakesMaxBytes() {
        ByteBuffer out = ByteBuffer.allocate(FrameHeads.MAX_BYTES);
        RpcHead asks = new RpcHead.Request(PROTOCOL, Samples.MAX_U32, 255);
        FrameHeads.putRpcStreamHeader(out, Samples.MAX_U32, 255, asks, 1 << 30);

        assertEquals(0, out.remaining());
    }

    @Test
    void whatTheWireHasNoRoomForIsRefusedBeforeAnythingIsWritten() {
        assertRefused(out -> FrameHeads.putDirectSend(out, PROTOCOL, 256, 0));
        assertRefused(out -> FrameHeads.putDirectSend(out, PROTOCOL, -1, 0));
        assertRefused(out -> FrameHeads.putDirectSend(out, PROTOCOL, 0, -1));
        assertRefused(out -> FrameHeads.putStreamHeader(out, 1L << 32, 1, PROTOCOL, 0, 1));
        assertRefused(out -> FrameHeads.putStreamHeader(out, 1, 256, PROTOCOL, 0, 1));
        assertRefused(out -> FrameHeads.putStreamHeader(out, 1, 1, PROTOCOL, 256, 1));
        assertRefused(out -> FrameHeads.putStreamHeader(out, 1, 1, PROTOCOL, 0, -1));
        assertRefused(out -> FrameHeads.putFragment(out, -1, 1, 1));
        assertRefused(out -> FrameHeads.putFragment(out, 1, 256, 1));
        assertRefused(out -> FrameHeads.putFragment(out, 1, 1, -1));
        assertRefused(out -> FrameHeads.putRpcStreamHeader(out, 1L << 32, 1, new RpcHead.Response(1, 0), 1));
        assertRefused(out -> FrameHeads.putRpcStreamHeader(out, 1, 256, new RpcHead.Response(1, 0), 1));
        assertRefused(out -> FrameHeads.putRpc(out, new RpcHead.Request(PROTOCOL, 1L << 32, 0), 1));
        assertRefused(out -> FrameHeads.putRpc(out, new RpcHead.Response(1, 256), 1));
        assertRefused(out -> FrameHeads.putRpc(out, new RpcHead.Response(1, 0), -1));
        assertOverflows(out -> FrameHeads.putDirectSend(out, PROTOCOL, 0, Integer.MAX_VALUE));
    }

    private static void assertHead(MultiplexMessage message, ByteBuffer payload, Consumer<ByteBuffer> head) {
        for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
            ByteBuffer out = ByteBuffer.allocateDirect(FrameHeads.MAX_BYTES).order(order);
            head.accept(out);
            assertEquals(order, out.order());
            ByteBuffer expected = MultiplexCodec.encodeFrame(message);
            // Compared as buffers: hexadecimal texts of megabytes tell nobody anything.
            assertTrue(expected.equals(join(out.flip(), payload)), () -> message + " in " + order);
        }
    }

    private static void assertOverflows(Consumer<ByteBuffer> head) {
        ByteBuffer out = ByteBuffer.allocate(FrameHeads.MAX_BYTES);
        assertThrows(ArithmeticException.class, () -> head.accept(out));
        assertEquals(0, out.position());
    }

    private static void assertRefused(Consumer<ByteBuffer> head) {
        ByteBuffer out = ByteBuffer.allocate(FrameHeads.MAX_BYTES);
        assertThrows(IllegalArgumentException.class, () -> head.accept(out));
        assertEquals(0, out.position());
    }
}
