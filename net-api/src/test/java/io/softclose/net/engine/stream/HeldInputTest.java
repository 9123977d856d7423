/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.same;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Link;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HeldInputTest {
    private final Link link = mock();
    private final HeldInput held = new HeldInput(link, new BatchPool());
    private final ByteBuffer lent = ByteBuffer.allocateDirect(Batch.BUFFER_SIZE);

    @BeforeEach
    void theLinkLends() {
        EventLoop loop = mock();
        when(link.loop()).thenReturn(loop);
        when(link.lend(anyInt())).thenReturn(lent);
    }

    @Test
    void aReaderGetsWhatIsHeldInABufferOfTheLinks() {
        held.add(bytes(1, 2, 3));

        held.handOn(
                data -> {
                    assertTrue(data.isDirect());
                    assertEquals(List.of(1, 2, 3), readAll(data));
                },
                HeldInputTest::nothingIsLost);

        assertTrue(held.isEmpty());
        verify(link).release(same(lent));
    }

    @Test
    void whatAReaderLeavesGoesOnWaitingBeforeWhatComesLater() {
        held.add(bytes(1, 2, 3));
        held.handOn(data -> assertEquals(1, data.get()), HeldInputTest::nothingIsLost);
        held.add(bytes(4));

        lent.clear();
        held.handOn(data -> assertEquals(List.of(2, 3, 4), readAll(data)), HeldInputTest::nothingIsLost);
    }

    @Test
    void moreThanABufferTakesGoesOnPieceByPiece() {
        ByteBuffer much = ByteBuffer.allocate(Batch.BUFFER_SIZE + 5);
        held.add(much);

        held.handOn(data -> data.position(data.limit()), HeldInputTest::nothingIsLost);
        assertEquals(5, held.size());

        lent.clear();
        held.handOn(data -> data.position(data.limit()), HeldInputTest::nothingIsLost);
        assertTrue(held.isEmpty());
    }

    @Test
    void itGoesWithoutABufferWhileThereIsNoMemoryForOne() {
        when(link.lend(anyInt())).thenThrow(new OutOfMemoryError("none, on purpose"));
        held.add(bytes(1, 2));

        held.handOn(data -> assertEquals(1, data.get()), HeldInputTest::nothingIsLost);
        held.handOn(data -> assertEquals(List.of(2), readAll(data)), HeldInputTest::nothingIsLost);

        assertTrue(held.isEmpty());
        verify(link, times(0)).release(lent);
    }

    @Test
    void whatAReaderLeavesThatDropsAllIsLost() {
        List<Integer> lost = new ArrayList<>();
        held.add(bytes(1, 2, 3));

        held.handOn(
                data -> {
                    data.get();
                    held.drop();
                },
                left -> lost.addAll(readAll(left)));

        assertEquals(List.of(2, 3), lost);
        assertTrue(held.isEmpty());
        verify(link).release(same(lent));
    }

    @Test
    void aReaderThatFailsLosesNothing() {
        held.add(bytes(1, 2));

        assertThrows(
                IllegalStateException.class,
                () -> held.handOn(
                        data -> {
                            data.get();
                            throw new IllegalStateException("on purpose");
                        },
                        HeldInputTest::nothingIsLost));

        assertFalse(held.isEmpty());
        assertEquals(1, held.size());
        verify(link).release(same(lent));
    }

    private static void nothingIsLost(ByteBuffer lost) {
        assertEquals(0, lost.remaining());
    }

    private static ByteBuffer bytes(int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length);
        for (int value : values) {
            buffer.put((byte) value);
        }
        return buffer.flip();
    }

    private static List<Integer> readAll(ByteBuffer data) {
        List<Integer> all = new ArrayList<>();
        while (data.hasRemaining()) {
            all.add((int) data.get());
        }
        return all;
    }
}
