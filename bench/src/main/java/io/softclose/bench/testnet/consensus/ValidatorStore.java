/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus;

import io.softclose.bench.testnet.consensus.core.DurableState;
import io.softclose.bench.testnet.consensus.message.MalformedMessageException;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * What a validator must not forget when it ends: what it has voted for, its blocks and its certificates. A validator that starts with the store
 * of a former one goes on where that one was; one that starts with an empty store, in the place of one that has voted, breaks the protocol. Used by
 * one validator at a time; a validator that is closed uses it no more.
 *
 * <p>One in memory outlives the validator, and has all. One {@linkplain #in in a file} outlives the process, and has what safety needs: votes,
 * certificates and numbers, and no block, for the others have those. The file is mapped into memory, so what was stored is the operating
 * system's at once, and is there after SIGKILL, though not after the machine has lost its power.
 */
public final class ValidatorStore {
    private static final int SLOTS = 2;
    private static final int SLOT_BYTES = 4096;
    private static final int HEAD_BYTES = Long.BYTES + Integer.BYTES + Integer.BYTES;

    final DurableState state = new DurableState();

    private final @Nullable ByteBuffer file;
    private long votes;
    private long saves;

    /** The store of a validator that has never run, in memory. */
    public ValidatorStore() {
        file = null;
    }

    private ValidatorStore(ByteBuffer file) {
        this.file = file;
    }

    /**
     * The store in a file, which is that of a validator that has never run if the file is new.
     *
     * @throws IOException if it cannot be read and written, or is no such file; its message says which
     */
    public static ValidatorStore in(Path path) throws IOException {
        ByteBuffer mapped;
        long before;
        try (FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            before = channel.size();
            if (before != 0 && before != SLOTS * SLOT_BYTES) {
                throw new IOException("\"" + path + "\": " + before + " bytes (expected: a validator's store, of "
                        + SLOTS * SLOT_BYTES + ")");
            }
            mapped = channel.map(MapMode.READ_WRITE, 0, (long) SLOTS * SLOT_BYTES);
        }
        ValidatorStore store = new ValidatorStore(mapped);
        if (before != 0) {
            store.load(mapped, path);
        }
        return store;
    }

    /** The number of the next vote; the first is 1. */
    long nextVote() {
        return ++votes;
    }

    /** Stores everything up to now, if this is in a file: before anything is said that relies on it. */
    void save() {
        if (file == null) {
            return;
        }
        ByteBuffer content = ByteBuffer.allocate(SLOT_BYTES - HEAD_BYTES);
        content.putLong(votes);
        state.writeEssence(content);
        content.flip();
        saves++;
        // In turns, so that one is whole whenever the process ends.
        ByteBuffer slot = slot(file, (int) (saves % SLOTS));
        slot.putLong(saves)
                .putInt(content.remaining())
                .putInt(checksum(content, saves))
                .put(content.duplicate());
    }

    private static ByteBuffer slot(ByteBuffer file, int index) {
        return file.slice(index * SLOT_BYTES, SLOT_BYTES);
    }

    private static int checksum(ByteBuffer content, long save) {
        CRC32 crc = new CRC32();
        crc.update(ByteBuffer.allocate(Long.BYTES).putLong(save).flip());
        crc.update(content.duplicate());
        return (int) crc.getValue();
    }

    /** Takes over the newer of the slots that are whole. */
    private void load(ByteBuffer mapped, Path path) throws IOException {
        ByteBuffer newest = null;
        long last = 0;
        for (int index = 0; index < SLOTS; index++) {
            ByteBuffer slot = slot(mapped, index);
            long save = slot.getLong();
            last = Math.max(last, save);
            int length = slot.getInt();
            int sum = slot.getInt();
            boolean whole = length > 0
                    && length <= slot.remaining()
                    && checksum(slot.slice().limit(length), save) == sum;
            if (whole && save > saves) {
                saves = save;
                newest = slot.slice().limit(length);
            }
        }
        if (newest == null) {
            if (last <= 1) {
                return; // Of a process that ended before it had said anything.
            }
            throw new IOException("\"" + path + "\": damaged (expected: a validator's store)");
        }
        try {
            votes = newest.getLong();
            state.readEssence(newest);
        } catch (MalformedMessageException | BufferUnderflowException | ClassCastException strange) {
            throw new IOException(
                    "\"" + path + "\": " + strange.getMessage() + " (expected: a validator's store)", strange);
        }
    }
}
