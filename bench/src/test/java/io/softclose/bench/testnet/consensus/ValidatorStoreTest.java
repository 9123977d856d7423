/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.testnet.consensus.core.DurableState;
import io.softclose.bench.testnet.consensus.message.Block;
import io.softclose.bench.testnet.consensus.message.BlockCert;
import io.softclose.bench.testnet.consensus.message.BlockRef;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.Sync;
import io.softclose.bench.testnet.consensus.message.MessageCodec;
import io.softclose.bench.testnet.consensus.message.QuorumCert;
import io.softclose.bench.testnet.consensus.message.SyncInfo;
import io.softclose.bench.testnet.consensus.message.TimeoutCert;
import io.softclose.bench.testnet.consensus.message.Voters;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a validator must not forget outlives its process in a file. */
class ValidatorStoreTest {
    private static final Voters THREE = Voters.NONE.with(0).with(2).with(3);
    private static final Block BLOCK = Block.on(QuorumCert.GENESIS, 7, 1, List.of(), 0);

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("store");
    }

    @Test
    void whatWasSaidIsThereForTheNextProcess() throws IOException {
        ValidatorStore store = ValidatorStore.in(file());
        store.nextVote();
        store.state.readEssence(essence(11, 9));
        store.save();

        ValidatorStore next = ValidatorStore.in(file());
        assertEquals(essence(11, 9), essence(next.state));
        assertEquals(2, next.nextVote());
    }

    @Test
    void theLastThatWasWholeCounts() throws IOException {
        ValidatorStore store = ValidatorStore.in(file());
        store.state.readEssence(essence(11, 9));
        store.save();
        store.state.readEssence(essence(12, 9));
        store.save();
        byte[] both = Files.readAllBytes(file());

        // The process ends while it saves for the third time, over the first.
        ByteBuffer torn = ByteBuffer.wrap(both.clone());
        torn.putLong(4096, 3);
        Files.write(file(), torn.array());
        assertEquals(essence(12, 9), essence(ValidatorStore.in(file()).state));
    }

    @Test
    void whatIsSavedAfterwardsIsNewer() throws IOException {
        ValidatorStore store = ValidatorStore.in(file());
        store.state.readEssence(essence(11, 9));
        store.save();
        ValidatorStore next = ValidatorStore.in(file());
        next.state.readEssence(essence(13, 9));
        next.save();

        assertEquals(essence(13, 9), essence(ValidatorStore.in(file()).state));
    }

    @Test
    void aNewFileIsOfOneThatHasNeverRun() throws IOException {
        ValidatorStore.in(file());

        ValidatorStore again = ValidatorStore.in(file());
        assertEquals(essence(new DurableState()), essence(again.state));
        assertEquals(1, again.nextVote());
    }

    @Test
    void whatIsNoStoreIsRefused() throws IOException {
        Files.writeString(file(), "something else");

        IOException refusal = assertThrows(IOException.class, () -> ValidatorStore.in(file()));
        assertTrue(
                refusal.toString().endsWith("14 bytes (expected: a validator's store, of 8192)"), refusal.getMessage());
    }

    @Test
    void aDamagedOneIsRefused() throws IOException {
        ValidatorStore store = ValidatorStore.in(file());
        store.save();
        store.save();
        byte[] bytes = Files.readAllBytes(file());
        bytes[100] ^= 1;
        bytes[4096 + 100] ^= 1;
        Files.write(file(), bytes);

        assertThrows(IOException.class, () -> ValidatorStore.in(file()));
    }

    private static ByteBuffer essence(DurableState state) {
        ByteBuffer out = ByteBuffer.allocate(4096);
        state.writeEssence(out);
        return out.flip();
    }

    /** Of one that has spoken up to this round, and knows certificates of round 7. */
    private static ByteBuffer essence(long spoken, long timedOut) {
        ByteBuffer out = ByteBuffer.allocate(4096);
        out.putLong(spoken).putLong(spoken).putLong(timedOut).putLong(7).putLong(42);
        out.put(MessageCodec.encode(new Sync(new SyncInfo(
                new QuorumCert(BLOCK.ref(), BlockRef.GENESIS, THREE),
                new BlockCert(BLOCK.ref(), THREE),
                BlockCert.GENESIS,
                Optional.of(new TimeoutCert(9, 7, THREE))))));
        return out.flip();
    }
}
