/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageTest {
    @Test
    void aPayloadByteIsReadByItsIndex() {
        Message message = Message.of(ProtocolId.MEMPOOL_DIRECT_SEND, 0, new byte[] {7, (byte) 0xff});

        assertEquals(7, message.payloadByte(0));
        assertEquals((byte) 0xff, message.payloadByte(1));
    }

    @Test
    void aPayloadByteIsCountedFromThePositionOfTheBufferThatWasGiven() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(4);
        buffer.put(0, (byte) 1).put(1, (byte) 2).put(2, (byte) 3).position(1).limit(3);
        Message message = Message.of(ProtocolId.MEMPOOL_DIRECT_SEND, 0, buffer);

        assertEquals(2, message.payloadByte(0));
        assertEquals(3, message.payloadByte(1));
        assertThrows(IndexOutOfBoundsException.class, () -> message.payloadByte(2));
    }

    @Test
    void aPayloadHasNoByteOutsideOfIt() {
        Message empty = Message.of(ProtocolId.MEMPOOL_DIRECT_SEND, 0, new byte[0]);

        assertThrows(IndexOutOfBoundsException.class, () -> empty.payloadByte(0));
        assertThrows(IndexOutOfBoundsException.class, () -> empty.payloadByte(-1));
    }

    @Test
    void thePayloadIsTheSameFromAnArrayAndFromABuffer() {
        byte[] bytes = {1, 2, 3, 4};
        for (Message message : List.of(
                Message.of(ProtocolId.MEMPOOL_DIRECT_SEND, 0, bytes),
                Message.of(ProtocolId.MEMPOOL_DIRECT_SEND, 0, ByteBuffer.wrap(bytes)),
                Message.of(
                                ProtocolId.MEMPOOL_DIRECT_SEND,
                                0,
                                ByteBuffer.allocateDirect(4).put(bytes).flip())
                        .withTimeToLive(Duration.ofDays(1)))) {
            ByteBuffer tail = ByteBuffer.allocate(3).position(1);

            assertEquals(2, message.copyPayload(1, tail));

            assertEquals(4, message.size());
            assertEquals(ByteBuffer.wrap(bytes), message.payload());
            assertTrue(message.payload().isReadOnly());
            assertEquals(ByteBuffer.wrap(new byte[] {0, 2, 3}), tail.flip());
            assertEquals(0, message.copyPayload(4, ByteBuffer.allocate(3)));
        }
    }
}
