/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.policy.priority.ConsensusMessageType;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A vote's number travels in its signature, and leaves no trace. */
class VoteNumberTest {
    static List<ConsensusMsg> votes() {
        return MessageCodecTest.messages().stream()
                .filter(message -> VoteNumber.has(message.type()))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("votes")
    void comesBackAndLeavesTheVoteAsItWas(ConsensusMsg vote) {
        byte[] payload = MessageCodec.encode(vote);
        byte[] before = payload.clone();
        VoteNumber.write(vote.type(), payload, 0x1234_5678_9abcL);

        byte[] rest = new byte[payload.length];
        assertEquals(0x1234_5678_9abcL, VoteNumber.take(ByteBuffer.wrap(payload).asReadOnlyBuffer(), rest));
        assertArrayEquals(before, rest);
    }

    /** Else a number would change what a vote says. */
    @ParameterizedTest
    @MethodSource("votes")
    void hasThePlaceOfASignature(ConsensusMsg vote) {
        byte[] payload = MessageCodec.encode(vote);
        VoteNumber.write(vote.type(), payload, -1);

        MalformedMessageException refused =
                assertThrows(MalformedMessageException.class, () -> MessageCodec.decode(ByteBuffer.wrap(payload)));
        assertTrue(refused.toString().contains("signature"), refused.getMessage());
    }

    @Test
    void whatIsNoVoteHasNone() {
        for (ConsensusMsg message : MessageCodecTest.messages()) {
            if (!VoteNumber.has(message.type())) {
                byte[] payload = MessageCodec.encode(message);
                byte[] rest = new byte[payload.length];
                assertEquals(0, VoteNumber.take(ByteBuffer.wrap(payload), rest));
                assertArrayEquals(payload, rest);
            }
        }
    }

    @Test
    void whatIsTooShortForAVoteHasNone() {
        byte[] stub = {(byte) ConsensusMessageType.VOTE_MSG.index(), 1, 2, 3};
        byte[] rest = new byte[stub.length];

        assertEquals(0, VoteNumber.take(ByteBuffer.wrap(stub), rest));
        assertArrayEquals(stub, rest);
        assertEquals(0, VoteNumber.take(ByteBuffer.allocate(0), new byte[0]));
    }
}
