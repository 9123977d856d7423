/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.wire;

import static io.softclose.net.wire.Bytes.filled;
import static io.softclose.net.wire.Bytes.hex;
import static io.softclose.net.wire.Bytes.join;
import static io.softclose.net.wire.Bytes.toHex;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FrameReaderTest {
    private static final int FUZZ_ROUNDS = 2_000;

    private final FrameReader reader = new FrameReader(1000);
    private final List<String> frames = new ArrayList<>();

    @Test
    void aFrameThatLiesWholeInTheDataIsShownThere() {
        ByteBuffer data = join(frame(hex("aabb")), frame(hex("cc")));

        reader.feed(data, frame -> {
            assertSame(data, frame);
            return collect(frame);
        });

        assertEquals(List.of("aabb", "cc"), frames);
        assertConsumed(data);
        assertIdle();
    }

    @Test
    void everySplitPointGivesTheSameFrames() {
        ByteBuffer stream = join(frame(hex("aabbcc")), frame(hex("")), frame(filled(200)), frame(hex("dd")));
        List<String> expected = List.of("aabbcc", "", toHex(filled(200)), "dd");

        for (int first = 0; first <= stream.limit(); first++) {
            for (int second = first; second <= stream.limit(); second++) {
                frames.clear();
                feed(stream.duplicate().limit(first));
                feed(stream.duplicate().limit(second).position(first));
                feed(stream.duplicate().position(second));
                assertEquals(expected, frames, "split at " + first + " and " + second);
                assertIdle();
            }
        }
    }

    @Test
    void oneByteAtATimeGivesTheSameFrames() {
        ByteBuffer stream = Bytes.directCopyOf(join(frame(filled(300)), frame(hex("")), frame(hex("01"))));

        for (int i = 0; i < stream.limit(); i++) {
            feed(stream.duplicate().limit(i + 1).position(i));
        }

        assertEquals(List.of(toHex(filled(300)), "", "01"), frames);
        assertIdle();
    }

    @Test
    void theDataIsGivenBackWithItsLimitAndOrder() {
        ByteBuffer data = join(frame(hex("aabb")), frame(hex("cc")), hex("00"))
                .order(ByteOrder.LITTLE_ENDIAN)
                .limit(10);

        reader.feed(data, frame -> {
            frame.position(frame.limit());
            return true;
        });

        assertEquals(10, data.limit());
        assertEquals(ByteOrder.LITTLE_ENDIAN, data.order());
        assertConsumed(data);
        assertEquals(4, reader.bufferedBytes());
    }

    @Test
    void anUnfinishedFrameIsCountedFromItsFirstByte() {
        ByteBuffer stream = frame(filled(100));
        assertIdle();

        for (int arrived = 1; arrived < stream.limit(); arrived++) {
            feed(stream.duplicate().limit(arrived).position(arrived - 1));
            assertTrue(reader.midFrame());
            assertEquals(arrived, reader.bufferedBytes());
        }
        feed(stream.position(stream.limit() - 1));

        assertIdle();
    }

    @Test
    void aSinkThatStopsIsShownNothingMoreAndLosesNothing() {
        ByteBuffer data = join(frame(hex("01")), frame(hex("02")), frame(hex("03")));
        FrameReader.Sink stopping = frame -> {
            collect(frame);
            return false;
        };

        reader.feed(data, stopping);
        assertEquals(List.of("01"), frames);
        assertEquals(5, data.position());

        reader.feed(data, stopping);
        assertEquals(List.of("01", "02"), frames);

        feed(data);
        assertEquals(List.of("01", "02", "03"), frames);
        assertIdle();
    }

    @Test
    void aSinkStopsAfterACollectedFrameToo() {
        ByteBuffer data = join(frame(hex("0102")), frame(hex("03")));
        feed(data.duplicate().limit(5));

        ByteBuffer rest = data.position(5);
        reader.feed(rest, frame -> !collect(frame));

        assertEquals(List.of("0102"), frames);
        assertEquals(6, rest.position());
        assertIdle();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 5})
    void aSinkThatThrowsHasHadItsFrame(int before) {
        ByteBuffer data = join(frame(hex("0101")), frame(hex("02")));
        feed(data.duplicate().limit(before));
        data.position(before);
        WireException thrown = new WireException("by the sink");

        WireException caught = assertThrows(
                WireException.class,
                () -> reader.feed(data, frame -> {
                    throw thrown;
                }));

        assertSame(thrown, caught);
        assertEquals(11, data.limit());
        feed(data);
        assertEquals(List.of("02"), frames);
        assertIdle();
    }

    @Test
    void theLongestFrameIsTaken() {
        feed(frame(filled(1000)));

        assertEquals(List.of(toHex(filled(1000))), frames);
    }

    @ParameterizedTest
    @ValueSource(strings = {"000003e9", "7fffffff", "80000000", "ffffffff"})
    void aFrameOverTheLimitBreaksTheReaderAsSoonAsItsLengthIsKnown(String length) {
        ByteBuffer good = frame(hex("01"));
        feed(join(good, hex(length).limit(3)));
        ByteBuffer last = hex(length).position(3);

        WireException first = assertThrows(WireException.class, () -> feed(last));

        assertEquals("frame: " + Long.parseLong(length, 16) + " bytes (expected: at most 1000)", first.getMessage());
        assertSame(first, assertThrows(WireException.class, () -> feed(frame(hex("02")))));
        assertEquals(List.of("01"), frames);
    }

    /** An array of that length is more than any Java heap can hold. */
    @Test
    void aClaimedLengthAllocatesNothing() {
        FrameReader trusting = new FrameReader(Integer.MAX_VALUE);

        trusting.feed(hex("7fffffff 01"), this::collect);

        assertEquals(5, trusting.bufferedBytes());
        assertEquals(List.of(), frames);
    }

    @Test
    void aLimitOfNothingIsRefused() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> new FrameReader(0));
        assertEquals("maxFrameSize: 0 (expected: > 0)", e.getMessage());
    }

    @Test
    void randomPiecesAndRandomStopsGiveTheSameFrames() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < FUZZ_ROUNDS; round++) {
            List<String> expected = new ArrayList<>();
            ByteBuffer stream = ByteBuffer.allocate(0);
            for (int i = random.nextInt(1, 8); i > 0; i--) {
                ByteBuffer body = Bytes.random(random, random.nextInt(random.nextInt(1, 400)));
                expected.add(toHex(body));
                stream = join(stream, frame(body));
            }
            frames.clear();
            while (stream.hasRemaining()) {
                ByteBuffer piece =
                        stream.duplicate().limit(stream.position() + random.nextInt(1, stream.remaining() + 1));
                reader.feed(piece, frame -> collect(frame) && random.nextBoolean());
                stream.position(piece.position());
            }
            assertEquals(expected, frames, "seed " + seed + ", round " + round);
            assertIdle();
        }
    }

    private void feed(ByteBuffer data) {
        reader.feed(data, this::collect);
        assertConsumed(data);
    }

    private boolean collect(ByteBuffer frame) {
        return frames.add(toHex(frame));
    }

    private void assertIdle() {
        assertFalse(reader.midFrame());
        assertEquals(0, reader.bufferedBytes());
    }

    private static void assertConsumed(ByteBuffer data) {
        assertEquals(0, data.remaining());
    }

    private static ByteBuffer frame(ByteBuffer body) {
        return join(ByteBuffer.allocate(4).putInt(0, body.remaining()), body);
    }
}
