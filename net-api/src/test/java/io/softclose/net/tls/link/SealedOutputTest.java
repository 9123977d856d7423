/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.tls.link;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.spi.ForwardingLink;
import io.softclose.net.spi.Link;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

class SealedOutputTest {
    private static final int MOST = 100;

    private final Below below = new Below();
    private final SealedOutput output = new SealedOutput(below, new BufferMemory());
    private final ByteArrayOutputStream sealed = new ByteArrayOutputStream();

    @Test
    void plaintextIsFlushedWhenTheLastByteOfItsRecordIs() throws NoBufferException {
        seal(50, 30);
        seal(60, 40);
        output.push();

        for (int flushed = 0; flushed <= 110; flushed++) {
            below.flushed = flushed;
            long expected = flushed == 110 ? 70 : flushed >= 50 ? 30 : 0;
            assertEquals(expected, output.flushedPlainBytes(), "of " + flushed + " bytes");
        }
        assertTrue(output.allFlushed());
    }

    @Test
    void aRecordWithoutPlaintextMovesNothing() throws NoBufferException {
        seal(50, 0);
        seal(10, 5);
        output.push();

        below.flushed = 50;
        assertEquals(0, output.flushedPlainBytes());
        below.flushed = 60;
        assertEquals(5, output.flushedPlainBytes());
    }

    @Test
    void whatTheLinkDoesNotTakeWaits() throws NoBufferException {
        below.room = 20;
        seal(50, 30);
        output.push();

        assertFalse(output.allGiven());
        assertEquals(30, output.waitingBytes());
        below.room = 100;
        output.push();

        assertTrue(output.allGiven());
        assertArrayEquals(sealed.toByteArray(), below.written.toByteArray());
    }

    @Test
    void buffersGoBackOnceTheyAreFlushed() throws NoBufferException {
        for (int i = 0; i < 8; i++) {
            seal(MOST, MOST);
        }
        output.push();
        assertEquals(8, below.lent.size());

        below.flushed = 799;
        output.flushedPlainBytes();
        assertEquals(1, below.lent.size());
        below.flushed = 800;
        output.flushedPlainBytes();
        assertEquals(0, below.lent.size());
    }

    @Test
    void aBufferGoesBackThoughNobodyAsksWhatIsFlushed() throws NoBufferException {
        below.flushesAtOnce = true;
        seal(50, 30);

        output.push();

        assertEquals(0, below.lent.size(), "of a link that writes at once");
        below.flushesAtOnce = false;
        seal(50, 30);
        output.push();
        assertEquals(1, below.lent.size());
        below.flushed = 100;
        output.push();
        assertEquals(0, below.lent.size(), "of one that tells of it later");
    }

    @Test
    void theLastBufferIsFilledAsLongAsARecordFits() throws NoBufferException {
        below.capacity = 3 * MOST;
        for (int i = 0; i < 4; i++) {
            seal(60, 60);
        }
        // 60, 120, 180; at 240 there is no room for the longest one any more.
        assertEquals(1, below.lent.size());

        seal(60, 60);

        assertEquals(2, below.lent.size());
    }

    @Test
    void releasingGivesEverythingBackAndKeepsTheCount() throws NoBufferException {
        below.room = 130;
        seal(MOST, 90);
        seal(MOST, 90);
        output.push();
        below.flushed = 100;

        output.release();

        assertEquals(0, below.lent.size());
        assertEquals(90, output.flushedPlainBytes());
    }

    @Test
    void inWhateverStepsItGoesTheBytesAreInOrderAndTheCountIsRight() throws NoBufferException {
        Random random = new Random(11);
        long plain = 0;
        for (int i = 0; i < 5_000; i++) {
            below.room = random.nextInt(150);
            if (random.nextInt(3) > 0) {
                int plainBytes = random.nextInt(MOST - 20);
                seal(plainBytes + 20, plainBytes);
                plain += plainBytes;
            }
            output.push();
            long taken = below.written.size();
            below.flushed += random.nextInt((int) (taken - below.flushed) + 1);
            assertTrue(output.flushedPlainBytes() <= Math.min(plain, below.flushed));
            assertEquals(sealed.size() - taken, output.waitingBytes());
        }
        below.room = Integer.MAX_VALUE;
        output.push();
        below.flushed = below.written.size();

        assertEquals(plain, output.flushedPlainBytes());
        assertArrayEquals(sealed.toByteArray(), below.written.toByteArray());
        assertEquals(Set.of(), below.lent);
    }

    /** Puts a record of so many bytes, made of so many of plaintext. */
    private void seal(int bytes, int plainBytes) throws NoBufferException {
        ByteBuffer room = output.room(MOST);
        for (int i = 0; i < bytes; i++) {
            byte next = (byte) sealed.size();
            room.put(next);
            sealed.write(next);
        }
        output.sealed(plainBytes);
    }

    /** Takes as much as there is room for, and has flushed what the test says. */
    private static final class Below extends ForwardingLink {
        final ByteArrayOutputStream written = new ByteArrayOutputStream();
        // By identity: the equality of buffers is that of their content.
        final Set<ByteBuffer> lent = Collections.newSetFromMap(new IdentityHashMap<>());

        int room = Integer.MAX_VALUE;
        int capacity = MOST;
        boolean flushesAtOnce;
        long flushed;

        Below() {
            super(Mockito.mock(Link.class));
        }

        @Override
        public ByteBuffer lend(int size) {
            ByteBuffer buffer = ByteBuffer.allocate(capacity);
            lent.add(buffer);
            return buffer;
        }

        @Override
        public void release(ByteBuffer buffer) {
            assertTrue(lent.remove(buffer));
        }

        @Override
        public int write(ByteBuffer source) {
            int taken = Math.min(room, source.remaining());
            for (int i = 0; i < taken; i++) {
                written.write(source.get());
            }
            room -= taken;
            flushed += flushesAtOnce ? taken : 0;
            return taken;
        }

        @Override
        public long flushedBytes() {
            return flushed;
        }
    }
}
