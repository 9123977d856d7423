/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softclose.net.Connection;
import io.softclose.net.Message;
import io.softclose.net.SendResult;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Messages that tell which they are: the payload begins with a number, in four bytes, big-endian. */
public final class Numbered {
    private Numbered() {}

    /** A message of {@link Node#PROTOCOL} with this number, of at least four bytes. */
    public static Message message(int number, int size) {
        return Message.of(Node.PROTOCOL, 0, bytes(number, size));
    }

    /** The payload of a numbered message, filled up with its lowest byte. */
    public static byte[] bytes(int number, int size) {
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, (byte) number);
        ByteBuffer.wrap(bytes).putInt(number);
        return bytes;
    }

    /** The number of a message. */
    public static int numberOf(Message message) {
        return numberOf(message.payload());
    }

    /** The number that a payload begins with. */
    public static int numberOf(ByteBuffer payload) {
        return payload.getInt(payload.position());
    }

    /** The numbers of messages. */
    public static List<Integer> numbersOf(List<Message> messages) {
        return messages.stream().map(Numbered::numberOf).toList();
    }

    /** The numbers from 0 on. */
    public static List<Integer> upTo(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    /** Sends messages numbered from 0 on, each of which must be accepted. */
    public static void sendAll(Connection connection, int count, int size) {
        for (int number = 0; number < count; number++) {
            assertEquals(SendResult.ACCEPTED, connection.send(message(number, size)));
        }
    }
}
