/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.scaling;

import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.MessageHandler;
import io.softclose.net.Network;
import io.softclose.net.ProtocolId;
import io.softclose.net.Providers;
import java.nio.ByteBuffer;
import java.time.Duration;

/** What both processes have: a network with the defaults, and messages that begin with the number of their connection. */
final class Ends {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    /** The shortest payload: a number. */
    static final int LEAST_BYTES = Integer.BYTES;

    private static final ProtocolId PROTOCOL = ProtocolId.CONSENSUS_DIRECT_SEND_BCS;

    private Ends() {}

    static Network network(String transport, int connections, MessageHandler handler) {
        return Network.builder()
                .plaintext()
                .transport(Providers.transport(transport))
                .closePolicy("graceful")
                .limits(Limits.builder().maxInboundConnections(connections).build())
                .handle(PROTOCOL, handler)
                .build();
    }

    /** A payload of this size for the connection of this number. */
    static byte[] payload(int connection, int size) {
        return ByteBuffer.allocate(size).putInt(0, connection).array();
    }

    static Message message(byte[] payload) {
        return Message.of(PROTOCOL, 0, payload);
    }

    /** The connection's number. Without the view of the payload, which would be an object a message. */
    static int connection(Message message) {
        int number = 0;
        for (int at = 0; at < Integer.BYTES; at++) {
            number = number << Byte.SIZE | Byte.toUnsignedInt(message.payloadByte(at));
        }
        return number;
    }

    /** Ends a network, whatever it still holds. */
    static void end(Network network) {
        network.shutdown(Duration.ZERO).toCompletableFuture().join();
    }
}
