/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus.core;

import io.softclose.bench.testnet.consensus.message.BatchProof;
import io.softclose.bench.testnet.consensus.message.BatchRef;
import io.softclose.bench.testnet.consensus.message.Block;
import io.softclose.bench.testnet.consensus.message.Voters;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * AptosNet's quorum store, without what is in it: which batches are here, which of its own wait for a quorum that stores them, and which have
 * their proof and wait to be named in a block. Of more than it has room for, the oldest are forgotten. It outlives the process.
 */
final class Batches {
    /** How many batches a block names at most. */
    static final int MOST_IN_A_BLOCK = 50;

    private static final int MAX_STORED = 10_000;
    private static final int MAX_WAITING = 1_000;

    private final Map<BatchRef, Boolean> stored = bounded(MAX_STORED);
    private final Map<BatchRef, Voters> unproven = bounded(MAX_WAITING);
    private final Map<BatchRef, BatchProof> proven = bounded(MAX_WAITING);
    private final Map<BatchRef, Boolean> committed = bounded(MAX_STORED);
    private long nextNumber;

    private static <V> Map<BatchRef, V> bounded(int most) {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<BatchRef, V> eldest) {
                return size() > most;
            }
        };
    }

    /** A new batch of this one's own, which is stored here. */
    BatchRef make(int author, int bytes) {
        BatchRef batch = new BatchRef(author, nextNumber++, bytes);
        store(batch);
        unproven.put(batch, Voters.NONE.with(author));
        return batch;
    }

    /** The number of its next batch. */
    long nextNumber() {
        return nextNumber;
    }

    /** Begins with this number: those below may have been made already. */
    void startAt(long number) {
        nextNumber = number;
    }

    void store(BatchRef batch) {
        stored.put(batch, true);
    }

    boolean has(BatchRef batch) {
        return stored.containsKey(batch);
    }

    /** Somebody else stores one of this one's own; answers the proof if that makes a quorum. */
    Optional<BatchProof> signed(BatchRef batch, int author, Committee committee) {
        Voters voters = unproven.computeIfPresent(batch, (key, before) -> before.with(author));
        if (voters == null || !committee.isQuorum(voters)) {
            return Optional.empty();
        }
        unproven.remove(batch);
        return Optional.of(new BatchProof(batch, voters));
    }

    void proven(BatchProof proof) {
        if (!committed.containsKey(proof.batch())) {
            proven.putIfAbsent(proof.batch(), proof);
        }
    }

    /** The oldest that are here and may be named in a block that is built on these. */
    List<BatchProof> toPropose(List<Block> below) {
        Set<BatchRef> named = new HashSet<>();
        below.forEach(block -> block.batches().forEach(proof -> named.add(proof.batch())));
        return proven.values().stream()
                .filter(proof -> has(proof.batch()) && !named.contains(proof.batch()))
                .limit(MOST_IN_A_BLOCK)
                .toList();
    }

    void committed(Block block) {
        for (BatchProof proof : block.batches()) {
            proven.remove(proof.batch());
            committed.put(proof.batch(), true);
        }
    }

    /** Which of the batches that these blocks name are not here. */
    List<BatchProof> missing(List<Block> blocks) {
        return blocks.stream()
                .flatMap(block -> block.batches().stream())
                .filter(proof -> !has(proof.batch()))
                .toList();
    }
}
