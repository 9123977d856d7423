/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus.message;

import static java.util.Objects.requireNonNull;

import io.softclose.net.spi.Require;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A round's proposal: which batches are to be executed next, after the block that is certified in it.
 *
 * @param ref its name, round and height
 * @param author the round's leader
 * @param parentCert certifies the block on which it is built
 * @param batches that it names
 * @param fillerBytes of bytes that mean nothing, and give it the size that one of AptosNet's may have
 */
public record Block(BlockRef ref, int author, QuorumCert parentCert, List<BatchProof> batches, int fillerBytes) {
    /** Copies the list, and checks that nothing is null. */
    public Block {
        requireNonNull(ref, "ref");
        Require.within("author", author, 0, Long.SIZE - 1);
        requireNonNull(parentCert, "parentCert");
        batches = List.copyOf(batches);
        Require.notNegative("fillerBytes", fillerBytes);
    }

    /** A new block on the one that is certified, with the name that its content gives it. */
    public static Block on(QuorumCert parentCert, long round, int author, List<BatchProof> batches, int fillerBytes) {
        BlockRef parent = parentCert.block();
        BlockId id = idOf(parentCert, round, author, batches, fillerBytes);
        return new Block(new BlockRef(id, round, parent.height() + 1), author, parentCert, batches, fillerBytes);
    }

    /** Whether its name is what its content makes it, and its place one above its parent. */
    public boolean isWellFormed() {
        return ref.round() > parent().round()
                && ref.height() == parent().height() + 1
                && ref.id().equals(idOf(parentCert, ref.round(), author, batches, fillerBytes));
    }

    private static BlockId idOf(
            QuorumCert parentCert, long round, int author, List<BatchProof> batches, int fillerBytes) {
        BlockId parent = parentCert.block().id();
        ByteBuffer content = ByteBuffer.allocate(BlockId.LENGTH + 3 * Long.BYTES + batches.size() * 2 * Long.BYTES)
                .putLong(parent.first())
                .putLong(parent.second())
                .putLong(parent.third())
                .putLong(parent.fourth())
                .putLong(round)
                .putLong(author)
                .putLong(fillerBytes);
        batches.forEach(proof ->
                content.putLong(proof.batch().author()).putLong(proof.batch().number()));
        return BlockId.ofContent(content.flip());
    }

    /** Its name. */
    public BlockId id() {
        return ref.id();
    }

    /** Its round. */
    public long round() {
        return ref.round();
    }

    /** Its place in the chain. */
    public long height() {
        return ref.height();
    }

    /** The block on which it is built. */
    public BlockRef parent() {
        return parentCert.block();
    }
}
