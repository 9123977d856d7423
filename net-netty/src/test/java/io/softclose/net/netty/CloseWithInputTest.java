/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.spi.Link;
import io.softclose.net.spi.Link.Reading;
import io.softclose.net.testkit.transport.fixture.LinkProbe;
import io.softclose.net.testkit.transport.fixture.LinkProbe.Event;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our end tells the peer that everything before it was handled: it never goes out while that is not so. */
final class CloseWithInputTest {
    private static final int ROUNDS = 30;

    static Stream<IoKind> kinds() {
        return Kinds.available().stream();
    }

    private static LinkProbe paused() {
        return new LinkProbe().on(Event.CONNECTED, link -> link.reading(Reading.PAUSED));
    }

    /** The JDK ends the output of a socket that a selector knows before it closes it: the peer saw an end. */
    @ParameterizedTest
    @MethodSource("kinds")
    void closingWithInputUnreadIsAResetAndNoEndBeforeIt(IoKind kind) throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            try (RawLink raw = RawLink.open(kind, paused())) {
                CompletableFuture<Long> reading = raw.readToTheEnd();
                raw.peer().getOutputStream().write(new byte[1000]);

                raw.link().run(Link::close);

                assertEquals(0, RawLink.bytesBeforeReset(reading));
                assertEquals(null, raw.link().awaitClosed());
            }
        }
    }

    /** What the link has read and not handed on is with the kernel no more, which would send an end. */
    @ParameterizedTest
    @MethodSource("kinds")
    void closingWithInputHeldIsAReset(IoKind kind) throws Exception {
        LinkProbe probe = paused();
        probe.on(Event.READ, link -> {
            link.reading(Reading.PAUSED);
            link.close();
        });
        try (RawLink raw = RawLink.open(kind, probe)) {
            CompletableFuture<Long> reading = raw.readToTheEnd();
            raw.peer().getOutputStream().write(new byte[40_000]);

            probe.run(link -> link.reading(Reading.RESUMED));

            RawLink.bytesBeforeReset(reading);
            probe.awaitClosed();
            assertTrue(probe.receivedBytes() < 40_000, "all was handed on");
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void ourEndWaitsForInputThatAPausedLinkHasNotHandedOn(IoKind kind) throws Exception {
        LinkProbe probe = paused();
        try (RawLink raw = RawLink.open(kind, probe)) {
            raw.peer().getOutputStream().write(new byte[1000]);

            assertFalse(probe.call(Link::shutdownOutput));
            raw.turns(20);
            assertFalse(probe.call(Link::shutdownOutput));
            assertEquals(0, probe.receivedBytes());
            int writable = probe.count(Event.WRITABLE);
            probe.run(link -> link.reading(Reading.RESUMED));

            assertEquals(0L, RawLink.get(raw.readToTheEnd()));
            probe.awaitMore(Event.WRITABLE, writable);
            assertEquals(1000, probe.receivedBytes());
            assertTrue(probe.call(Link::shutdownOutput));
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void ourEndGoesOutByItselfWhenNothingHasArrived(IoKind kind) throws Exception {
        LinkProbe probe = new LinkProbe();
        try (RawLink raw = RawLink.open(kind, probe)) {
            boolean out = probe.call(Link::shutdownOutput);

            assertEquals(0L, RawLink.get(raw.readToTheEnd()));
            if (!out) {
                probe.await(Event.WRITABLE);
            }
            assertTrue(probe.call(Link::shutdownOutput));
            raw.peer().getOutputStream().write(7);
            probe.awaitReceived(1);
        }
    }

    /** Asked for while a handler has the first bytes of many. */
    @ParameterizedTest
    @MethodSource("kinds")
    void ourEndFollowsWhatHadArrived(IoKind kind) throws Exception {
        CompletableFuture<Integer> receivedBefore = new CompletableFuture<>();
        LinkProbe probe = paused().on(Event.READ, Link::shutdownOutput);
        probe.on(Event.WRITABLE, link -> receivedBefore.complete(probe.receivedBytes()));
        try (RawLink raw = RawLink.open(kind, probe)) {
            raw.peer().getOutputStream().write(new byte[50_000]);

            probe.run(link -> link.reading(Reading.RESUMED));

            assertEquals(0L, RawLink.get(raw.readToTheEnd()));
            assertEquals(50_000, RawLink.get(receivedBefore));
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void closingWithEverythingHandledIsAnEnd(IoKind kind) throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            LinkProbe probe = new LinkProbe();
            try (RawLink raw = RawLink.open(kind, probe)) {
                raw.peer().getOutputStream().write(new byte[1000]);
                probe.awaitReceived(1000);

                probe.run(Link::close);

                assertEquals(0L, RawLink.get(raw.readToTheEnd()));
            }
        }
    }
}
