/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * What happened in a node's process, in order, in a file that outlives it: the file is mapped into memory, so what was
 * written is the kernel's at once, and is there after SIGKILL. An entry is one word, written in one go. Thread-safe.
 */
public final class Journal {
    /** What an entry tells. Its detail and its value are 0 unless said otherwise. */
    public enum Kind {
        /** A send was accepted; value: the message's number. */
        ACCEPTED,
        /** As {@link #ACCEPTED}, of a send that began after the call of close had returned. */
        ACCEPTED_LATE,
        /** The sender was told how a message ended; detail: the outcome, value: the number. */
        TOLD,
        /** The handler had a message, undamaged; value: its number. */
        ARRIVED,
        /** The handler had a message that is not as it was sent; value: its size in bytes. */
        DAMAGED,
        /** An application's callback threw. */
        CALLBACK_FAILED,
        /** How many messages a lane accepted, by the report; detail: the lane, value: the count. */
        LANE_ACCEPTED,
        /** How many of a lane's ended so, by the report; detail: 16 times the lane + the outcome, value: the count. */
        LANE_ENDED,
        /** The report returns a message; detail: the outcome, value: its number. */
        RETURNED,
        /** The report returns an object that is not the one that was sent; value: its number. */
        STRANGER,
        /** How long the close was to take at most; value: nanoseconds. */
        DEADLINE,
        /** How long it took; detail: the ending, value: nanoseconds. The last entry of a report. */
        CLOSED,
        /** Why the connection closed, by the report; detail: the reason. */
        REASON,
        /** The connection is open. */
        CONNECTED,
        /** Everything that comes after this in the journal happened after it; value: microseconds since a start. */
        TIME,
        /** For so long nothing of the process ran that should have; value: microseconds. */
        DELAY,
        /** The connection's own end (FIN) was not out yet. */
        OWN_END_HELD,
        /** The connection's own end (FIN) is out. */
        OWN_END_OUT,
        /** Something happened on a connection that had ended; detail: the kind that says what. */
        LATE
    }

    /**
     * One entry.
     *
     * @param detail 0 to 255
     * @param value 0 to 2^48 - 1
     */
    public record Entry(Kind kind, int detail, long value) {}

    private static final VarHandle WORDS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final Kind[] KINDS = Kind.values();

    /** Far more than any scenario writes. The file is sparse. */
    private static final int CAPACITY = 1 << 20;

    private static final int READ_AT_ONCE = 1 << 16;

    private static final int VALUE_BITS = 48;
    private static final int DETAIL_BITS = 8;

    private final MappedByteBuffer file;
    private int length;

    private Journal(MappedByteBuffer file) {
        this.file = file;
    }

    /** Starts an empty journal. */
    public static Journal create(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(
                path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new Journal(channel.map(MapMode.READ_WRITE, 0, (long) CAPACITY * Long.BYTES));
        }
    }

    /** Everything that was written down, whether or not its writer still lives. */
    public static List<Entry> read(Path path) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer words = ByteBuffer.allocate(READ_AT_ONCE).order(ByteOrder.nativeOrder());
            List<Entry> entries = new ArrayList<>();
            while (channel.read(words) >= 0) {
                words.flip();
                while (words.remaining() >= Long.BYTES) {
                    long word = words.getLong();
                    if (word == 0) {
                        return entries;
                    }
                    entries.add(entry(word));
                }
                words.compact();
            }
            return entries;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts again from nothing. Nobody may read meanwhile. */
    public synchronized void clear() {
        for (int index = length - 1; index >= 0; index--) {
            WORDS.setRelease(file, index * Long.BYTES, 0L);
        }
        length = 0;
    }

    /** The number that stands for a constant: its position, for whoever reads is of the same build as who writes. */
    @SuppressWarnings("EnumOrdinal")
    public static int code(Enum<?> constant) {
        return constant.ordinal();
    }

    /** Writes an entry without a detail. */
    public void add(Kind kind, long value) {
        add(kind, 0, value);
    }

    /**
     * Writes an entry.
     *
     * @param detail 0 to 255
     * @param value 0 to 2^48 - 1
     */
    public synchronized void add(Kind kind, int detail, long value) {
        if (length == CAPACITY) {
            throw new IllegalStateException("the journal is full: " + CAPACITY + " entries");
        }
        WORDS.setRelease(file, length * Long.BYTES, word(kind, detail, value));
        length++;
    }

    /** Never 0, which is the end of the journal. */
    private static long word(Kind kind, int detail, long value) {
        if (detail < 0 || detail >>> DETAIL_BITS != 0 || value < 0 || value >>> VALUE_BITS != 0) {
            throw new IllegalArgumentException(kind + ": " + detail + ", " + value + " (expected: 8 and 48 bits)");
        }
        return (code(kind) + 1L) << (VALUE_BITS + DETAIL_BITS) | (long) detail << VALUE_BITS | value;
    }

    private static Entry entry(long word) {
        int kind = (int) (word >>> (VALUE_BITS + DETAIL_BITS)) - 1;
        int detail = (int) (word >>> VALUE_BITS) & ((1 << DETAIL_BITS) - 1);
        return new Entry(KINDS[kind], detail, word & ((1L << VALUE_BITS) - 1));
    }
}
