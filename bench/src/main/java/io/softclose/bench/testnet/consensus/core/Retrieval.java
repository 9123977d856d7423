/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus.core;

import io.softclose.bench.testnet.consensus.message.Block;
import io.softclose.bench.testnet.consensus.message.BlockId;
import io.softclose.bench.testnet.consensus.message.BlockRef;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.BlockRetrievalRequest;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.BlockRetrievalResponse;
import io.softclose.bench.testnet.consensus.message.Voters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Gets blocks of which there are certificates but that are not here: from one of those who voted for them, down to one that is. One request at a
 * time. One that was of no use is made again when something new happens, to somebody else.
 */
final class Retrieval {
    private static final int MOST_FOUND = 2 * BlockTree.MAX_PENDING;

    private final Committee committee;
    private final Certificates certificates;
    private final BlockTree tree;
    private final Outlet out;
    private final Consumer<Block> startAt;

    private @Nullable Target target;
    /** Each followed by the one that it is built on; the first is the target. */
    private final List<Block> found = new ArrayList<>();

    private boolean asking;
    private int failures;

    /**
     * One that asks for nothing yet.
     *
     * @param startAt told of a block at which the tree begins anew, because those below it are nowhere any more
     */
    Retrieval(Committee committee, DurableState state, Outlet out, Consumer<Block> startAt) {
        this.committee = committee;
        certificates = state.certificates;
        tree = state.tree;
        this.out = out;
        this.startAt = startAt;
    }

    /** A block that is wanted, and who has it. */
    private record Target(BlockRef block, Voters holders) {}

    private Optional<Target> missing() {
        return Stream.of(
                        new Target(
                                certificates.certified().block(),
                                certificates.certified().voters()),
                        new Target(
                                certificates.ordered().block(),
                                certificates.ordered().voters()),
                        new Target(
                                certificates.committed().block(),
                                certificates.committed().voters()))
                .filter(one -> one.block().round() > tree.root().round() && !tree.connects(one.block()))
                .max(Comparator.comparingLong(one -> one.block().round()));
    }

    /** Asks for what is missing, if anything is and nobody has been asked. */
    void askForWhatIsMissing() {
        if (asking) {
            return;
        }
        Optional<Target> wanted = missing();
        if (wanted.isEmpty()) {
            forget();
            return;
        }
        Target next = wanted.get();
        if (target == null || !target.block().equals(next.block())) {
            forget();
            target = next;
        }
        List<Integer> holders = next.holders().indices().stream()
                .filter(index -> index != committee.self())
                .toList();
        asking = true;
        int turn = (int) ((next.block().round() + failures) % holders.size());
        out.retrieve(
                holders.get(turn),
                new BlockRetrievalRequest(nextId(next), tree.root().height(), BlockRetrievalRequest.MOST));
    }

    private BlockId nextId(Target wanted) {
        return found.isEmpty()
                ? wanted.block().id()
                : found.get(found.size() - 1).parent().id();
    }

    private void forget() {
        target = null;
        found.clear();
        failures = 0;
    }

    /** Takes the answer to the request; whether it was of any use. */
    boolean answered(Optional<BlockRetrievalResponse> answer) {
        asking = false;
        Target wanted = target;
        List<Block> blocks = answer.map(BlockRetrievalResponse::blocks).orElse(List.of());
        if (wanted == null || blocks.isEmpty() || !continues(wanted, blocks) || found.size() > MOST_FOUND) {
            return fail();
        }
        found.addAll(blocks);
        return settle(answer.map(BlockRetrievalResponse::more).orElse(false));
    }

    private boolean fail() {
        found.clear();
        failures++;
        return false;
    }

    private boolean continues(Target wanted, List<Block> blocks) {
        BlockId expected = nextId(wanted);
        for (Block block : blocks) {
            if (!block.id().equals(expected) || !block.isWellFormed() || !committee.holds(block.parentCert())) {
                out.rejected("retrieved block " + block.ref() + " (expected: " + expected + ", well formed)");
                return false;
            }
            expected = block.parent().id();
        }
        return true;
    }

    private boolean settle(boolean more) {
        for (int i = 0; i < found.size(); i++) {
            if (tree.connects(found.get(i).parent())) {
                return add(i);
            }
        }
        BlockRef below = found.get(found.size() - 1).parent();
        if (below.height() <= tree.root().height()) {
            out.safetyViolated("block " + found.get(0).ref() + " is certified after the committed block " + tree.root()
                    + ", and built on " + below);
            return fail();
        }
        return more || jump();
    }

    /** Takes over a block that others have committed, because those between it and ours are nowhere any more. */
    private boolean jump() {
        BlockId committed = certificates.committed().block().id();
        for (int i = 0; i < found.size(); i++) {
            Block start = found.get(i);
            if (start.id().equals(committed)) {
                startAt.accept(start);
                return i == 0 || add(i - 1);
            }
        }
        return fail();
    }

    /** Takes the blocks from this one up; whether there was room for all. */
    private boolean add(int lowest) {
        for (int i = lowest; i >= 0; i--) {
            if (!tree.add(found.get(i))) {
                return fail();
            }
        }
        forget();
        return true;
    }
}
