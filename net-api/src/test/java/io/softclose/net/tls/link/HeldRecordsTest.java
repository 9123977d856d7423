/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.tls.link;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HeldRecordsTest {
    private static final int MOST = 1_000;
    private static final int HEADER = 5;

    private final HeldRecords held = new HeldRecords();

    @Test
    void aWholeRecordIsNotCopied() {
        ByteBuffer data = ByteBuffer.wrap(record(10, 1));

        assertSame(data, held.next(data, MOST));
        assertEquals(0, data.position());
    }

    @Test
    void theBeginningOfARecordIsHeldUntilTheRestIsThere() {
        byte[] record = record(10, 1);

        for (int split = 1; split < record.length; split++) {
            ByteBuffer first = ByteBuffer.wrap(record, 0, split);
            assertNull(held.next(first, MOST));
            held.keep(first);
            assertFalse(held.holdsRecord(MOST));
            ByteBuffer rest = ByteBuffer.wrap(record, split, record.length - split);

            assertArrayEquals(record, taken(held.next(rest, MOST), record.length));
            assertFalse(rest.hasRemaining());
            assertTrue(held.isEmpty());
        }
    }

    @Test
    void ofWhatFollowsNoMoreIsMovedThanTheRecordWants() {
        byte[] record = record(10, 1);
        held.keep(ByteBuffer.wrap(record, 0, 3));
        ByteBuffer data = ByteBuffer.allocate(100);
        data.put(record, 3, record.length - 3).put(record(20, 2)).flip();

        assertArrayEquals(record, taken(held.next(data, MOST), record.length));

        assertSame(data, held.next(data, MOST), "the second is unsealed where it is");
    }

    @Test
    void whateverPiecesComeTheRecordsAreTheSame() {
        Random random = new Random(7);
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        for (int i = 0; i < 300; i++) {
            sent.writeBytes(record(random.nextInt(MOST - HEADER), i));
        }
        byte[] all = sent.toByteArray();
        ByteArrayOutputStream got = new ByteArrayOutputStream();

        for (int at = 0; at < all.length; ) {
            int bytes = Math.min(all.length - at, 1 + random.nextInt(random.nextBoolean() ? 10 : 3_000));
            ByteBuffer data = ByteBuffer.wrap(all, at, bytes);
            at += bytes;
            // Now and then nothing may be unsealed for a while.
            ByteBuffer next = random.nextInt(4) == 0 ? null : held.next(data, MOST);
            while (next != null) {
                got.writeBytes(taken(next, HEADER + next.getShort(next.position() + 3)));
                next = held.next(data, MOST);
            }
            held.keep(data);
        }

        byte[] whole = got.toByteArray();
        assertArrayEquals(Arrays.copyOf(all, whole.length), whole);
        assertEquals(all.length, whole.length + held.bytes());
    }

    @Test
    void whatIsNoRecordIsLeftForTheEngineToRefuse() {
        byte[][] none = {
            {'G', 'E', 'T', ' ', '/'},
            {22, 2, 0, 0, 9},
            {19, 3, 3, 0, 9},
            {25, 3, 3, 0, 9},
            {22, 3, 3, (byte) 0xff, (byte) 0xff}
        };

        for (byte[] bytes : none) {
            ByteBuffer data = ByteBuffer.wrap(bytes);
            assertSame(data, held.next(data, MOST), "at once");
            held.keep(data);
            assertTrue(held.holdsRecord(MOST));
            held.clear();
        }
    }

    @Test
    void aRecordThatClaimsTooMuchTakesNoMemory() {
        held.keep(ByteBuffer.wrap(new byte[] {23, 3, 3, (byte) 0xff}));
        ByteBuffer data = ByteBuffer.wrap(new byte[100]);

        assertEquals(HEADER, taken(held.next(data, MOST), HEADER).length);

        assertEquals(99, data.remaining(), "only the header was moved");
    }

    @Test
    void whatIsClearedIsGone() {
        held.keep(ByteBuffer.wrap(record(10, 1), 0, 12));

        held.clear();

        assertTrue(held.isEmpty());
        assertEquals(0, held.bytes());
        ByteBuffer data = ByteBuffer.wrap(record(10, 2));
        assertSame(data, held.next(data, MOST));
    }

    private static byte[] record(int length, int content) {
        byte[] record = new byte[HEADER + length];
        ByteBuffer.wrap(record).put((byte) 23).put((byte) 3).put((byte) 3).putShort((short) length);
        Arrays.fill(record, HEADER, record.length, (byte) content);
        return record;
    }

    private static byte[] taken(@Nullable ByteBuffer from, int bytes) {
        assertTrue(from != null, "there is a record");
        byte[] taken = new byte[bytes];
        from.get(taken);
        return taken;
    }
}
