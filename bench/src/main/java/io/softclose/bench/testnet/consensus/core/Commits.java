/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus.core;

import io.softclose.bench.testnet.consensus.message.BatchProof;
import io.softclose.bench.testnet.consensus.message.BatchRef;
import io.softclose.bench.testnet.consensus.message.Block;
import io.softclose.bench.testnet.consensus.message.BlockCert;
import io.softclose.bench.testnet.consensus.message.BlockRef;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.BatchRequest;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.CommitDecision;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.CommitVote;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.OrderVote;
import io.softclose.bench.testnet.consensus.message.QuorumCert;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * From certified blocks to committed ones. A block is ordered by a quorum of order votes, or by the certificate of a block of the very next
 * round on it (two-chain); executed once the batches that it names are here; and committed by a quorum of commit votes. Two decisions that
 * exclude each other are told as such.
 */
final class Commits {
    private final Committee committee;
    private final SafetyRules safety;
    private final Certificates certificates;
    private final BlockTree tree;
    private final Batches batches;
    private final Outlet out;

    private final VoteTally orderVotes;
    private final VoteTally commitVotes;
    /** Batches that are needed: who is asked now, and how often that was in vain. */
    private final Set<BatchRef> asking = new HashSet<>();

    private final Map<BatchRef, Integer> failures = new HashMap<>();
    /** The last block that was told to be ordered; at or above the root. */
    private BlockRef ordered;
    /** The last block that was executed. */
    private BlockRef executed;

    Commits(Committee committee, SafetyRules safety, DurableState state, Outlet out) {
        this.committee = committee;
        this.safety = safety;
        certificates = state.certificates;
        tree = state.tree;
        batches = state.batches;
        this.out = out;
        orderVotes = new VoteTally(committee);
        commitVotes = new VoteTally(committee);
        ordered = tree.root();
        executed = tree.root();
    }

    BlockRef ordered() {
        return ordered;
    }

    /** Orders what a block's certificate orders, and votes to order the block itself if that is safe and there is any use in it. */
    void certified(QuorumCert cert) {
        if (cert.parent().round() + 1 == cert.round()) {
            order(new BlockCert(cert.parent(), cert.voters()));
        }
        boolean votes = cert.round() > certificates.ordered().round()
                && !orderVotes.has(cert.block(), committee.self())
                && safety.orderVote(cert);
        if (votes) {
            out.broadcast(new OrderVote(cert, committee.self()));
            orderVoted(cert.block(), committee.self());
        }
    }

    void orderVoted(BlockRef block, int author) {
        if (block.round() > certificates.ordered().round()) {
            orderVotes.add(block, author).ifPresent(voters -> order(new BlockCert(block, voters)));
        }
    }

    void commitVoted(BlockRef block, int author) {
        if (block.round() > certificates.committed().round()) {
            commitVotes.add(block, author).ifPresent(voters -> {
                BlockCert cert = new BlockCert(block, voters);
                commit(cert);
                if (proposedHere(block)) {
                    out.broadcast(new CommitDecision(cert));
                }
            });
        }
    }

    private boolean proposedHere(BlockRef block) {
        return committee.leads(block.round());
    }

    void order(BlockCert cert) {
        if (excludesCommitted(cert) || !certificates.order(cert)) {
            return;
        }
        orderVotes.forgetUpTo(cert.round());
    }

    void commit(BlockCert cert) {
        if (excludesCommitted(cert) || !certificates.commit(cert)) {
            return;
        }
        order(cert);
        commitVotes.forgetUpTo(cert.round());
    }

    private boolean excludesCommitted(BlockCert cert) {
        boolean excludes = tree.committedAt(cert.block().height())
                .filter(known -> !known.equals(cert.block()))
                .isPresent();
        if (excludes) {
            violated(cert.block(), tree.root());
        }
        return excludes;
    }

    /** Does what the certificates and the blocks that are here allow. */
    void goOn() {
        followOrder();
        execute();
        followCommit();
    }

    private void followOrder() {
        BlockRef to = certificates.ordered().block();
        if (to.round() <= ordered.round() || !tree.connects(to)) {
            return;
        }
        List<Block> path = tree.path(to);
        if (!passes(path, ordered)) {
            violated(to, ordered);
            return;
        }
        path.stream().filter(block -> block.height() > ordered.height()).forEach(out::ordered);
        ordered = to;
    }

    /** Whether blocks from the root up have this one among them, which is the root or above it. */
    private boolean passes(List<Block> path, BlockRef block) {
        return block.equals(tree.root())
                || path.stream().anyMatch(one -> one.ref().equals(block));
    }

    private void execute() {
        if (ordered.height() <= executed.height()) {
            return;
        }
        List<Block> toExecute = tree.path(ordered).stream()
                .filter(block -> block.height() > executed.height())
                .toList();
        List<BatchProof> missing = batches.missing(toExecute);
        if (missing.isEmpty()) {
            executed = ordered;
            failures.clear();
            voteToCommit();
        } else {
            missing.forEach(this::ask);
        }
    }

    /** Says again what is waited for: the vote to commit, or requests for batches. */
    void remind() {
        if (executed.round() > certificates.committed().round()) {
            voteToCommit();
        }
    }

    private void voteToCommit() {
        out.broadcast(new CommitVote(executed, committee.self()));
        commitVoted(executed, committee.self());
    }

    private void ask(BatchProof proof) {
        List<Integer> holders = proof.voters().indices().stream()
                .filter(index -> index != committee.self())
                .toList();
        if (!holders.isEmpty() && asking.add(proof.batch())) {
            int turn = failures.getOrDefault(proof.batch(), 0) % holders.size();
            out.retrieve(holders.get(turn), new BatchRequest(proof.batch()));
        }
    }

    /** A request for a batch has ended; if it was in vain, the next one goes to somebody else when something new happens. */
    void batchAnswered(BatchRef batch, boolean found) {
        asking.remove(batch);
        if (found) {
            batches.store(batch);
        } else {
            failures.merge(batch, 1, Integer::sum);
        }
    }

    private void followCommit() {
        BlockRef to = certificates.committed().block();
        if (to.round() <= tree.root().round() || !tree.connects(to)) {
            return;
        }
        if (to.height() <= ordered.height() && !passes(tree.path(ordered), to)) {
            violated(to, ordered);
            return;
        }
        for (Block block : tree.commit(to)) {
            batches.committed(block);
            out.committed(block);
        }
        if (executed.height() < to.height()) {
            executed = to;
        }
        if (ordered.height() < to.height()) {
            ordered = to;
        }
    }

    /** Goes on from a block that others have committed, although those below it are not here. */
    void startAt(Block block) {
        long next = tree.root().height() + 1;
        if (block.height() > next) {
            out.skipped(next, block.height() - 1);
        }
        tree.jump(block);
        batches.committed(block);
        ordered = block.ref();
        executed = block.ref();
        failures.clear();
        out.committed(block);
    }

    private void violated(BlockRef one, BlockRef other) {
        out.safetyViolated("block " + one + " was decided, which excludes block " + other);
    }
}
