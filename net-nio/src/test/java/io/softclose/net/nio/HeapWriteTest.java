/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.softclose.net.nio.base.HeapWrite;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Against a socket that takes as much as the test wants. */
final class HeapWriteTest {
    private final ScriptedSocket socket = new ScriptedSocket();

    @Test
    void aLongHeapBufferIsShownInPieces() throws IOException {
        byte[] bytes = random(3 * HeapWrite.PIECE_BYTES + 17);
        ByteBuffer heap = ByteBuffer.wrap(bytes);

        assertEquals(bytes.length, write(heap));

        assertEquals(0, heap.remaining());
        assertArrayEquals(bytes, socket.taken());
        int piece = HeapWrite.PIECE_BYTES;
        assertEquals(List.of(piece, piece, piece, 17), socket.offers);
    }

    @Test
    void whatTheSocketDoesNotTakeStaysInTheBuffersWithTheirLimits() throws IOException {
        byte[] bytes = random(2 * HeapWrite.PIECE_BYTES);
        ByteBuffer heap = ByteBuffer.wrap(bytes);
        socket.room = HeapWrite.PIECE_BYTES + 1;

        assertEquals(socket.room, write(heap));

        assertEquals(bytes.length, heap.limit());
        assertEquals(bytes.length - HeapWrite.PIECE_BYTES - 1, heap.remaining());
        assertEquals(2, socket.offers.size());
    }

    @Test
    void aFailureAfterSomeBytesIsLeftForTheNextWrite() throws IOException {
        ByteBuffer heap = ByteBuffer.wrap(random(2 * HeapWrite.PIECE_BYTES));
        socket.failsAtCall = 2;

        assertEquals(HeapWrite.PIECE_BYTES, write(heap));
        assertEquals(2 * HeapWrite.PIECE_BYTES, heap.limit());

        socket.failsAtCall = 3;
        assertThrows(IOException.class, () -> write(heap));
    }

    @Test
    void nothingIsWrittenForAnEmptyBuffer() throws IOException {
        assertEquals(0, write(ByteBuffer.allocate(0)));

        assertEquals(List.of(), socket.offers);
    }

    private int write(ByteBuffer source) throws IOException {
        return HeapWrite.write(socket, source);
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new SplittableRandom(size).nextBytes(bytes);
        return bytes;
    }

    /** Takes bytes while it has room, and fails when told to. */
    private static final class ScriptedSocket implements WritableByteChannel {
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        final List<Integer> offers = new ArrayList<>();
        int room = Integer.MAX_VALUE;
        int failsAtCall;

        byte[] taken() {
            return taken.toByteArray();
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            offers.add(source.remaining());
            if (offers.size() == failsAtCall) {
                throw new IOException("on purpose");
            }
            int before = taken.size();
            while (source.hasRemaining() && taken.size() < room) {
                taken.write(source.get());
            }
            return taken.size() - before;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
