/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus;

import io.softclose.bench.testnet.consensus.message.BlockRef;
import java.util.List;

/**
 * Where a validator stands. A moment's view.
 *
 * @param round the present round; 0 before it starts
 * @param certifiedRound the highest round of which it knows a quorum certificate
 * @param orderedRound the round of the last block that is ordered
 * @param committed the last block that is committed
 * @param lastCommitted the last blocks that were committed here, at most 100, in order
 * @param pendingBlocks how many blocks it has that are not committed
 */
public record ValidatorState(
        long round,
        long certifiedRound,
        long orderedRound,
        BlockRef committed,
        List<BlockRef> lastCommitted,
        int pendingBlocks) {
    /** Copies the list. */
    public ValidatorState {
        lastCommitted = List.copyOf(lastCommitted);
    }

    /** How many blocks are committed. */
    public long committedHeight() {
        return committed.height();
    }
}
