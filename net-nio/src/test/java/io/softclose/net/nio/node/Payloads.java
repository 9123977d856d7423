/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.node;

import io.softclose.net.Message;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Messages that tell which they are: the payload begins with a number. */
final class Payloads {
    private Payloads() {}

    /** A message with this number. */
    static Message numbered(int number, int size) {
        return Message.of(Node.PROTOCOL, 0, bytes(number, size));
    }

    /** Messages numbered from 0 on. */
    static List<Message> numbered0To(int count, int size) {
        return IntStream.range(0, count)
                .mapToObj(number -> numbered(number, size))
                .toList();
    }

    /** The payload of a numbered message, filled up with its lowest byte. */
    static byte[] bytes(int number, int size) {
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, (byte) number);
        ByteBuffer.wrap(bytes).putInt(number);
        return bytes;
    }

    /** The number of a message. */
    static int numberOf(Message message) {
        return numberOf(message.payload());
    }

    static int numberOf(ByteBuffer payload) {
        return payload.getInt(payload.position());
    }

    static List<Integer> numbersOf(List<Message> messages) {
        return messages.stream().map(Payloads::numberOf).toList();
    }

    /** The numbers from 0 on. */
    static List<Integer> upTo(int count) {
        return IntStream.range(0, count).boxed().toList();
    }
}
