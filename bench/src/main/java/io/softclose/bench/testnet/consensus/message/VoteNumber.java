/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus.message;

import io.softclose.policy.priority.ConsensusMessageType;
import java.nio.ByteBuffer;

/**
 * The number of a vote among those of its author. It has the first eight bytes of the vote's signature, of which nobody looks at the rest, so that
 * one vote can be told from another of the same content; the vote itself, as {@link MessageCodec} reads it, has none.
 */
public final class VoteNumber {
    private static final int TYPE = 1;
    private static final int AUTHOR = 1;
    private static final int REF = BlockId.LENGTH + 2 * Long.BYTES + Sizes.REST_OF_BLOCK_INFO;
    private static final int QUORUM_CERT = 2 * REF + Sizes.HASH + Long.BYTES + Sizes.SIGNATURE;

    private VoteNumber() {}

    /** Whether messages of this type have a number: all kinds of votes, to give up on a round among them. */
    public static boolean has(ConsensusMessageType type) {
        return switch (type) {
            case VOTE_MSG, ORDER_VOTE_MSG, COMMIT_VOTE_MSG, ROUND_TIMEOUT_MSG -> true;
            default -> false;
        };
    }

    /**
     * Writes it.
     *
     * @param payload of a vote that {@link MessageCodec#encode} has made
     */
    public static void write(ConsensusMessageType type, byte[] payload, long number) {
        ByteBuffer.wrap(payload).putLong(place(type), number);
    }

    /**
     * Takes it out, so that what is left is the vote as it was encoded.
     *
     * @param payload is left as it is
     * @param rest takes a copy of the payload without the number
     * @return the number; 0 if the payload is no vote, or too short for one
     */
    public static long take(ByteBuffer payload, byte[] rest) {
        payload.duplicate().get(rest);
        ConsensusMessageType type = rest.length == 0
                ? null
                : ConsensusMessageType.ofIndex(rest[0] & 0xff).orElse(null);
        if (type == null || !has(type) || rest.length < place(type) + Long.BYTES) {
            return 0;
        }
        ByteBuffer copy = ByteBuffer.wrap(rest);
        long number = copy.getLong(place(type));
        copy.putLong(place(type), 0);
        return number;
    }

    private static int place(ConsensusMessageType type) {
        return switch (type) {
            case VOTE_MSG -> TYPE + 2 * REF + AUTHOR;
            case ORDER_VOTE_MSG -> TYPE + QUORUM_CERT + AUTHOR;
            case COMMIT_VOTE_MSG -> TYPE + REF + AUTHOR;
            case ROUND_TIMEOUT_MSG -> TYPE + Long.BYTES + AUTHOR;
            default -> throw new IllegalArgumentException("type: " + type + " (expected: a vote)");
        };
    }
}
