/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.netty.IoKind;
import io.softclose.net.netty.Kinds;
import io.softclose.net.netty.NettyTransport;
import io.softclose.net.netty.RawLink;
import io.softclose.net.netty.loop.LingeringLinks;
import io.softclose.net.netty.socket.Sockets;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.Link.Reading;
import io.softclose.net.testkit.transport.fixture.LinkProbe;
import io.softclose.net.testkit.transport.fixture.LinkProbe.Event;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Leaving a peer that needs more time, and may still be talking. */
final class LingerTest {
    private static final int SMALL = 64 * 1024;
    /** Long enough for a peer that talks, and how long one that has ended still may read. */
    private static final Duration SOON = Duration.ofSeconds(2);
    /** The grain of the kernel's clock, and some more. */
    private static final long GRAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    static Stream<IoKind> kinds() {
        return Kinds.available().stream();
    }

    private static NettyTransport.Builder settings(IoKind kind, Duration lingerTimeout) {
        return NettyTransport.builder().io(kind).lingerTimeout(lingerTimeout).lingerTime(Duration.ofMinutes(10));
    }

    /** A reset while it reads would destroy what the kernels hold. */
    @ParameterizedTest
    @MethodSource("kinds")
    void aTalkingPeerReadsAllThatWasFlushedAndThenSeesAReset(IoKind kind) throws Exception {
        LinkProbe probe = new LinkProbe();
        try (RawLink raw = RawLink.open(settings(kind, SOON), probe, SMALL)) {
            probe.fill(new byte[100_000]);
            long flushed = probe.call(link -> {
                link.linger();
                return link.flushedBytes();
            });
            assertEquals(null, probe.awaitClosed());
            int told = probe.events().size();

            InputStream in = raw.peer().getInputStream();
            OutputStream out = raw.peer().getOutputStream();
            byte[] buffer = new byte[50_000];
            long read = 0;
            while (read < flushed) {
                out.write(new byte[500]);
                int count = in.read(buffer);
                assertTrue(count > 0, "an end after " + read + " bytes of " + flushed);
                read += count;
            }
            raw.peer().shutdownOutput();

            assertTrue(RawLink.bytesBeforeReset(raw.readToTheEnd()) <= LinkOutput.MAX_UNFLUSHED);
            assertEquals(told, probe.events().size(), "told after onClosed");
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aQuietPeerReadsAllThatWasTakenAndThenSeesOurEnd(IoKind kind) throws Exception {
        LinkProbe probe = new LinkProbe();
        try (RawLink raw = RawLink.open(settings(kind, Duration.ofMinutes(1)), probe, SMALL)) {
            long taken = probe.fill(new byte[100_000]);
            probe.run(Link::linger);
            assertEquals(null, probe.awaitClosed());

            assertEquals(taken, RawLink.get(raw.readToTheEnd()));
            // What it says from now on is read, and does no harm.
            raw.peer().getOutputStream().write(new byte[10_000]);
            raw.turns(5);
            raw.peer().getOutputStream().write(new byte[10_000]);
            raw.peer().shutdownOutput();
            raw.awaitOnLoop(() -> raw.loop().links().lingering().isEmpty());
        }
    }

    /** It has been discarded, and our end would say that it was handled. */
    @ParameterizedTest
    @MethodSource("kinds")
    void inputThatWasNotHandedOnMakesTheEndAReset(IoKind kind) throws Exception {
        LinkProbe probe = new LinkProbe().on(Event.CONNECTED, link -> link.reading(Reading.PAUSED));
        try (RawLink raw = RawLink.open(settings(kind, SOON), probe, 0)) {
            raw.peer().getOutputStream().write(new byte[1000]);
            probe.send(new byte[777]);
            probe.run(Link::linger);
            assertEquals(null, probe.awaitClosed());
            CompletableFuture<Long> reading = raw.readToTheEnd();
            raw.turns(50);
            assertFalse(reading.isDone());

            raw.peer().shutdownOutput();

            assertEquals(777, RawLink.bytesBeforeReset(reading));
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aPeerThatHadEndedGetsOurEndAtOnce(IoKind kind) throws Exception {
        LinkProbe probe = new LinkProbe();
        try (RawLink raw = RawLink.open(settings(kind, Duration.ofMinutes(1)), probe, 0)) {
            raw.peer().shutdownOutput();
            probe.await(Event.INPUT_CLOSED);

            probe.send(new byte[777]);
            probe.run(Link::linger);

            assertEquals(777L, RawLink.get(raw.readToTheEnd()));
            raw.awaitOnLoop(() -> raw.loop().links().lingering().isEmpty());
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void itEndsWithItsTime(IoKind kind) throws Exception {
        for (boolean talks : List.of(true, false)) {
            LinkProbe probe = new LinkProbe();
            try (RawLink raw = RawLink.open(settings(kind, Duration.ofMillis(300)), probe, 0)) {
                probe.run(Link::linger);
                if (talks) {
                    raw.peer().getOutputStream().write(new byte[1000]);
                }

                raw.awaitOnLoop(() -> raw.loop().links().lingering().isEmpty());

                CompletableFuture<Long> reading = raw.readToTheEnd();
                long read = talks ? RawLink.bytesBeforeReset(reading) : RawLink.get(reading);
                assertEquals(0, read);
            }
        }
    }

    /** It gives a sign of life all the time. */
    @ParameterizedTest
    @MethodSource("kinds")
    void aPeerThatTalksOnAndOnIsLeftWhenTheWholeTimeIsOver(IoKind kind) throws Exception {
        LinkProbe probe = new LinkProbe();
        NettyTransport.Builder settings = settings(kind, Duration.ofMinutes(10)).lingerTime(Duration.ofMillis(500));
        try (RawLink raw = RawLink.open(settings, probe, 0)) {
            probe.run(Link::linger);

            assertThrows(IOException.class, () -> {
                while (true) {
                    raw.peer().getOutputStream().write(new byte[1000]);
                }
            });
            raw.awaitOnLoop(() -> raw.loop().links().lingering().isEmpty());
        }
    }

    /** With epoll and io_uring what leaves is a sign of life as well. */
    @ParameterizedTest
    @MethodSource("kinds")
    void itIsKnownWhenTheKernelSentTheLast(IoKind kind) throws Exception {
        LinkProbe probe = new LinkProbe();
        try (RawLink raw = RawLink.open(settings(kind, Duration.ofMinutes(1)), probe, 0)) {
            long before = System.nanoTime();
            probe.send(new byte[777]);
            assertEquals(777, raw.peer().getInputStream().readNBytes(777).length);

            long since = probe.call(link -> ((NettyLink) link).nanosSinceSent());

            long nanos = System.nanoTime() - before;
            assertTrue(kind == IoKind.NIO ? since == Sockets.NEVER : since <= nanos + GRAIN_NANOS, () -> since + " ns");
        }
    }

    /** Of many, the oldest makes way. */
    @Test
    void thereIsAMostOfThem() {
        LingeringLinks lingering = new LingeringLinks();
        List<Integer> ended = new ArrayList<>();
        for (int i = 0; i < LingeringLinks.MOST + 3; i++) {
            int number = i;
            lingering.add(new LingeringLinks.Member() {
                @Override
                public void expire() {
                    ended.add(number);
                }

                @Override
                public boolean over() {
                    return ended.contains(number);
                }
            });
        }

        assertEquals(List.of(0, 1, 2), ended);
    }

    /** For a second, which is a claim about nobody's patience but the transport's. */
    @ParameterizedTest
    @MethodSource("kinds")
    void closingTheTransportEndsThem(IoKind kind) throws Exception {
        LinkProbe probe = new LinkProbe();
        try (RawLink raw = RawLink.open(settings(kind, Duration.ofMinutes(10)), probe, SMALL)) {
            probe.fill(new byte[100_000]);
            probe.run(Link::linger);
            raw.peer().getOutputStream().write(new byte[1000]);

            raw.transport().close();

            assertEquals(null, probe.awaitClosed());
            RawLink.bytesBeforeReset(raw.readToTheEnd());
        }
    }

    /** As after any close of the transport: who reads goes on to read. */
    @ParameterizedTest
    @MethodSource("kinds")
    void closingTheTransportLeavesThemALittleTime(IoKind kind) throws Exception {
        LinkProbe probe = new LinkProbe();
        try (RawLink raw = RawLink.open(settings(kind, Duration.ofMinutes(10)), probe, SMALL)) {
            long taken = probe.fill(new byte[100_000]);
            probe.run(Link::linger);
            CompletableFuture<Long> reading = raw.readToTheEnd();

            raw.transport().close();

            assertEquals(taken, RawLink.get(reading));
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aResetEndsIt(IoKind kind) throws Exception {
        LinkProbe probe = new LinkProbe();
        try (RawLink raw = RawLink.open(settings(kind, Duration.ofMinutes(10)), probe, 0)) {
            probe.run(Link::linger);
            reset(raw);

            raw.awaitOnLoop(() -> raw.loop().links().lingering().isEmpty());
        }
    }

    private static void reset(RawLink raw) throws IOException {
        raw.peer().setSoLinger(true, 0);
        raw.peer().close();
    }
}
