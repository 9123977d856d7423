/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.raft;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.microraft.RaftEndpoint;
import io.microraft.model.RaftModelFactory;
import io.microraft.model.impl.DefaultRaftModelFactory;
import io.microraft.model.log.RaftGroupMembersView;
import io.microraft.model.message.AppendEntriesRequest;
import io.microraft.model.message.RaftMessage;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RaftCodecTest {
    private static final Object GROUP = "the group";
    private static final int MEMBERS = 3;
    private static final RaftModelFactory MODEL = new DefaultRaftModelFactory();
    private static final RaftEndpoint SENDER = new RaftMember(2);
    private static final List<RaftEndpoint> ALL = List.of(new RaftMember(0), new RaftMember(1), new RaftMember(2));

    private final RaftCodec codec = new RaftCodec(GROUP, MEMBERS);

    /** One of each kind, with a value of its own in each field. */
    static Stream<RaftMessage> messages() {
        RaftGroupMembersView view = MODEL.createRaftGroupMembersViewBuilder()
                .setLogIndex(7)
                .setMembers(ALL)
                .setVotingMembers(ALL.subList(0, 2))
                .build();
        return Stream.of(
                append(),
                MODEL.createAppendEntriesSuccessResponseBuilder()
                        .setGroupId(GROUP)
                        .setSender(SENDER)
                        .setTerm(4)
                        .setLastLogIndex(1L << 40)
                        .setQuerySequenceNumber(2)
                        .setFlowControlSequenceNumber(3)
                        .build(),
                MODEL.createAppendEntriesFailureResponseBuilder()
                        .setGroupId(GROUP)
                        .setSender(SENDER)
                        .setTerm(4)
                        .setExpectedNextIndex(1)
                        .setQuerySequenceNumber(2)
                        .setFlowControlSequenceNumber(3)
                        .build(),
                MODEL.createInstallSnapshotRequestBuilder()
                        .setGroupId(GROUP)
                        .setSender(SENDER)
                        .setTerm(4)
                        .setSenderLeader(true)
                        .setSnapshotTerm(3)
                        .setSnapshotIndex(5_000)
                        .setTotalSnapshotChunkCount(9)
                        .setSnapshottedMembers(ALL.subList(1, 3))
                        .setGroupMembersView(view)
                        .setQuerySequenceNumber(2)
                        .setFlowControlSequenceNumber(6)
                        .setSnapshotChunk(MODEL.createSnapshotChunkBuilder()
                                .setIndex(5_000)
                                .setTerm(3)
                                .setSnapshotChunkIndex(8)
                                .setSnapshotChunkCount(9)
                                .setGroupMembersView(view)
                                .setOperation(new Journal.Chunk(List.of(
                                        new Journal.Entry(1, new Operation.NewTerm()),
                                        new Journal.Entry(2, new Operation.Append(1, 0, 5)))))
                                .build())
                        .build(),
                MODEL.createInstallSnapshotRequestBuilder()
                        .setGroupId(GROUP)
                        .setSender(SENDER)
                        .setTerm(4)
                        .setSenderLeader(false)
                        .setSnapshotTerm(3)
                        .setSnapshotIndex(5_000)
                        .setTotalSnapshotChunkCount(9)
                        .setSnapshottedMembers(List.of())
                        .setGroupMembersView(view)
                        .setQuerySequenceNumber(2)
                        .setFlowControlSequenceNumber(6)
                        .build(),
                MODEL.createInstallSnapshotResponseBuilder()
                        .setGroupId(GROUP)
                        .setSender(SENDER)
                        .setTerm(4)
                        .setSnapshotIndex(5_000)
                        .setRequestedSnapshotChunkIndex(1)
                        .setQuerySequenceNumber(2)
                        .setFlowControlSequenceNumber(3)
                        .build(),
                MODEL.createPreVoteRequestBuilder()
                        .setGroupId(GROUP)
                        .setSender(SENDER)
                        .setTerm(4)
                        .setLastLogTerm(3)
                        .setLastLogIndex(99)
                        .build(),
                MODEL.createPreVoteResponseBuilder()
                        .setGroupId(GROUP)
                        .setSender(SENDER)
                        .setTerm(4)
                        .setGranted(true)
                        .build(),
                MODEL.createVoteRequestBuilder()
                        .setGroupId(GROUP)
                        .setSender(SENDER)
                        .setTerm(4)
                        .setLastLogTerm(3)
                        .setLastLogIndex(99)
                        .setSticky(true)
                        .build(),
                MODEL.createVoteResponseBuilder()
                        .setGroupId(GROUP)
                        .setSender(SENDER)
                        .setTerm(4)
                        .setGranted(false)
                        .build(),
                MODEL.createTriggerLeaderElectionRequestBuilder()
                        .setGroupId(GROUP)
                        .setSender(SENDER)
                        .setTerm(4)
                        .setLastLogTerm(3)
                        .setLastLogIndex(99)
                        .build());
    }

    private static AppendEntriesRequest append() {
        return MODEL.createAppendEntriesRequestBuilder()
                .setGroupId(GROUP)
                .setSender(SENDER)
                .setTerm(4)
                .setPreviousLogTerm(3)
                .setPreviousLogIndex(10)
                .setCommitIndex(9)
                .setLogEntries(List.of(
                        MODEL.createLogEntryBuilder()
                                .setIndex(11)
                                .setTerm(4)
                                .setOperation(new Operation.NewTerm())
                                .build(),
                        MODEL.createLogEntryBuilder()
                                .setIndex(12)
                                .setTerm(4)
                                .setOperation(new Operation.Append(7, 1L << 33, 200))
                                .build()))
                .setQuerySequenceNumber(1)
                .setFlowControlSequenceNumber(2)
                .build();
    }

    /** MicroRaft's objects have no equals, but say all that is in them. */
    @ParameterizedTest
    @MethodSource("messages")
    void whatIsWrittenIsReadAgain(RaftMessage message) throws MalformedRaftMessageException {
        RaftMessage read = codec.decode(ByteBuffer.wrap(codec.encode(message)));

        assertSame(message.getClass(), read.getClass());
        assertEquals(message.toString(), read.toString());
        assertEquals(message.getSender(), read.getSender());
        assertEquals(message.getTerm(), read.getTerm());
        assertEquals(GROUP, read.getGroupId());
        assertArrayEquals(codec.encode(message), codec.encode(read));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void noBeginningOfAMessageIsOne(RaftMessage message) {
        byte[] whole = codec.encode(message);
        for (int length = 0; length < whole.length; length++) {
            ByteBuffer part = ByteBuffer.wrap(whole, 0, length);
            assertThrows(
                    MalformedRaftMessageException.class, () -> codec.decode(part), "the first " + length + " bytes");
        }
    }

    @ParameterizedTest
    @MethodSource("messages")
    void bytesBehindAMessageAreAFault(RaftMessage message) {
        byte[] whole = codec.encode(message);
        assertMalformed("bytes behind the message: 1", Arrays.copyOf(whole, whole.length + 1));
    }

    @Test
    void aListIsNotLongerThanWhatIsThere() {
        byte[] whole = codec.encode(append());
        // Behind version, kind, sender, term, and the log's three numbers.
        ByteBuffer.wrap(whole).putInt(3 + 4 + 4 + 8 + 8, Integer.MAX_VALUE);
        assertMalformed("log entries: 2147483647 (expected: at most ", whole);
    }

    @Test
    void whoIsNoMemberSendsNothing() {
        byte[] whole = codec.encode(append());
        whole[2] = MEMBERS;
        assertMalformed("member: 3 (expected: less than 3)", whole);
    }

    @Test
    void anotherVersionAndAnotherKindAreRefused() {
        byte[] whole = codec.encode(append());
        whole[1] = 10;
        assertMalformed("kind: 10 (expected: 0 to 9)", whole);
        whole[0] = 2;
        assertMalformed("version: 2 (expected: 1)", whole);
    }

    @Test
    void aNegativeTermIsRefused() {
        byte[] whole = codec.encode(append());
        whole[3] = -1;
        assertMalformed("number: ", whole);
    }

    @Test
    void whateverComesIsReadOrRefused() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<RaftMessage> some = messages().toList();
        int read = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = codec.encode(some.get(random.nextInt(some.size())));
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                codec.encode(codec.decode(ByteBuffer.wrap(bytes)));
                read++;
            } catch (MalformedRaftMessageException expected) {
                // So it should be.
            } catch (RuntimeException other) {
                throw new AssertionError("seed " + seed + ", round " + round, other);
            }
        }
        assertTrue(read > 0, "none of them was read, seed " + seed);
    }

    private void assertMalformed(String start, byte[] bytes) {
        MalformedRaftMessageException malformed =
                assertThrows(MalformedRaftMessageException.class, () -> codec.decode(ByteBuffer.wrap(bytes)));
        assertTrue(String.valueOf(malformed.getMessage()).startsWith(start), malformed::getMessage);
    }
}
