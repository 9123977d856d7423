/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Against a socket that takes as much as the test wants. */
final class GatheringWriteTest {
    private final ScriptedSocket socket = new ScriptedSocket();

    @Test
    void aLongHeapBufferIsShownInPieces() throws IOException {
        byte[] bytes = random(3 * GatheringWrite.HEAP_BYTES + 17);
        ByteBuffer heap = ByteBuffer.wrap(bytes);

        assertEquals(bytes.length, write(heap));

        assertEquals(0, heap.remaining());
        assertArrayEquals(bytes, socket.taken());
        int piece = GatheringWrite.HEAP_BYTES;
        assertEquals(List.of(piece, piece, piece, 17), socket.offers);
    }

    @Test
    void manyHeapBuffersAreShownInBoundedCalls() throws IOException {
        byte[] bytes = random(1 << 20);
        ByteBuffer[] sources = new ByteBuffer[64];
        int each = bytes.length / sources.length;
        Arrays.setAll(sources, i -> ByteBuffer.wrap(bytes, i * each, each));

        assertEquals(bytes.length, write(sources));

        assertArrayEquals(bytes, socket.taken());
        assertTrue(socket.offers.stream().allMatch(offer -> offer <= 2 * GatheringWrite.HEAP_BYTES));
    }

    @Test
    void directBuffersGoInOneCallHoweverLong() throws IOException {
        byte[] bytes = random(1 << 20);
        ByteBuffer header = ByteBuffer.allocateDirect(8).put(bytes, 0, 8).flip();
        ByteBuffer body = ByteBuffer.allocateDirect(bytes.length)
                .put(bytes, 8, bytes.length - 8)
                .flip();

        assertEquals(bytes.length, write(header, body));

        assertArrayEquals(bytes, socket.taken());
        assertEquals(List.of(bytes.length), socket.offers);
    }

    @Test
    void whatTheSocketDoesNotTakeStaysInTheBuffersWithTheirLimits() throws IOException {
        byte[] bytes = random(2 * GatheringWrite.HEAP_BYTES);
        ByteBuffer heap = ByteBuffer.wrap(bytes);
        socket.room = GatheringWrite.HEAP_BYTES + 1;

        assertEquals(socket.room, write(ByteBuffer.allocate(0), heap));

        assertEquals(bytes.length, heap.limit());
        assertEquals(bytes.length - GatheringWrite.HEAP_BYTES - 1, heap.remaining());
        assertEquals(2, socket.offers.size());
    }

    @Test
    void aFailureAfterSomeBytesIsLeftForTheNextWrite() throws IOException {
        ByteBuffer heap = ByteBuffer.wrap(random(2 * GatheringWrite.HEAP_BYTES));
        socket.failsAtCall = 2;

        assertEquals(GatheringWrite.HEAP_BYTES, write(heap));
        assertEquals(2 * GatheringWrite.HEAP_BYTES, heap.limit());

        socket.failsAtCall = 3;
        assertThrows(IOException.class, () -> write(heap));
    }

    @Test
    void nothingIsWrittenForEmptyBuffers() throws IOException {
        assertEquals(0, write(ByteBuffer.allocate(0), ByteBuffer.allocateDirect(0)));

        assertEquals(List.of(), socket.offers);
    }

    private long write(ByteBuffer... sources) throws IOException {
        return GatheringWrite.write(socket, sources, 0, sources.length);
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new SplittableRandom(size).nextBytes(bytes);
        return bytes;
    }

    /** Takes bytes while it has room, and fails when told to. */
    private static final class ScriptedSocket implements GatheringByteChannel {
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        final List<Integer> offers = new ArrayList<>();
        int room = Integer.MAX_VALUE;
        int failsAtCall;

        byte[] taken() {
            return taken.toByteArray();
        }

        @Override
        public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
            List<ByteBuffer> offered = Arrays.asList(sources).subList(offset, offset + length);
            offers.add(offered.stream().mapToInt(ByteBuffer::remaining).sum());
            if (offers.size() == failsAtCall) {
                throw new IOException("on purpose");
            }
            long before = taken.size();
            for (ByteBuffer source : offered) {
                while (source.hasRemaining() && taken.size() < room) {
                    taken.write(source.get());
                }
            }
            return taken.size() - before;
        }

        @Override
        public long write(ByteBuffer[] sources) throws IOException {
            return write(sources, 0, sources.length);
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            return (int) write(new ByteBuffer[] {source}, 0, 1);
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
