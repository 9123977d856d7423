/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
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
}
