/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.raft;

import io.microraft.RaftEndpoint;
import io.microraft.model.RaftModelFactory;
import io.microraft.model.impl.DefaultRaftModelFactory;
import io.microraft.model.log.SnapshotChunk;
import io.microraft.model.message.AppendEntriesFailureResponse;
import io.microraft.model.message.AppendEntriesRequest;
import io.microraft.model.message.AppendEntriesSuccessResponse;
import io.microraft.model.message.InstallSnapshotRequest;
import io.microraft.model.message.InstallSnapshotRequest.InstallSnapshotRequestBuilder;
import io.microraft.model.message.InstallSnapshotResponse;
import io.microraft.model.message.PreVoteRequest;
import io.microraft.model.message.PreVoteResponse;
import io.microraft.model.message.RaftMessage;
import io.microraft.model.message.TriggerLeaderElectionRequest;
import io.microraft.model.message.VoteRequest;
import io.microraft.model.message.VoteResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * Raft's messages as bytes: a version, a kind, the sender, its term, and the fields of the kind, all of fixed length but for lists, which
 * have their size before them. MicroRaft leaves this to its users. Java's own serialization is not used: a peer's bytes would make
 * objects before anybody has looked at them. Thread-safe.
 */
final class RaftCodec {
    private static final byte VERSION = 1;

    private static final byte APPEND_REQUEST = 0;
    private static final byte APPEND_SUCCESS = 1;
    private static final byte APPEND_FAILURE = 2;
    private static final byte SNAPSHOT_REQUEST = 3;
    private static final byte SNAPSHOT_RESPONSE = 4;
    private static final byte PRE_VOTE_REQUEST = 5;
    private static final byte PRE_VOTE_RESPONSE = 6;
    private static final byte VOTE_REQUEST = 7;
    private static final byte VOTE_RESPONSE = 8;
    private static final byte TRIGGER_ELECTION = 9;

    private final RaftModelFactory model = new DefaultRaftModelFactory();
    private final Object group;
    private final int members;

    /** For a group of so many members. */
    RaftCodec(Object group, int members) {
        this.group = group;
        this.members = members;
    }

    /** A message as bytes. */
    byte[] encode(RaftMessage message) {
        RaftWriter writer = new RaftWriter();
        try {
            write(writer.oneByte(VERSION), message);
        } catch (IOException impossible) {
            throw new UncheckedIOException("memory cannot fail to be written", impossible);
        }
        return writer.written();
    }

    /** The message that bytes stand for. */
    RaftMessage decode(ByteBuffer bytes) throws MalformedRaftMessageException {
        RaftReader reader = new RaftReader(bytes, members, model);
        byte version = reader.oneByte();
        if (version != VERSION) {
            throw new MalformedRaftMessageException("version: " + version + " (expected: " + VERSION + ")");
        }
        byte kind = reader.oneByte();
        RaftMessage message = read(kind, reader.member(), reader.number(), reader);
        reader.end();
        return message;
    }

    private static void write(RaftWriter to, RaftMessage message) throws IOException {
        if (message instanceof AppendEntriesRequest request) {
            head(to, APPEND_REQUEST, message)
                    .number(request.getPreviousLogTerm())
                    .index(request.getPreviousLogIndex())
                    .index(request.getCommitIndex())
                    .logEntries(request.getLogEntries())
                    .index(request.getQuerySequenceNumber())
                    .index(request.getFlowControlSequenceNumber());
        } else if (message instanceof AppendEntriesSuccessResponse response) {
            head(to, APPEND_SUCCESS, message)
                    .index(response.getLastLogIndex())
                    .index(response.getQuerySequenceNumber())
                    .index(response.getFlowControlSequenceNumber());
        } else if (message instanceof AppendEntriesFailureResponse response) {
            head(to, APPEND_FAILURE, message)
                    .index(response.getExpectedNextIndex())
                    .index(response.getQuerySequenceNumber())
                    .index(response.getFlowControlSequenceNumber());
        } else if (message instanceof InstallSnapshotRequest request) {
            snapshot(head(to, SNAPSHOT_REQUEST, message), request);
        } else if (message instanceof InstallSnapshotResponse response) {
            head(to, SNAPSHOT_RESPONSE, message)
                    .index(response.getSnapshotIndex())
                    .number(response.getRequestedSnapshotChunkIndex())
                    .index(response.getQuerySequenceNumber())
                    .index(response.getFlowControlSequenceNumber());
        } else if (message instanceof PreVoteRequest request) {
            head(to, PRE_VOTE_REQUEST, message).number(request.getLastLogTerm()).index(request.getLastLogIndex());
        } else if (message instanceof PreVoteResponse response) {
            head(to, PRE_VOTE_RESPONSE, message).bool(response.isGranted());
        } else if (message instanceof VoteRequest request) {
            head(to, VOTE_REQUEST, message)
                    .number(request.getLastLogTerm())
                    .index(request.getLastLogIndex())
                    .bool(request.isSticky());
        } else if (message instanceof VoteResponse response) {
            head(to, VOTE_RESPONSE, message).bool(response.isGranted());
        } else if (message instanceof TriggerLeaderElectionRequest request) {
            head(to, TRIGGER_ELECTION, message).number(request.getLastLogTerm()).index(request.getLastLogIndex());
        } else {
            throw new IllegalArgumentException("message: " + message + " (expected: one of MicroRaft's)");
        }
    }

    private static RaftWriter head(RaftWriter to, byte kind, RaftMessage message) throws IOException {
        return to.oneByte(kind).member(message.getSender()).number(message.getTerm());
    }

    private static void snapshot(RaftWriter to, InstallSnapshotRequest request) throws IOException {
        to.bool(request.isSenderLeader())
                .number(request.getSnapshotTerm())
                .index(request.getSnapshotIndex())
                .number(request.getTotalSnapshotChunkCount())
                .members(request.getSnapshottedMembers())
                .group(request.getGroupMembersView())
                .index(request.getQuerySequenceNumber())
                .index(request.getFlowControlSequenceNumber());
        SnapshotChunk chunk = request.getSnapshotChunk();
        to.bool(chunk != null);
        if (chunk != null) {
            to.chunk(chunk);
        }
    }

    private RaftMessage read(byte kind, RaftEndpoint sender, int term, RaftReader from)
            throws MalformedRaftMessageException {
        return switch (kind) {
            case APPEND_REQUEST ->
                model.createAppendEntriesRequestBuilder()
                        .setGroupId(group)
                        .setSender(sender)
                        .setTerm(term)
                        .setPreviousLogTerm(from.number())
                        .setPreviousLogIndex(from.index())
                        .setCommitIndex(from.index())
                        .setLogEntries(from.logEntries())
                        .setQuerySequenceNumber(from.index())
                        .setFlowControlSequenceNumber(from.index())
                        .build();
            case APPEND_SUCCESS ->
                model.createAppendEntriesSuccessResponseBuilder()
                        .setGroupId(group)
                        .setSender(sender)
                        .setTerm(term)
                        .setLastLogIndex(from.index())
                        .setQuerySequenceNumber(from.index())
                        .setFlowControlSequenceNumber(from.index())
                        .build();
            case APPEND_FAILURE ->
                model.createAppendEntriesFailureResponseBuilder()
                        .setGroupId(group)
                        .setSender(sender)
                        .setTerm(term)
                        .setExpectedNextIndex(from.index())
                        .setQuerySequenceNumber(from.index())
                        .setFlowControlSequenceNumber(from.index())
                        .build();
            case SNAPSHOT_REQUEST -> snapshot(sender, term, from);
            case SNAPSHOT_RESPONSE ->
                model.createInstallSnapshotResponseBuilder()
                        .setGroupId(group)
                        .setSender(sender)
                        .setTerm(term)
                        .setSnapshotIndex(from.index())
                        .setRequestedSnapshotChunkIndex(from.number())
                        .setQuerySequenceNumber(from.index())
                        .setFlowControlSequenceNumber(from.index())
                        .build();
            case PRE_VOTE_REQUEST ->
                model.createPreVoteRequestBuilder()
                        .setGroupId(group)
                        .setSender(sender)
                        .setTerm(term)
                        .setLastLogTerm(from.number())
                        .setLastLogIndex(from.index())
                        .build();
            case PRE_VOTE_RESPONSE ->
                model.createPreVoteResponseBuilder()
                        .setGroupId(group)
                        .setSender(sender)
                        .setTerm(term)
                        .setGranted(from.bool())
                        .build();
            case VOTE_REQUEST ->
                model.createVoteRequestBuilder()
                        .setGroupId(group)
                        .setSender(sender)
                        .setTerm(term)
                        .setLastLogTerm(from.number())
                        .setLastLogIndex(from.index())
                        .setSticky(from.bool())
                        .build();
            case VOTE_RESPONSE ->
                model.createVoteResponseBuilder()
                        .setGroupId(group)
                        .setSender(sender)
                        .setTerm(term)
                        .setGranted(from.bool())
                        .build();
            case TRIGGER_ELECTION ->
                model.createTriggerLeaderElectionRequestBuilder()
                        .setGroupId(group)
                        .setSender(sender)
                        .setTerm(term)
                        .setLastLogTerm(from.number())
                        .setLastLogIndex(from.index())
                        .build();
            default ->
                throw new MalformedRaftMessageException("kind: " + kind + " (expected: 0 to " + TRIGGER_ELECTION + ")");
        };
    }

    private InstallSnapshotRequest snapshot(RaftEndpoint sender, int term, RaftReader from)
            throws MalformedRaftMessageException {
        InstallSnapshotRequestBuilder request = model.createInstallSnapshotRequestBuilder()
                .setGroupId(group)
                .setSender(sender)
                .setTerm(term)
                .setSenderLeader(from.bool())
                .setSnapshotTerm(from.number())
                .setSnapshotIndex(from.index())
                .setTotalSnapshotChunkCount(from.number())
                .setSnapshottedMembers(from.members())
                .setGroupMembersView(from.group())
                .setQuerySequenceNumber(from.index())
                .setFlowControlSequenceNumber(from.index());
        if (from.bool()) {
            request.setSnapshotChunk(from.chunk());
        }
        return request.build();
    }
}
