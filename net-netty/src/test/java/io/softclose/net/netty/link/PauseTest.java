/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.link;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.softclose.net.netty.IoKind;
import io.softclose.net.netty.Kinds;
import io.softclose.net.netty.NettyTransport;
import io.softclose.net.netty.RawLink;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.Link.Reading;
import io.softclose.net.testkit.transport.fixture.LinkProbe;
import io.softclose.net.testkit.transport.fixture.LinkProbe.Event;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A link that is paused hands on nothing, and loses nothing. */
final class PauseTest {
    /** Fits into the buffers of the kernels, so that a peer that resets has sent it. */
    private static final int SIZE = 50_000;

    static Stream<IoKind> kinds() {
        return Kinds.available().stream();
    }

    private static LinkProbe paused() {
        return new LinkProbe().on(Event.CONNECTED, link -> link.reading(Reading.PAUSED));
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new SplittableRandom(size).nextBytes(bytes);
        return bytes;
    }

    /** Pauses with each piece it is given, hundreds of times, with more always on its way. */
    @ParameterizedTest
    @MethodSource("kinds")
    void aLinkThatIsPausedInOnReadHandsOnNoMore(IoKind kind) throws Exception {
        byte[] sent = bytes(4 << 20);
        LinkProbe probe = new LinkProbe().on(Event.READ, link -> link.reading(Reading.PAUSED));
        try (RawLink raw = RawLink.open(kind, probe)) {
            Thread sender = new Thread(() -> {
                try {
                    raw.peer().getOutputStream().write(sent);
                    raw.peer().shutdownOutput();
                } catch (IOException failed) {
                    throw new AssertionError(failed);
                }
            });
            sender.start();
            for (int pauses = 0; probe.receivedBytes() < sent.length; pauses++) {
                probe.awaitMore(Event.READ, pauses);
                raw.turns(1);
                assertEquals(pauses + 1, probe.count(Event.READ), "while paused");
                probe.run(link -> link.reading(Reading.RESUMED));
            }
            sender.join();
            probe.run(link -> link.reading(Reading.RESUMED));
            probe.await(Event.INPUT_CLOSED);
            assertArrayEquals(sent, probe.received());
        }
    }

    /** epoll and io_uring would read to the end once the peer has ended. */
    @ParameterizedTest
    @MethodSource("kinds")
    void aPausedLinkLeavesItsInputWithTheKernel(IoKind kind) throws Exception {
        LinkProbe probe = paused();
        NettyTransport.Builder settings = NettyTransport.builder().io(kind).receiveBufferBytes(200_000);
        try (RawLink raw = RawLink.open(settings, probe, 0)) {
            byte[] sent = bytes(150_000);
            raw.peer().getOutputStream().write(sent);
            raw.peer().shutdownOutput();
            raw.turns(20);
            assertEquals(0L, (long) probe.call(link -> ((NettyLink) link).heldBytes()));

            probe.run(link -> link.reading(Reading.RESUMED));

            probe.await(Event.INPUT_CLOSED);
            assertArrayEquals(sent, probe.received());
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aResetWhilePausedLosesNothingOfWhatHadArrived(IoKind kind) throws Exception {
        LinkProbe probe = paused();
        try (RawLink raw = RawLink.open(kind, probe)) {
            byte[] sent = bytes(SIZE);
            raw.peer().getOutputStream().write(sent);
            raw.turns(5);
            reset(raw);
            raw.turns(20);
            assertEquals(1, probe.events().size(), () -> probe.events().toString());

            probe.run(link -> link.reading(Reading.RESUMED));

            assertInstanceOf(IOException.class, probe.awaitClosed());
            assertArrayEquals(sent, probe.received());
            assertEquals(0, probe.count(Event.INPUT_CLOSED));
        }
    }

    /** The first to notice is a write; whoever reads then may find an end where there was a reset. */
    @ParameterizedTest
    @MethodSource("kinds")
    void aResetThatAWriteFindsWhilePausedLosesNothingEither(IoKind kind) throws Exception {
        LinkProbe probe = paused();
        try (RawLink raw = RawLink.open(kind, probe)) {
            byte[] sent = bytes(SIZE);
            raw.peer().getOutputStream().write(sent);
            raw.turns(5);
            reset(raw);
            for (int i = 0; i < 20; i++) {
                probe.run(link -> link.write(ByteBuffer.allocate(10)));
                raw.turns(1);
            }
            assertEquals(0, probe.receivedBytes());
            assertEquals(0, probe.count(Event.CLOSED));

            probe.run(link -> link.reading(Reading.RESUMED));

            assertInstanceOf(IOException.class, probe.awaitClosed());
            assertArrayEquals(sent, probe.received());
            assertEquals(0, probe.count(Event.INPUT_CLOSED));
        }
    }

    /** There is nothing to wait for. */
    @ParameterizedTest
    @MethodSource("kinds")
    void aWriteThatFailsEndsAPausedLinkThatHasNothingToHandOn(IoKind kind) throws Exception {
        LinkProbe probe = paused();
        try (RawLink raw = RawLink.open(kind, probe)) {
            reset(raw);
            while (probe.count(Event.CLOSED) == 0) {
                probe.run(link -> link.write(ByteBuffer.allocate(10)));
                raw.turns(1);
            }
            assertInstanceOf(IOException.class, probe.awaitClosed());
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void anEndWhilePausedComesAfterWhatHadArrived(IoKind kind) throws Exception {
        LinkProbe probe = paused();
        try (RawLink raw = RawLink.open(kind, probe)) {
            byte[] sent = bytes(SIZE);
            raw.peer().getOutputStream().write(sent);
            raw.peer().shutdownOutput();
            raw.turns(20);
            assertEquals(1, probe.events().size(), () -> probe.events().toString());

            probe.run(link -> link.reading(Reading.RESUMED));

            probe.await(Event.INPUT_CLOSED);
            assertArrayEquals(sent, probe.received());
            probe.send(new byte[] {1});
            assertEquals(1, raw.peer().getInputStream().read());
            probe.run(Link::close);
            assertEquals(null, probe.awaitClosed());
        }
    }

    private static void reset(RawLink raw) throws IOException {
        raw.peer().setSoLinger(true, 0);
        raw.peer().close();
    }
}
