/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.softclose.net.spi.Link;
import io.softclose.net.spi.Link.Reading;
import io.softclose.net.testkit.transport.fixture.LinkPair;
import io.softclose.net.testkit.transport.fixture.LinkProbe;
import io.softclose.net.testkit.transport.fixture.LinkProbe.Event;
import io.softclose.net.testkit.transport.fixture.TransportFixture;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Writing and the buffers for it, part of {@link TransportContract}. */
public interface LinkWriteContract {
    /** So much that a slow peer is silent for seconds before the operating system has much room again. */
    int MUCH = 1 << 20;

    /** Direct, heap, read-only, sliced and empty ones; of each what lies between its position and its limit. */
    @Test
    default void buffersOfEveryKindAreWritten(TransportFixture fixture) throws IOException {
        LinkPair pair = fixture.connect();
        List<ByteBuffer> sources = List.of(
                ByteBuffer.allocateDirect(8).put(ascii("direct-")).flip(),
                ByteBuffer.allocate(0),
                ascii("heap-"),
                ascii("..read-only-..").slice(2, 10).asReadOnlyBuffer(),
                ByteBuffer.allocateDirect(0),
                ascii("positioned").position(2).limit(8));

        int taken = pair.dialled()
                .call(link -> sources.stream().mapToInt(link::write).sum());

        byte[] expected = "direct-heap-read-only-sition".getBytes(StandardCharsets.US_ASCII);
        assertEquals(expected.length, taken);
        Payloads.assertSame(
                expected, pair.accepted().awaitReceived(expected.length).received());
        assertEquals(0, sources.stream().mapToInt(ByteBuffer::remaining).sum());
        assertEquals(8, sources.get(5).limit());
    }

    private static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** The rest of the bytes waits with the caller, who is told when to try again. */
    @Test
    default void aFullLinkTakesAPartAndTellsWhenThereIsRoom(TransportFixture fixture) throws IOException {
        LinkProbe paused = new LinkProbe().on(Event.CONNECTED, link -> link.reading(Reading.PAUSED));
        LinkPair pair = fixture.connect(new LinkProbe(), paused);
        byte[] chunk = Payloads.random(100_000, 2);

        int taken = (int) pair.dialled().fill(chunk);
        assertEquals(0, pair.accepted().receivedBytes());
        int writableBefore = pair.dialled().count(Event.WRITABLE);
        pair.accepted().run(link -> link.reading(Reading.RESUMED));

        Payloads.assertRepeats(chunk, pair.accepted().awaitReceived(taken).received());
        // The peer may have the bytes before the link hears that they have gone.
        pair.dialled().awaitMore(Event.WRITABLE, writableBefore);
        assertEquals(taken, pair.accepted().receivedBytes());
    }

    /**
     * The engine tries before it judges that a peer takes nothing: kernels tell of room only once there is much of it,
     * Linux when a third of a TCP socket's send buffer is free, or three quarters of a Unix domain socket's.
     */
    @Test
    default void anAttemptToWriteShowsThatBytesLeave(TransportFixture fixture) throws IOException {
        SocketAddress address = fixture.listenAddress();
        Optional<SlowReader> slow = SlowReader.at(address, fixture.layer());
        assumeTrue(slow.isPresent(), "no socket without a link is known for such an address");
        try (SlowReader reader = slow.orElseThrow()) {
            LinkProbe writing = fixture.dial(reader.address());
            reader.accept();
            writing.await(Event.CONNECTED);
            writing.fill(new byte[10_000]);
            long full = writing.call(Link::flushedBytes);
            boolean unix = address instanceof UnixDomainSocketAddress;
            assumeTrue(unix || full >= MUCH, "the operating system holds so little that it soon tells of room");
            long untilTold = full / (unix ? 2 : 4);

            long read = 0;
            do {
                read += reader.read();
                assertTrue(
                        read < untilTold, "nothing was flushed, though " + read + " bytes of " + full + " were read");
            } while (!flushesMore(writing, full));
        }
    }

    /** Has the link try, whether it writes at once or keeps what it has taken, and gives it a turn. */
    private static boolean flushesMore(LinkProbe writing, long before) {
        writing.run(link -> {
            link.flush();
            link.write(ByteBuffer.allocate(1));
        });
        writing.awaitTasks();
        return writing.call(Link::flushedBytes) > before;
    }

    /** Both directions are full at the same time, and neither waits for the other. */
    @Test
    default void largeTransfersGoBothWaysAtOnce(TransportFixture fixture) throws IOException {
        LinkPair pair = fixture.connect();
        byte[] there = Payloads.random(24 << 20, 3);
        byte[] back = Payloads.random(24 << 20, 4);

        pair.dialled().send(there);
        pair.accepted().send(back);

        Payloads.assertSame(there, pair.accepted().awaitReceived(there.length).received());
        Payloads.assertSame(back, pair.dialled().awaitReceived(back.length).received());
    }

    /** What the operating system holds unsent is bounded; what is written is not. */
    @Test
    default void aLinkThatIsToHoldLittleUnsentWritesEverything(TransportFixture fixture) throws IOException {
        LinkPair pair = fixture.connect();
        byte[] there = Payloads.random(6 << 20, 8);
        byte[] back = Payloads.random(6 << 20, 9);
        pair.dialled().run(link -> link.limitUnsent(16 * 1024));
        pair.accepted().run(link -> link.limitUnsent(1));

        pair.dialled().send(there);
        pair.accepted().send(back);

        Payloads.assertSame(there, pair.accepted().awaitReceived(there.length).received());
        Payloads.assertSame(back, pair.dialled().awaitReceived(back.length).received());
    }

    /** It is told of room as any other, however little its operating system holds. */
    @Test
    default void aFullLinkThatIsToHoldLittleUnsentTellsWhenThereIsRoom(TransportFixture fixture) throws IOException {
        LinkProbe paused = new LinkProbe().on(Event.CONNECTED, link -> link.reading(Reading.PAUSED));
        LinkPair pair = fixture.connect(new LinkProbe(), paused);
        pair.dialled().run(link -> link.limitUnsent(16 * 1024));
        byte[] chunk = Payloads.random(100_000, 10);

        int taken = (int) pair.dialled().fill(chunk);
        int writableBefore = pair.dialled().count(Event.WRITABLE);
        pair.accepted().run(link -> link.reading(Reading.RESUMED));

        Payloads.assertRepeats(chunk, pair.accepted().awaitReceived(taken).received());
        pair.dialled().awaitMore(Event.WRITABLE, writableBefore);
    }

    /** Bytes that were taken are flushed in the end, and the count survives the link. */
    @Test
    default void whatWasTakenIsFlushedAndStaysCounted(TransportFixture fixture) throws IOException {
        LinkPair pair = fixture.connect();
        assertEquals(0L, pair.dialled().call(Link::flushedBytes));

        pair.dialled().send(Payloads.random(70_000, 5));
        pair.dialled().send(Payloads.random(30_000, 6));
        pair.accepted().awaitReceived(100_000);
        pair.dialled().run(Link::shutdownOutput);
        pair.accepted().await(Event.INPUT_CLOSED);
        pair.dialled().run(Link::close);
        pair.dialled().awaitClosed();

        assertEquals(100_000L, pair.dialled().call(Link::flushedBytes));
    }

    /** Its end is reported; a write that tries again meanwhile changes nothing. */
    @Test
    default void aLinkThatIsGoneTakesNothing(TransportFixture fixture) throws IOException {
        LinkPair pair = fixture.connect();

        int taken = pair.dialled().call(link -> {
            link.close();
            return link.write(ascii("late"));
        });
        pair.dialled().awaitClosed();
        int takenLater = pair.dialled().call(link -> link.write(ascii("later")));

        assertEquals(0, taken + takenLater);
    }

    /** The failure of a write is the link's end, told later with its cause. */
    @Test
    default void writingToAPeerThatIsGoneEndsTheLink(TransportFixture fixture) throws IOException {
        LinkPair pair = fixture.connect();
        // A paused link hands on what had arrived before it ends, so nothing may be left of what a layer says by
        // itself.
        pair.assertAlive();
        // Only a write can find out.
        pair.dialled().run(link -> link.reading(Reading.PAUSED));
        pair.accepted().run(Link::abort);
        pair.accepted().awaitClosed();

        LinkProbe dialled = pair.dialled();
        while (dialled.fill(new byte[1000]) > 0) {
            dialled.awaitTasks();
        }

        assertTrue(dialled.awaitClosed() instanceof IOException);
        assertEquals(0, dialled.fill(new byte[1000]));
    }

    /** What a handler needs to write without copying. */
    @Test
    default void lentBuffersAreDirectAndLargeEnough(TransportFixture fixture) throws IOException {
        LinkPair pair = fixture.connect();
        List<Integer> sizes = List.of(0, 1, 100, 4096, 4097, 65_536, 1_000_000, 9 << 20);

        pair.dialled().run(link -> {
            for (int round = 0; round < 3; round++) {
                List<ByteBuffer> lent = new ArrayList<>();
                for (int size : sizes) {
                    ByteBuffer buffer = link.lend(size);
                    assertTrue(buffer.isDirect());
                    assertEquals(0, buffer.position());
                    assertTrue(buffer.remaining() >= size, () -> buffer + " for " + size);
                    lent.add(buffer.limit(size).position(size / 2));
                }
                lent.forEach(link::release);
            }
        });
        pair.assertAlive();
    }

    /** Two borrowers never have the same bytes. */
    @Test
    default void lentBuffersAreTheBorrowersOwn(TransportFixture fixture) throws IOException {
        LinkPair pair = fixture.connect();

        pair.dialled().run(link -> {
            List<ByteBuffer> lent = IntStream.range(0, 40)
                    .mapToObj(i -> link.lend(5000).putInt(0, i))
                    .toList();
            for (int i = 0; i < lent.size(); i++) {
                assertEquals(i, lent.get(i).getInt(0));
            }
            lent.forEach(link::release);
        });
    }

    /** Its position and its limit are whoever's who had it. */
    @Test
    default void aBufferThatWasWrittenIsGivenBackWithAnyLimit(TransportFixture fixture) throws IOException {
        LinkPair pair = fixture.connect();
        ByteBuffer written = pair.dialled().call(link -> {
            ByteBuffer buffer =
                    link.lend(20_000).put(Payloads.random(20_000, 11)).flip();
            link.write(buffer);
            return buffer;
        });

        pair.dialled().run(Link::close);
        pair.dialled().awaitClosed();

        pair.dialled().run(link -> link.release(written.clear().limit(1)));
    }

    /** Whoever holds a buffer may be told of the end first. */
    @Test
    default void aLentBufferIsGivenBackAfterTheLinkHasClosed(TransportFixture fixture) throws IOException {
        LinkPair pair = fixture.connect();
        ByteBuffer lent = pair.dialled().call(link -> link.lend(10_000));

        pair.dialled().run(Link::close);
        pair.dialled().awaitClosed();

        pair.dialled().run(link -> link.release(lent));
    }
}
