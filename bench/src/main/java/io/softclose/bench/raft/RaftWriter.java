/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.raft;

import io.microraft.RaftEndpoint;
import io.microraft.model.log.LogEntry;
import io.microraft.model.log.RaftGroupMembersView;
import io.microraft.model.log.SnapshotChunk;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Collection;
import java.util.List;

/** Writes the parts of Raft's messages. Not thread-safe. */
final class RaftWriter {
    static final byte NEW_TERM = 0;
    static final byte APPEND = 1;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    byte[] written() {
        return bytes.toByteArray();
    }

    RaftWriter oneByte(int value) throws IOException {
        out.writeByte(value);
        return this;
    }

    RaftWriter bool(boolean value) throws IOException {
        out.writeBoolean(value);
        return this;
    }

    RaftWriter number(int value) throws IOException {
        out.writeInt(value);
        return this;
    }

    RaftWriter index(long value) throws IOException {
        out.writeLong(value);
        return this;
    }

    RaftWriter member(RaftEndpoint member) throws IOException {
        return oneByte(((RaftMember) member).index());
    }

    RaftWriter members(Collection<RaftEndpoint> members) throws IOException {
        number(members.size());
        for (RaftEndpoint member : members) {
            member(member);
        }
        return this;
    }

    RaftWriter group(RaftGroupMembersView view) throws IOException {
        return index(view.getLogIndex()).members(view.getMembers()).members(view.getVotingMembers());
    }

    RaftWriter logEntries(List<LogEntry> entries) throws IOException {
        number(entries.size());
        for (LogEntry entry : entries) {
            index(entry.getIndex()).number(entry.getTerm()).operation(entry.getOperation());
        }
        return this;
    }

    RaftWriter chunk(SnapshotChunk chunk) throws IOException {
        index(chunk.getIndex())
                .number(chunk.getTerm())
                .number(chunk.getSnapshotChunkIndex())
                .number(chunk.getSnapshotChunkCount())
                .group(chunk.getGroupMembersView());
        List<Journal.Entry> entries = ((Journal.Chunk) chunk.getOperation()).entries();
        number(entries.size());
        for (Journal.Entry entry : entries) {
            index(entry.index()).operation(entry.operation());
        }
        return this;
    }

    /**
     * Writes what is replicated.
     *
     * @throws IllegalArgumentException if it is a change of members, which these groups do not make
     */
    private RaftWriter operation(Object operation) throws IOException {
        if (operation instanceof Operation.NewTerm) {
            return oneByte(NEW_TERM);
        }
        if (operation instanceof Operation.Append append) {
            oneByte(APPEND).number(append.client()).index(append.number()).number(append.padding());
            out.write(new byte[append.padding()]);
            return this;
        }
        throw new IllegalArgumentException("operation: " + operation + " (expected: one of Operation's)");
    }
}
