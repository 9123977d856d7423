/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.raft;

import io.microraft.RaftConfig;
import io.microraft.RaftEndpoint;
import io.microraft.RaftNode;
import io.microraft.executor.impl.DefaultRaftNodeExecutor;
import io.microraft.report.RaftTerm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Nodes of one Raft group, in this process. {@link #leader} is for any thread, the rest for one. */
final class RaftGroup {
    static final Object ID = "softclose";

    /** The shortest that MicroRaft has. */
    private static final long HEARTBEAT_SECONDS = 1;
    /** Without a heartbeat for so long a follower calls an election, and without a majority's a leader is none. */
    static final long HEARTBEAT_TIMEOUT_SECONDS = 2;

    private static final long LEAST_ELECTION_MILLIS = 500;
    private static final int TRIPS_OF_AN_ELECTION = 10;
    /** Seldom enough that a node which was stalled finds what it missed in the log, often enough that some do not. */
    private static final int COMMITS_TO_SNAPSHOT = 5_000;

    private static final long STOP_SECONDS = 30;

    private final Wiring wiring;
    private final List<RaftNode> nodes = new ArrayList<>();
    private final List<DefaultRaftNodeExecutor> executors = new ArrayList<>();
    private final List<Journal> journals = new ArrayList<>();

    /** Nodes that are not started. */
    RaftGroup(RaftSettings settings, Wiring wiring) {
        this.wiring = wiring;
        List<RaftEndpoint> members = new ArrayList<>();
        for (int index = 0; index < settings.nodes(); index++) {
            members.add(new RaftMember(index));
        }
        Duration trip = settings.path().latency().plus(settings.path().jitter());
        RaftConfig config = RaftConfig.newBuilder()
                .setLeaderHeartbeatPeriodSecs(HEARTBEAT_SECONDS)
                .setLeaderHeartbeatTimeoutSecs(HEARTBEAT_TIMEOUT_SECONDS)
                .setLeaderElectionTimeoutMillis(Math.max(LEAST_ELECTION_MILLIS, trip.toMillis() * TRIPS_OF_AN_ELECTION))
                .setCommitCountToTakeSnapshot(COMMITS_TO_SNAPSHOT)
                .build();
        for (int index = 0; index < settings.nodes(); index++) {
            Journal journal = new Journal();
            journals.add(journal);
            DefaultRaftNodeExecutor executor = new DefaultRaftNodeExecutor();
            executors.add(executor);
            nodes.add(RaftNode.newBuilder()
                    .setGroupId(ID)
                    .setLocalEndpoint(members.get(index))
                    .setInitialGroupMembers(members)
                    .setConfig(config)
                    .setExecutor(executor)
                    .setTransport(wiring.transport(index))
                    .setStateMachine(journal)
                    .setRandom(new Random(~settings.seed() * settings.nodes() + index))
                    .build());
        }
    }

    /** Connects and starts the nodes. */
    void start() throws InterruptedException {
        wiring.connect(nodes);
        nodes.forEach(node -> {
            var unused = node.start();
        });
    }

    /** Who leads, as the node with the highest term has it. */
    Optional<RaftNode> leader() {
        return nodes.stream()
                .map(RaftNode::getTerm)
                .filter(term -> term.getLeaderEndpoint() != null)
                .max(Comparator.comparingInt(RaftTerm::getTerm))
                .flatMap(term -> Optional.ofNullable(term.getLeaderEndpoint()))
                .map(leader -> nodes.get(((RaftMember) leader).index()));
    }

    /** What each node has committed. */
    List<List<Journal.Entry>> logs() {
        return journals.stream().map(Journal::entries).toList();
    }

    /** How many leaders were elected, as far as any node knows. */
    long leaders() {
        return journals.stream().mapToLong(Journal::leaders).max().orElse(0);
    }

    /** Ends the nodes, and waits for that. */
    void end() throws InterruptedException {
        CompletableFuture<?> all =
                CompletableFuture.allOf(nodes.stream().map(RaftNode::terminate).toArray(CompletableFuture<?>[]::new));
        try {
            all.get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failed) {
            throw new IllegalStateException("the group's nodes have not ended", failed);
        } finally {
            // A node that was never started leaves its own running.
            executors.forEach(executor -> executor.getExecutor().shutdownNow());
        }
    }
}
