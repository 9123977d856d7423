/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus.core;

import io.softclose.bench.testnet.consensus.message.BlockRef;
import io.softclose.bench.testnet.consensus.message.Voters;
import java.util.Comparator;
import java.util.Optional;
import java.util.TreeMap;

/** Who has voted for which block. Of more blocks than it has room for, those of the lowest rounds are forgotten. */
final class VoteTally {
    private static final int MAX_BLOCKS = 100;
    private static final Comparator<BlockRef> BY_ROUND = Comparator.comparingLong(BlockRef::round)
            .thenComparingLong(ref -> ref.id().first())
            .thenComparingLong(ref -> ref.id().second())
            .thenComparingLong(ref -> ref.id().third())
            .thenComparingLong(ref -> ref.id().fourth())
            .thenComparingLong(BlockRef::height);

    private final Committee committee;
    private final TreeMap<BlockRef, Voters> votes = new TreeMap<>(BY_ROUND);

    VoteTally(Committee committee) {
        this.committee = committee;
    }

    /** Counts a vote; answers the voters if they are a quorum by it, and were none before. */
    Optional<Voters> add(BlockRef block, int author) {
        Voters before = votes.getOrDefault(block, Voters.NONE);
        Voters after = before.with(author);
        votes.put(block, after);
        if (votes.size() > MAX_BLOCKS) {
            votes.pollFirstEntry();
        }
        return Optional.of(after).filter(voters -> committee.isQuorum(voters) && !committee.isQuorum(before));
    }

    /** Whether this one has voted for a block. */
    boolean has(BlockRef block, int author) {
        return votes.getOrDefault(block, Voters.NONE).contains(author);
    }

    /** Forgets the blocks of rounds up to this one. */
    void forgetUpTo(long round) {
        while (!votes.isEmpty() && votes.firstKey().round() <= round) {
            votes.pollFirstEntry();
        }
    }
}
