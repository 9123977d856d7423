/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.testkit.wire.WireBytes;
import io.softclose.net.wire.FrameReader;
import io.softclose.net.wire.WireException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link FrameReader}, with any bytes in any pieces. The input is: which limit, {@link Pieces}, then the stream. What it
 * must show is found with a loop over the whole stream.
 */
final class FrameFuzz implements FuzzTarget {
    private static final Integer[] LIMITS = {16, 300, 70_000, 4 << 20, Integer.MAX_VALUE};
    private static final int PREFIX = Integer.BYTES;
    /** Room for objects and one error's text. */
    private static final int BASE = 64 * 1024;
    /** An empty frame is four bytes; a collected one costs two objects, and growing takes twice its size. */
    private static final int PER_BYTE = 40;

    @Override
    public String name() {
        return "frames";
    }

    @Override
    public int mutations() {
        return 30_000;
    }

    @Override
    public List<byte[]> seeds() {
        byte[] small = WireBytes.directSend(2, 0, FuzzInput.filler(9, 0));
        byte[] large = WireBytes.frame(FuzzInput.filler(290, 0));
        byte[] empty = WireBytes.frame();
        return List.of(
                script(1, 0).bytes(small, empty, large, small).toBytes(),
                script(1, 0, 1).bytes(small, empty, large).toBytes(),
                script(1, 1, 3, 5, 0x85)
                        .bytes(small, small, empty, empty, large)
                        .toBytes(),
                script(2, 2, 0x7f, 0x82).bytes(large, large, small).toBytes(),
                script(0, 3, 2)
                        .bytes(empty, empty, WireBytes.frame(FuzzInput.filler(3, 0)), large)
                        .toBytes(),
                script(3, 0, 4).bytes(WireBytes.frameLength(4 << 20), small).toBytes(),
                script(3, 1, 6)
                        .bytes(small, WireBytes.frameLength((4 << 20) + 1))
                        .toBytes(),
                script(4, 2)
                        .bytes(WireBytes.frameLength(Integer.MAX_VALUE), small)
                        .toBytes(),
                script(4, 0, 1, 2).bytes(WireBytes.frameLength(-1)).toBytes());
    }

    private static FuzzScript script(int limit, int flags, int... cuts) {
        return new FuzzScript().u8(limit, flags, cuts.length).u8(cuts);
    }

    @Override
    public void run(byte[] bytes) {
        FuzzInput input = new FuzzInput(bytes);
        int limit = input.oneOf(LIMITS);
        Pieces pieces = new Pieces(input);
        new Run(limit, pieces, input.rest()).run();
    }

    /** One stream's way through one reader. */
    private static final class Run implements FrameReader.Sink {
        private final FrameReader reader;
        private final int limit;
        private final Pieces pieces;
        private final byte[] stream;
        private final Allocation allocation = new Allocation();
        private int fed;
        /** Where the next frame starts, its length first. */
        private int frameStart;

        private boolean stopping;
        private boolean stopped;
        private @Nullable WireException broken;

        Run(int limit, Pieces pieces, byte[] stream) {
            this.reader = new FrameReader(limit);
            this.limit = limit;
            this.pieces = pieces;
            this.stream = stream;
        }

        void run() {
            while (fed < stream.length && broken == null) {
                feed(pieces.next(stream, fed));
            }
            if (broken != null) {
                WireException again =
                        assertThrows(WireException.class, () -> reader.feed(ByteBuffer.wrap(stream), this));
                assertSame(broken, again);
            }
            allocation.requireAtMost(BASE, PER_BYTE, fed);
        }

        private void feed(ByteBuffer piece) {
            int start = piece.position();
            int end = piece.limit();
            int arrived = fed + piece.remaining();
            stopping = pieces.marked();
            stopped = false;
            allocation.of(() -> {
                try {
                    reader.feed(piece, this);
                } catch (WireException e) {
                    broken = e;
                }
            });
            assertEquals(end, piece.limit());
            fed += piece.position() - start;
            boolean tooLong = frameStart + PREFIX <= arrived && size() > limit && !stopped;
            assertEquals(tooLong, broken != null, "frame of " + (tooLong ? size() : 0) + " bytes refused");
            if (broken == null) {
                assertTrue(stopped || fed == arrived, "all was taken");
                assertTrue(stopped || frameStart + PREFIX > fed || fed < frameEnd(), "every whole frame was shown");
                assertEquals(fed - frameStart, reader.bufferedBytes());
                assertEquals(fed > frameStart, reader.midFrame());
            }
        }

        @Override
        public boolean onFrame(ByteBuffer frame) {
            long end = frameEnd();
            if (stopped || end > stream.length || frame.remaining() != size()) {
                throw new AssertionError("frame of " + frame.remaining() + " bytes at " + frameStart);
            }
            for (int i = 0; i < frame.remaining(); i++) {
                if (frame.get(frame.position() + i) != stream[frameStart + PREFIX + i]) {
                    throw new AssertionError("byte " + i + " of the frame at " + frameStart + " differs");
                }
            }
            frameStart = (int) end;
            stopped = stopping;
            return !stopping;
        }

        private long frameEnd() {
            return frameStart + PREFIX + size();
        }

        /** What the next frame's length says, unsigned. */
        private long size() {
            long size = 0;
            for (int i = 0; i < PREFIX; i++) {
                size = (size << Byte.SIZE) | (stream[frameStart + i] & 0xff);
            }
            return size;
        }
    }
}
