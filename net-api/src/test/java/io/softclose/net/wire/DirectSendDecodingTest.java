/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.softclose.net.Message;
import io.softclose.net.ProtocolId;
import io.softclose.net.wire.NetworkMessage.DirectSendMsg;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The short way to a direct-send message takes exactly the frames that the long way takes for one. */
class DirectSendDecodingTest {
    private static final int ROUNDS = 200_000;

    @Test
    void payloadsOfEverySizeOfTheirLengthAreTaken() {
        for (int size : List.of(0, 1, 127, 128, 16_383, 16_384, (1 << 21) - 1, 1 << 21, 4_000_000)) {
            ByteBuffer frame = Samples.body(new MultiplexMessage.Message(
                    new DirectSendMsg(ProtocolId.CONSENSUS_DIRECT_SEND_BCS, 255, Bytes.filled(size))));

            Message message = MultiplexCodec.decodeDirectSend(frame, KnownProtocols.APTOS_NET);

            assertNotNull(message, () -> "of " + size + " bytes");
            assertEquals(ProtocolId.CONSENSUS_DIRECT_SEND_BCS, message.protocol());
            assertEquals(255, message.priority());
            assertEquals(Bytes.filled(size), message.payload());
            assertEquals(0, frame.remaining());
        }
    }

    @Test
    void bothWaysAgreeOnEveryMessage() {
        Samples.multiplexMessages().stream().map(Samples::body).forEach(this::assertAgree);
    }

    @Test
    void bothWaysAgreeOnDamagedMessages() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        List<ByteBuffer> valid = Stream.of(0, 3, 127, 128, 300)
                .map(size -> Samples.body(new MultiplexMessage.Message(
                        new DirectSendMsg(ProtocolId.MEMPOOL_DIRECT_SEND, 7, Bytes.filled(size)))))
                .toList();
        for (int round = 0; round < ROUNDS; round++) {
            ByteBuffer damaged = Bytes.damaged(random, valid.get(random.nextInt(valid.size())));
            try {
                assertAgree(damaged);
            } catch (Throwable e) {
                throw new AssertionError("seed " + seed + ", bytes " + Bytes.toHex(damaged), e);
            }
        }
    }

    private void assertAgree(ByteBuffer body) {
        for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
            // With bytes before and after, which are nobody's.
            ByteBuffer frame = ByteBuffer.allocate(body.remaining() + 2).order(order);
            frame.position(1).put(body.duplicate()).position(1).limit(1 + body.remaining());

            DirectSendMsg expected = directSendOf(frame.duplicate());
            Message message = MultiplexCodec.decodeDirectSend(frame, KnownProtocols.APTOS_NET);

            if (expected == null) {
                assertNull(message);
                assertEquals(1, frame.position());
            } else {
                assertNotNull(message);
                assertEquals(expected.protocolId(), message.protocol());
                assertEquals(expected.priority(), message.priority());
                assertEquals(expected.rawMsg(), message.payload());
                assertEquals(0, frame.remaining());
            }
        }
    }

    private static @Nullable DirectSendMsg directSendOf(ByteBuffer frame) {
        try {
            return MultiplexCodec.decode(frame, KnownProtocols.APTOS_NET) instanceof MultiplexMessage.Message whole
                            && whole.message() instanceof DirectSendMsg direct
                    ? direct
                    : null;
        } catch (WireException malformed) {
            return null;
        }
    }
}
