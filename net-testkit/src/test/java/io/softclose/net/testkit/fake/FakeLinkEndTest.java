/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.fake;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.spi.Link.Reading;
import io.softclose.net.testkit.fake.FakeLink.EndCall;
import io.softclose.net.testkit.fake.FakeLink.Flushing;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a fake link ends: what the handler is told, and what the peer sees. */
class FakeLinkEndTest {
    private final FakeTransport transport = new FakeTransport();
    private final ManualEventLoop loop = transport.loop();
    private final RecordingHandler handler = new RecordingHandler();
    private final FakeLink link = transport.dial(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 6180), Duration.ofSeconds(1), dialled -> handler);

    @BeforeEach
    void connect() {
        loop.runReady();
        assertTrue(link.isOpen());
    }

    @Test
    void closeIsFollowedByClosedWithoutACauseAndOnce() {

        loop.runNow(() -> {
            link.close();
            link.close();
            link.abort();
        });
        assertEquals(List.of("connected"), handler.events);
        loop.runReady();

        assertEquals(List.of("connected", "closed"), handler.events);
        assertNull(handler.cause);
        assertEquals(List.of(EndCall.CLOSE, EndCall.CLOSE, EndCall.ABORT), link.endCalls());
        assertTrue(link.peerSawEnd());
        assertFalse(link.peerSawReset());
        transport.verifyNoLeaks();
    }

    @Test
    void halfCloseEndsOneDirectionOnceAllIsFlushed() {
        link.flushing(Flushing.ON_DEMAND);
        write("bye");
        loop.runNow(link::shutdownOutput);
        assertFalse(link.peerSawEnd());

        link.flush(FakeLink.UNLIMITED);
        link.read(ascii("still here"));
        loop.runReady();

        assertTrue(link.peerSawEnd());
        assertEquals(List.of("connected", "writable", "read still here"), handler.events);
        assertEquals(List.of(EndCall.SHUTDOWN_OUTPUT), link.endCalls());
        assertTrue(link.isOpen());
    }

    @Test
    void closingWithUnreadInputResetsThePeer() {
        link.read(ascii("unread"));

        loop.runNow(link::close);

        assertTrue(link.peerSawReset());
        assertFalse(link.peerSawEnd());
        loop.runReady();
        assertEquals(List.of("connected", "closed"), handler.events);
    }

    @Test
    void whatThePeerSendsAfterOurCloseResetsIt() {
        loop.runNow(link::close);
        assertFalse(link.peerSawReset());

        link.read(ascii("too late"));

        assertTrue(link.peerSawReset());
    }

    @Test
    void anUnreadEndOfThePeerIsNotUnreadInput() {
        link.inputClosed();

        loop.runNow(link::close);

        assertFalse(link.peerSawReset());
    }

    @Test
    void anEndIsHeldBackUntilTheHandlerHasWhatHadArrived() {
        loop.runNow(() -> link.reading(Reading.PAUSED));
        link.read(ascii("one"));
        link.read(ascii("two"));

        assertFalse(endOutput());
        loop.runReady();
        assertFalse(link.peerSawEnd());
        loop.runNow(() -> link.reading(Reading.RESUMED));
        loop.runReady();

        assertTrue(link.peerSawEnd());
        assertEquals(List.of("connected", "read one", "read two", "writable"), handler.events);
        assertTrue(endOutput());
    }

    @Test
    void aPauseHoldsTheEndBack() {
        loop.runNow(() -> link.reading(Reading.PAUSED));
        assertFalse(endOutput());
        loop.runReady();
        assertFalse(link.peerSawEnd());

        loop.runNow(() -> link.reading(Reading.RESUMED));
        loop.runReady();

        assertTrue(link.peerSawEnd());
        assertEquals(List.of("connected", "writable"), handler.events);
    }

    @Test
    void lingeringWhilePausedNeverShowsTheEnd() {
        loop.runNow(() -> {
            link.reading(Reading.PAUSED);
            link.linger();
        });

        assertFalse(link.peerSawEnd());
        assertTrue(link.peerSawReset());
    }

    @Test
    void anEndThatIsHeldBackWhenTheLinkClosesIsAReset() {
        link.read(ascii("unread"));
        assertFalse(endOutput());

        loop.runNow(link::close);

        assertTrue(link.peerSawReset());
        assertFalse(link.peerSawEnd());
    }

    @Test
    void nothingIsWrittenBehindAnEndThatIsHeldBack() {
        link.read(ascii("unread"));
        assertFalse(endOutput());

        write("late");

        assertEquals(0, link.written().length);
    }

    @Test
    void lingeringOverAQuietPeerShowsItTheEnd() {
        write("all of it");

        loop.runNow(link::linger);
        loop.runReady();

        assertEquals(List.of(EndCall.LINGER), link.endCalls());
        assertEquals(List.of("connected", "closed"), handler.events);
        assertNull(handler.cause);
        assertTrue(link.peerSawEnd());
        transport.verifyNoLeaks();
    }

    @Test
    void lingeringOverUnreadInputNeverShowsTheEnd() {
        link.read(ascii("unread"));

        loop.runNow(link::linger);

        assertFalse(link.peerSawEnd());
        assertTrue(link.peerSawReset());
        loop.runReady();
        assertEquals(List.of("connected", "closed"), handler.events);
    }

    @Test
    void whatThePeerSendsToALingeringEndResetsNothing() {
        loop.runNow(link::linger);

        link.read(ascii("still talking"));
        loop.runReady();

        assertFalse(link.peerSawReset());
        assertEquals(List.of("connected", "closed"), handler.events);
    }

    @Test
    void anAttemptToWriteFindsRoomThatNothingTellsOf() {
        link.room(2);
        assertEquals(2, write("hello"));
        link.roomUntold(2);
        loop.runReady();
        assertEquals(List.of("connected"), handler.events);

        assertEquals(2, write("llo"));
        link.room(1);
        loop.runReady();

        assertEquals(List.of("connected", "writable"), handler.events);
    }

    @Test
    void anAttemptToFlushHandsOverWhatTheKernelHasRoomFor() {
        link.flushing(Flushing.ON_DEMAND);
        write("hello");
        loop.runNow(link::flush);
        assertEquals(5, link.unflushedBytes());
        link.handsOverWhenAsked(3);

        loop.runNow(() -> {
            link.flush();
            assertEquals(3, link.flushedBytes());
            link.flush();
        });
        loop.runReady();

        assertEquals(2, link.unflushedBytes());
        assertEquals(List.of("connected", "writable"), handler.events);
    }

    private boolean endOutput() {
        boolean[] out = new boolean[1];
        loop.runNow(() -> out[0] = link.shutdownOutput());
        return out[0];
    }

    private long write(String text) {
        long[] count = new long[1];
        loop.runNow(() -> count[0] = link.write(ByteBuffer.wrap(ascii(text))));
        return count[0];
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }
}
