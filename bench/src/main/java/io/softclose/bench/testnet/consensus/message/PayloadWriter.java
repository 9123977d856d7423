/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus.message;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Writes values into an array that grows. Numbers are big-endian, and of fixed length. */
final class PayloadWriter {
    private static final int INITIAL = 2048;

    private ByteBuffer out = ByteBuffer.allocate(INITIAL);

    private ByteBuffer room(int bytes) {
        if (out.remaining() < bytes) {
            int wanted = Math.max(2 * out.capacity(), out.position() + bytes);
            out = ByteBuffer.wrap(Arrays.copyOf(out.array(), wanted)).position(out.position());
        }
        return out;
    }

    byte[] toBytes() {
        return Arrays.copyOf(out.array(), out.position());
    }

    PayloadWriter u8(int value) {
        room(Byte.BYTES).put((byte) value);
        return this;
    }

    PayloadWriter u32(int value) {
        room(Integer.BYTES).putInt(value);
        return this;
    }

    PayloadWriter u64(long value) {
        room(Long.BYTES).putLong(value);
        return this;
    }

    PayloadWriter bool(boolean value) {
        return u8(value ? 1 : 0);
    }

    /** So many zeros. */
    PayloadWriter zeros(int count) {
        room(count);
        out.position(out.position() + count);
        return this;
    }

    PayloadWriter id(BlockId id) {
        return u64(id.first()).u64(id.second()).u64(id.third()).u64(id.fourth());
    }

    PayloadWriter ref(BlockRef ref) {
        return id(ref.id()).u64(ref.round()).u64(ref.height()).zeros(Sizes.REST_OF_BLOCK_INFO);
    }

    /** Who has signed, and their aggregate signature. */
    PayloadWriter voters(Voters voters) {
        return u64(voters.bits()).zeros(Sizes.SIGNATURE);
    }

    PayloadWriter author(int author) {
        return u8(author).zeros(Sizes.SIGNATURE);
    }

    PayloadWriter quorumCert(QuorumCert cert) {
        return ref(cert.block()).ref(cert.parent()).zeros(Sizes.HASH).voters(cert.voters());
    }

    PayloadWriter blockCert(BlockCert cert) {
        return ref(cert.block()).zeros(Sizes.HASH).voters(cert.voters());
    }

    PayloadWriter timeoutCert(TimeoutCert cert) {
        return u64(cert.round()).u64(cert.highestCertifiedRound()).voters(cert.voters());
    }

    PayloadWriter sync(SyncInfo sync) {
        quorumCert(sync.certified()).blockCert(sync.ordered()).blockCert(sync.committed());
        bool(sync.timeout().isPresent());
        sync.timeout().ifPresent(this::timeoutCert);
        return this;
    }

    PayloadWriter batch(BatchRef batch) {
        return u8(batch.author()).u64(batch.number()).u32(batch.bytes()).zeros(Sizes.HASH);
    }

    PayloadWriter proof(BatchProof proof) {
        return batch(proof.batch()).voters(proof.voters());
    }

    PayloadWriter block(Block block) {
        ref(block.ref()).author(block.author()).quorumCert(block.parentCert());
        u32(block.batches().size());
        block.batches().forEach(this::proof);
        return u32(block.fillerBytes()).zeros(block.fillerBytes());
    }
}
