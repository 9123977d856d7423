/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus.message;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what {@link PayloadWriter} has written, and nothing else. Takes no memory for more than has arrived. */
final class PayloadReader {
    private final ByteBuffer in;

    PayloadReader(ByteBuffer in) {
        this.in = in;
    }

    private void need(String what, int bytes) {
        if (in.remaining() < bytes) {
            throw new MalformedMessageException(what + ": " + in.remaining() + " bytes left (expected: " + bytes + ")");
        }
    }

    int u8(String what) {
        need(what, Byte.BYTES);
        return in.get() & 0xff;
    }

    /** 0 to 2^31 - 1. */
    int u32(String what) {
        need(what, Integer.BYTES);
        int value = in.getInt();
        if (value < 0) {
            throw new MalformedMessageException(
                    what + ": " + Integer.toUnsignedLong(value) + " (expected: below 2^31)");
        }
        return value;
    }

    private long word(String what) {
        need(what, Long.BYTES);
        return in.getLong();
    }

    /** 0 to 2^63 - 1. */
    long u64(String what) {
        long value = word(what);
        if (value < 0) {
            throw new MalformedMessageException(what + ": " + Long.toUnsignedString(value) + " (expected: below 2^63)");
        }
        return value;
    }

    boolean bool(String what) {
        int value = u8(what);
        if (value > 1) {
            throw new MalformedMessageException(what + ": " + value + " (expected: 0 or 1)");
        }
        return value == 1;
    }

    void zeros(String what, int count) {
        need(what, count);
        for (int i = 0; i < count; i++) {
            if (in.get() != 0) {
                throw new MalformedMessageException(what + ": a byte that is not 0 (expected: " + count + " zeros)");
            }
        }
    }

    BlockId id() {
        return new BlockId(word("id"), word("id"), word("id"), word("id"));
    }

    BlockRef ref() {
        BlockRef ref = new BlockRef(id(), u64("round"), u64("height"));
        zeros("block info", Sizes.REST_OF_BLOCK_INFO);
        return ref;
    }

    Voters voters() {
        Voters voters = new Voters(word("voters"));
        zeros("signature", Sizes.SIGNATURE);
        return voters;
    }

    private int index() {
        int index = u8("author");
        if (index >= Long.SIZE) {
            throw new MalformedMessageException("author: " + index + " (expected: below " + Long.SIZE + ")");
        }
        return index;
    }

    int author() {
        int author = index();
        zeros("signature", Sizes.SIGNATURE);
        return author;
    }

    QuorumCert quorumCert() {
        BlockRef block = ref();
        BlockRef parent = ref();
        zeros("ledger", Sizes.HASH);
        return new QuorumCert(block, parent, voters());
    }

    BlockCert blockCert() {
        BlockRef block = ref();
        zeros("ledger", Sizes.HASH);
        return new BlockCert(block, voters());
    }

    TimeoutCert timeoutCert() {
        return new TimeoutCert(u64("round"), u64("highestCertifiedRound"), voters());
    }

    SyncInfo sync() {
        return new SyncInfo(
                quorumCert(),
                blockCert(),
                blockCert(),
                bool("timeout") ? Optional.of(timeoutCert()) : Optional.empty());
    }

    BatchRef batch() {
        BatchRef batch = new BatchRef(index(), u64("number"), u32("bytes"));
        zeros("digest", Sizes.HASH);
        return batch;
    }

    BatchProof proof() {
        return new BatchProof(batch(), voters());
    }

    Block block() {
        BlockRef ref = ref();
        int author = author();
        QuorumCert parent = quorumCert();
        int count = u32("batches");
        List<BatchProof> batches = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            batches.add(proof());
        }
        int filler = u32("filler");
        zeros("filler", filler);
        return new Block(ref, author, parent, batches, filler);
    }

    List<Block> blocks() {
        int count = u32("blocks");
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            blocks.add(block());
        }
        return blocks;
    }

    void end() {
        if (in.hasRemaining()) {
            throw new MalformedMessageException(in.remaining() + " bytes after the message (expected: none)");
        }
    }
}
