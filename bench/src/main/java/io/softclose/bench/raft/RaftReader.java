/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.raft;

import io.microraft.RaftEndpoint;
import io.microraft.model.RaftModelFactory;
import io.microraft.model.log.LogEntry;
import io.microraft.model.log.RaftGroupMembersView;
import io.microraft.model.log.SnapshotChunk;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Reads the parts of Raft's messages, none of which may be longer than what is there. Not thread-safe. */
final class RaftReader {
    /** An index and a kind. */
    private static final int LEAST_JOURNAL_ENTRY = Long.BYTES + 1;

    private static final int LEAST_LOG_ENTRY = LEAST_JOURNAL_ENTRY + Integer.BYTES;

    private final ByteBuffer bytes;
    private final int members;
    private final RaftModelFactory model;

    /** Reads a payload of a member of a group of so many. */
    RaftReader(ByteBuffer payload, int members, RaftModelFactory model) {
        this.bytes = payload.slice();
        this.members = members;
        this.model = model;
    }

    byte oneByte() throws MalformedRaftMessageException {
        require(Byte.BYTES);
        return bytes.get();
    }

    boolean bool() throws MalformedRaftMessageException {
        byte value = oneByte();
        if (value != 0 && value != 1) {
            throw new MalformedRaftMessageException("boolean: " + value + " (expected: 0 or 1)");
        }
        return value == 1;
    }

    /** A number that is not negative. */
    int number() throws MalformedRaftMessageException {
        require(Integer.BYTES);
        return (int) notNegative(bytes.getInt());
    }

    /** A number that is not negative. */
    long index() throws MalformedRaftMessageException {
        require(Long.BYTES);
        return notNegative(bytes.getLong());
    }

    RaftEndpoint member() throws MalformedRaftMessageException {
        int index = oneByte() & 0xFF;
        if (index >= members) {
            throw new MalformedRaftMessageException("member: " + index + " (expected: less than " + members + ")");
        }
        return new RaftMember(index);
    }

    List<RaftEndpoint> members() throws MalformedRaftMessageException {
        int size = size("members", Byte.BYTES);
        List<RaftEndpoint> read = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            read.add(member());
        }
        return read;
    }

    RaftGroupMembersView group() throws MalformedRaftMessageException {
        return model.createRaftGroupMembersViewBuilder()
                .setLogIndex(index())
                .setMembers(members())
                .setVotingMembers(members())
                .build();
    }

    List<LogEntry> logEntries() throws MalformedRaftMessageException {
        int size = size("log entries", LEAST_LOG_ENTRY);
        List<LogEntry> read = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            read.add(model.createLogEntryBuilder()
                    .setIndex(index())
                    .setTerm(number())
                    .setOperation(operation())
                    .build());
        }
        return read;
    }

    SnapshotChunk chunk() throws MalformedRaftMessageException {
        return model.createSnapshotChunkBuilder()
                .setIndex(index())
                .setTerm(number())
                .setSnapshotChunkIndex(number())
                .setSnapshotChunkCount(number())
                .setGroupMembersView(group())
                .setOperation(journal())
                .build();
    }

    /** Has read everything. */
    void end() throws MalformedRaftMessageException {
        if (bytes.hasRemaining()) {
            throw new MalformedRaftMessageException(
                    "bytes behind the message: " + bytes.remaining() + " (expected: none)");
        }
    }

    private Journal.Chunk journal() throws MalformedRaftMessageException {
        int size = size("journal entries", LEAST_JOURNAL_ENTRY);
        List<Journal.Entry> read = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            read.add(new Journal.Entry(index(), operation()));
        }
        return new Journal.Chunk(read);
    }

    private Operation operation() throws MalformedRaftMessageException {
        byte kind = oneByte();
        return switch (kind) {
            case RaftWriter.NEW_TERM -> new Operation.NewTerm();
            case RaftWriter.APPEND -> append();
            default ->
                throw new MalformedRaftMessageException(
                        "operation: " + kind + " (expected: " + RaftWriter.NEW_TERM + " or " + RaftWriter.APPEND + ")");
        };
    }

    private Operation.Append append() throws MalformedRaftMessageException {
        int client = number();
        long of = index();
        int padding = number();
        if (padding > Operation.Append.MOST_PADDING) {
            throw new MalformedRaftMessageException(
                    "padding: " + padding + " (expected: at most " + Operation.Append.MOST_PADDING + ")");
        }
        require(padding);
        bytes.position(bytes.position() + padding);
        return new Operation.Append(client, of, padding);
    }

    /** How many follow, each of so many bytes at the least: so a list is never made for more than there can be. */
    private int size(String what, int leastBytes) throws MalformedRaftMessageException {
        int size = number();
        if (size > bytes.remaining() / leastBytes) {
            throw new MalformedRaftMessageException(
                    what + ": " + size + " (expected: at most " + bytes.remaining() / leastBytes + ")");
        }
        return size;
    }

    private void require(int wanted) throws MalformedRaftMessageException {
        if (bytes.remaining() < wanted) {
            throw new MalformedRaftMessageException(
                    "bytes: " + bytes.remaining() + " (expected: at least " + wanted + " more)");
        }
    }

    private static long notNegative(long value) throws MalformedRaftMessageException {
        if (value < 0) {
            throw new MalformedRaftMessageException("number: " + value + " (expected: >= 0)");
        }
        return value;
    }
}
