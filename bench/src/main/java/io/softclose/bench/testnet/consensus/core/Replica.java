/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus.core;

import io.softclose.bench.testnet.consensus.message.BatchProof;
import io.softclose.bench.testnet.consensus.message.BatchRef;
import io.softclose.bench.testnet.consensus.message.Block;
import io.softclose.bench.testnet.consensus.message.BlockRef;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.Batch;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.BatchRequest;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.BatchResponse;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.BlockRetrievalRequest;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.BlockRetrievalResponse;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.CommitDecision;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.CommitVote;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.OrderVote;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.ProofOfStore;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.Proposal;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.RoundTimeout;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.SignedBatchInfo;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.Sync;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.Vote;
import io.softclose.bench.testnet.consensus.message.MessageCodec;
import io.softclose.bench.testnet.consensus.message.QuorumCert;
import io.softclose.bench.testnet.consensus.message.SyncInfo;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A validator's decisions: what comes goes in, and what is to be done goes to the {@link Outlet}. How to read it: messages ({@link #received}
 * and what follows) bring certificates, which alone move rounds ({@link #takeOver}); after each step {@link #goOn} does what has become possible.
 * Not thread-safe.
 */
public final class Replica {
    private final Committee committee;
    private final int proposalBytes;
    private final Outlet out;

    // Durable.
    private final Certificates certificates;
    private final BlockTree tree;
    private final Batches batches;

    private final SafetyRules safety;
    private final RoundState rounds;
    private final Commits commits;
    private final Retrieval retrieval;
    private final QuorumStore quorumStore;

    // Of the present round.
    private final VoteTally votes;
    private @Nullable Block proposal;
    private boolean mayPropose;

    /**
     * A replica that goes on where the last one with this state was.
     *
     * @param rules by which it speaks; made of what it has said
     * @param proposalBytes to which its proposals are filled up
     */
    public Replica(
            Committee committee,
            Timeouts timeouts,
            int proposalBytes,
            DurableState state,
            Function<SafetyRules.SafetyData, SafetyRules> rules,
            Outlet out) {
        this.committee = committee;
        this.proposalBytes = proposalBytes;
        this.out = out;
        certificates = state.certificates;
        tree = state.tree;
        batches = state.batches;
        safety = rules.apply(state.safety);
        rounds = new RoundState(committee, timeouts);
        commits = new Commits(committee, safety, state, out);
        retrieval = new Retrieval(committee, state, out, commits::startAt);
        quorumStore = new QuorumStore(committee, batches, out);
        votes = new VoteTally(committee);
    }

    /** Begins with the round that its certificates say. */
    public void start() {
        goOn();
    }

    // What it tells.

    /** The present round; 0 before the start. */
    public long round() {
        return rounds.round();
    }

    /** The highest round that it knows to be certified. */
    public long certifiedRound() {
        return certificates.certified().round();
    }

    /** The last round whose block is ordered here. */
    public long orderedRound() {
        return commits.ordered().round();
    }

    /** The last committed block. */
    public BlockRef committed() {
        return tree.root();
    }

    /** The last committed blocks, in order. */
    public List<BlockRef> lastCommitted() {
        return tree.committed();
    }

    /** How many blocks are here that are not committed. */
    public int pendingBlocks() {
        return tree.pending();
    }

    // What comes.

    /**
     * Takes a message.
     *
     * @param from who has sent it, for certain
     */
    public void received(int from, ConsensusMsg message) {
        if (message instanceof Proposal its) {
            onProposal(from, its);
        } else if (message instanceof Vote its) {
            onVote(from, its);
        } else if (message instanceof OrderVote its) {
            onOrderVote(from, its);
        } else if (message instanceof CommitVote its) {
            if (isBy(from, its.author(), its)) {
                commits.commitVoted(its.block(), from);
            }
        } else if (message instanceof CommitDecision its) {
            onCommitDecision(from, its);
        } else if (message instanceof RoundTimeout its) {
            onRoundTimeout(from, its);
        } else if (message instanceof Sync its) {
            takeOver(from, its, its.sync());
        } else if (message instanceof Batch its) {
            if (isBy(from, its.batch().author(), its)) {
                quorumStore.store(from, its.batch());
            }
        } else if (message instanceof SignedBatchInfo its) {
            if (isBy(from, its.author(), its)) {
                quorumStore.signed(its.batch(), from);
            }
        } else if (message instanceof ProofOfStore its) {
            quorumStore.proven(from, its.proof());
        } else {
            out.rejected(message.type().wireName() + " from " + from + " (expected: as a request)");
        }
        goOn();
    }

    private boolean isBy(int from, int author, ConsensusMsg message) {
        if (from != author) {
            out.rejected(message.type().wireName() + " of " + author + " from " + from + " (expected: its own)");
        }
        return from == author;
    }

    private void onProposal(int from, Proposal message) {
        Block block = message.block();
        boolean proper = isBy(from, block.author(), message) && takeOver(from, message, message.sync());
        if (!proper || block.round() != rounds.round() || proposal != null) {
            return;
        }
        boolean built = block.author() == committee.leader(block.round())
                && block.isWellFormed()
                && committee.holds(block.parentCert());
        if (!built) {
            out.rejected(
                    "proposal " + block.ref() + " from " + from + " (expected: the leader's, on a certified block)");
            return;
        }
        out.proposalReceived(block.round());
        proposal = block;
    }

    private void onVote(int from, Vote message) {
        BlockRef block = message.block();
        if (!isBy(from, message.author(), message)
                || !takeOver(from, message, message.sync())
                || block.round() != rounds.round()) {
            return;
        }
        if (!committee.leads(block.round() + 1)) {
            out.rejected("vote for round " + block.round() + " (expected: to its next leader)");
            return;
        }
        voted(block, message.parent(), from);
    }

    private void voted(BlockRef block, BlockRef parent, int author) {
        votes.add(block, author).ifPresent(voters -> certified(new QuorumCert(block, parent, voters)));
    }

    private void onOrderVote(int from, OrderVote message) {
        if (!isBy(from, message.author(), message)) {
            return;
        }
        if (!committee.holds(message.cert())) {
            out.rejected("order vote from " + from + " (expected: with a quorum certificate)");
            return;
        }
        certified(message.cert());
        commits.orderVoted(message.cert().block(), from);
    }

    private void onCommitDecision(int from, CommitDecision message) {
        if (!committee.holds(message.cert())) {
            out.rejected("commit decision from " + from + " (expected: with a quorum)");
            return;
        }
        commits.commit(message.cert());
    }

    private void onRoundTimeout(int from, RoundTimeout message) {
        if (!isBy(from, message.author(), message) || !takeOver(from, message, message.sync())) {
            return;
        }
        if (message.round() != message.sync().round()) {
            out.rejected("timeout of round " + message.round() + " from " + from + " (expected: of "
                    + message.sync().round() + ", as its certificates say)");
        } else if (certificates.isAheadOf(message.sync())) {
            out.send(from, new Sync(certificates.sync()));
        }
        if (message.round() == rounds.round()
                && message.round() == message.sync().round()) {
            gaveUp(from, message.sync().certified().round());
            enterRound();
            if (rounds.oughtToGiveUp()) {
                giveUp();
            }
        }
    }

    private void gaveUp(int author, long certifiedRound) {
        rounds.giveUp(author, certifiedRound).ifPresent(certificates::giveUp);
    }

    // Certificates, which alone move rounds.

    /** Takes over what another's certificates say that its own do not; whether they hold. */
    private boolean takeOver(int from, ConsensusMsg message, SyncInfo sync) {
        if (!committee.holds(sync)) {
            out.rejected(message.type().wireName() + " from " + from + " (expected: certificates of quorums)");
            return false;
        }
        certified(sync.certified());
        sync.timeout().ifPresent(certificates::giveUp);
        commits.order(sync.ordered());
        commits.commit(sync.committed());
        enterRound();
        return true;
    }

    private void certified(QuorumCert cert) {
        if (certificates.certify(cert)) {
            out.certified(cert.round());
        }
        commits.certified(cert);
    }

    private void enterRound() {
        long next = certificates.sync().round();
        if (!rounds.enter(next)) {
            return;
        }
        votes.forgetUpTo(next - 1);
        proposal = null;
        mayPropose = false;
        out.roundEntered(next, certificates.certified().round() + 1 < next);
        out.startRoundTimer(next, rounds.patience(certificates.ordered().round()));
        if (committee.leads(next)) {
            out.startProposalTimer(next);
        }
    }

    /** Does what has become possible. */
    private void goOn() {
        long before;
        do {
            before = rounds.round();
            enterRound();
            commits.goOn();
            propose();
            vote();
            enterRound();
        } while (rounds.round() != before);
        retrieval.askForWhatIsMissing();
    }

    // What it does in a round.

    private void propose() {
        if (!mayPropose) {
            return;
        }
        long round = rounds.round();
        QuorumCert parent = safety.buildOn(certificates.certified());
        if (!tree.connects(parent.block()) || !safety.propose(round)) {
            return;
        }
        mayPropose = false;
        SyncInfo sync = certificates.sync();
        List<BatchProof> named = batches.toPropose(tree.path(parent.block()));
        Block bare = Block.on(parent, round, committee.self(), named, 0);
        Block block = MessageCodec.fillUp(bare, sync, proposalBytes);
        out.proposed(block);
        out.broadcast(new Proposal(block, sync));
        proposal = block;
    }

    private void vote() {
        Block block = proposal;
        if (block == null
                || !tree.connects(block.parent())
                || !tree.add(block)
                || !safety.vote(block, certificates.timeout())) {
            return;
        }
        out.voted(block.round());
        int next = committee.leader(block.round() + 1);
        if (next == committee.self()) {
            voted(block.ref(), block.parent(), committee.self());
        } else {
            out.send(next, new Vote(block.ref(), block.parent(), committee.self(), certificates.sync()));
        }
    }

    /** A leader may propose in this round, unless it is over. */
    public void timeToPropose(long round) {
        if (round == rounds.round()) {
            mayPropose = true;
            goOn();
        }
    }

    /** The time of a round is over: gives it up, unless it is over, and does so again each time until it is. */
    public void roundTimeOver(long round) {
        if (round == rounds.round()) {
            giveUp();
            commits.remind();
            out.startRoundTimer(round, rounds.patience(certificates.ordered().round()));
            goOn();
        }
    }

    private void giveUp() {
        long round = rounds.round();
        QuorumCert highest = certificates.certified();
        if (!safety.timeout(round, highest, certificates.timeout())) {
            return;
        }
        if (rounds.timeOut()) {
            out.timedOut(round);
        }
        out.broadcast(new RoundTimeout(round, committee.self(), certificates.sync()));
        gaveUp(committee.self(), highest.round());
    }

    // Blocks and batches.

    /** Makes a batch of so many bytes, and spreads it. */
    public void makeBatch(int bytes) {
        quorumStore.make(bytes);
    }

    /** The answer to a request for blocks. */
    public BlockRetrievalResponse answer(BlockRetrievalRequest request) {
        return tree.answer(request);
    }

    /** The answer to a request for a batch. */
    public BatchResponse answer(BatchRequest request) {
        return new BatchResponse(request.batch(), batches.has(request.batch()));
    }

    /** The answer to {@link Outlet#retrieve(int, BlockRetrievalRequest)}, or that there is none. */
    public void retrieved(Optional<BlockRetrievalResponse> answer) {
        if (retrieval.answered(answer)) {
            goOn();
        }
    }

    /** The answer to {@link Outlet#retrieve(int, BatchRequest)}, or that there is none. */
    public void batchAnswered(BatchRef batch, boolean found) {
        commits.batchAnswered(batch, found);
        if (found) {
            goOn();
        }
    }
}
