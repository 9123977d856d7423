/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.priority;

import io.softclose.net.Message;
import io.softclose.net.ProtocolId;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;

/** Messages whose payload begins with one byte for their kind and four for their number. */
final class Traffic {
    /** The shortest payload. */
    static final int HEAD_BYTES = 5;

    private static final int VOTE_BYTES = 200;

    private Traffic() {}

    /** A message of a kind that its first byte tells. */
    static Message consensus(ConsensusMessageType type, int number, int size) {
        return message(ProtocolId.CONSENSUS_DIRECT_SEND_BCS, type.index(), number, size);
    }

    /** A message of state synchronisation, which is bulk. */
    static Message bulk(int number, int size) {
        return message(ProtocolId.STATE_SYNC_DIRECT_SEND, 0xff, number, size);
    }

    static List<Message> votes(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> consensus(ConsensusMessageType.VOTE_MSG, number, VOTE_BYTES))
                .toList();
    }

    static List<Message> bulk(int count, int firstNumber, int size) {
        return IntStream.range(firstNumber, firstNumber + count)
                .mapToObj(number -> bulk(number, size))
                .toList();
    }

    static boolean isVote(byte[] payload) {
        return payload[0] == ConsensusMessageType.VOTE_MSG.index();
    }

    static boolean isBulk(byte[] payload) {
        return payload[0] == (byte) 0xff;
    }

    static int number(byte[] payload) {
        return ByteBuffer.wrap(payload).getInt(1);
    }

    private static Message message(ProtocolId protocol, int kind, int number, int size) {
        byte[] payload = new byte[size];
        ByteBuffer.wrap(payload).put((byte) kind).putInt(number);
        return Message.of(protocol, 0, payload);
    }
}
