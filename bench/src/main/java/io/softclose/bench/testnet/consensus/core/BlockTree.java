/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus.core;

import io.softclose.bench.testnet.consensus.message.Block;
import io.softclose.bench.testnet.consensus.message.BlockId;
import io.softclose.bench.testnet.consensus.message.BlockRef;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.BlockRetrievalRequest;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.BlockRetrievalResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The blocks that a validator has: those that may still be committed, each connected to the last that was, and the last that were
 * committed, for others that need them. It outlives the process.
 */
final class BlockTree {
    /** How many blocks that are not committed it takes. */
    static final int MAX_PENDING = 1_000;

    /** How many committed blocks it keeps. */
    static final int MAX_COMMITTED = 100;

    /** About how many bytes of blocks an answer has at most. */
    private static final int MAX_ANSWER_BYTES = 1 << 20;

    private final Map<BlockId, Block> pending = new HashMap<>();
    /** The last is the root. */
    private final Deque<Block> committed = new ArrayDeque<>();

    private BlockRef root = BlockRef.GENESIS;

    /** The last committed block. */
    BlockRef root() {
        return root;
    }

    int pending() {
        return pending.size();
    }

    /** The last committed blocks, in order. */
    List<BlockRef> committed() {
        return committed.stream().map(Block::ref).toList();
    }

    /** Whether a block is here, and so are all between it and the root. */
    boolean connects(BlockRef block) {
        return block.id().equals(root.id()) || pending.containsKey(block.id());
    }

    /** Takes a block whose parent {@linkplain #connects connects}; whether there is room for it. */
    boolean add(Block block) {
        if (!connects(block.parent())) {
            throw new IllegalStateException("block " + block.ref() + ": its parent " + block.parent() + " is not here");
        }
        if (!pending.containsKey(block.id()) && pending.size() >= MAX_PENDING) {
            return false;
        }
        pending.put(block.id(), block);
        return true;
    }

    /** The blocks above the root up to this one, which connects, in order. */
    List<Block> path(BlockRef to) {
        List<Block> path = new ArrayList<>();
        for (BlockId id = to.id(); !id.equals(root.id()); ) {
            Block block = pending.get(id);
            if (block == null) {
                throw new IllegalStateException("block " + to + ": not connected to " + root);
            }
            path.add(block);
            id = block.parent().id();
        }
        Collections.reverse(path);
        return path;
    }

    /** The block of this height that was committed, if it is still known. */
    Optional<BlockRef> committedAt(long height) {
        if (height == 0) {
            return Optional.of(BlockRef.GENESIS);
        }
        return committed.stream()
                .map(Block::ref)
                .filter(ref -> ref.height() == height)
                .findAny();
    }

    /** Makes a block that connects the root, and forgets what is not built on it. Answers the blocks that are committed by that. */
    List<Block> commit(BlockRef to) {
        List<Block> path = path(to);
        path.forEach(this::enter);
        root = to;
        keepOnlyWhatIsOnRoot();
        return path;
    }

    /** Makes a block the root that does not connect, because those below it are nowhere. Forgets all others. */
    void jump(Block to) {
        pending.clear();
        committed.clear();
        enter(to);
        root = to.ref();
    }

    private void enter(Block block) {
        committed.addLast(block);
        if (committed.size() > MAX_COMMITTED) {
            committed.removeFirst();
        }
    }

    private void keepOnlyWhatIsOnRoot() {
        List<Block> byHeight = new ArrayList<>(pending.values());
        byHeight.sort((one, other) -> Long.compare(one.height(), other.height()));
        Set<BlockId> kept = new HashSet<>(Set.of(root.id()));
        for (Block block : byHeight) {
            if (!block.id().equals(root.id()) && kept.contains(block.parent().id())) {
                kept.add(block.id());
            } else {
                pending.remove(block.id());
            }
        }
    }

    /** What is here of what is asked for. */
    BlockRetrievalResponse answer(BlockRetrievalRequest request) {
        List<Block> blocks = new ArrayList<>();
        long bytes = 0;
        Block next = find(request.from());
        while (next != null
                && next.height() > request.knownHeight()
                && blocks.size() < request.most()
                && bytes < MAX_ANSWER_BYTES) {
            blocks.add(next);
            bytes += next.fillerBytes();
            next = find(next.parent().id());
        }
        return new BlockRetrievalResponse(blocks, next != null);
    }

    private @Nullable Block find(BlockId id) {
        Block block = pending.get(id);
        return block != null
                ? block
                : committed.stream()
                        .filter(one -> one.id().equals(id))
                        .findAny()
                        .orElse(null);
    }
}
