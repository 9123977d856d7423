/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.fake;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.spi.Link.Reading;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.testkit.fake.FakeLink.Flushing;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FakeLinkTest {
    private final FakeTransport transport = new FakeTransport();
    private final ManualEventLoop loop = transport.loop();
    private final RecordingHandler handler = new RecordingHandler();
    private final FakeLink link = transport.dial(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 6180), Duration.ofSeconds(1), dialled -> handler);

    @Test
    void takesAndFlushesEverythingAtFirst() {
        connect();

        assertEquals(11, write("hello world"));

        assertEquals("hello world", text(link.written()));
        assertEquals("hello world", text(link.takeReceived()));
        assertEquals(0, link.takeReceived().length);
        assertEquals(11, flushedBytes());
    }

    @Test
    void aWriteThatLeavesBytesIsFollowedByWritable() {
        connect();
        link.takes(4);
        ByteBuffer source = bytes("hello");

        assertEquals(4, write(source));
        assertEquals(List.of("connected"), handler.events);
        loop.runReady();

        assertEquals(List.of("connected", "writable"), handler.events);
        assertEquals(1, write(source));
        loop.runReady();
        assertEquals(List.of("connected", "writable"), handler.events);
        assertEquals("hello", text(link.written()));
    }

    @Test
    void aPeerThatTakesNothingIsWritableAgainWhenItTakesSomething() {
        connect();
        link.takes(0);
        assertEquals(0, write("hello"));
        loop.runReady();
        assertEquals(List.of("connected"), handler.events);

        link.takes(FakeLink.UNLIMITED);
        loop.runReady();

        assertEquals(List.of("connected", "writable"), handler.events);
    }

    @Test
    void roomIsUsedUpOverSeveralWritesAndBuffers() {
        connect();
        link.room(7);

        assertEquals(5, write("hello"));
        assertEquals(2, write(" world"));
        assertEquals(0, write("orld"));
        link.room(4);
        loop.runReady();

        assertEquals(List.of("connected", "writable"), handler.events);
        assertEquals("hello w", text(link.written()));
    }

    @Test
    void takenBytesAreFlushedOnDemand() {
        connect();
        link.flushing(Flushing.ON_DEMAND);
        write("hello");
        assertEquals(0, flushedBytes());

        link.flush(2);
        loop.runReady();

        assertEquals(2, flushedBytes());
        assertEquals(3, link.unflushedBytes());
        assertEquals("he", text(link.takeReceived()));
        assertEquals("hello", text(link.written()));
        assertEquals(List.of("connected", "writable"), handler.events);
        link.flush(FakeLink.UNLIMITED);
        assertEquals("llo", text(link.takeReceived()));
        link.verify();
    }

    @Test
    void bytesWaitUntilTheLinkIsUp() {
        link.read(ascii("early"));
        link.inputClosed();

        loop.runReady();

        assertEquals(List.of("connected", "read early", "input closed"), handler.events);
    }

    @Test
    void aPausedLinkDeliversNothing() {
        connect();
        loop.runNow(() -> link.reading(Reading.PAUSED));
        link.read(ascii("one"));
        link.read(ascii("two"));
        loop.runReady();
        assertEquals(List.of("connected"), handler.events);

        loop.runNow(() -> link.reading(Reading.RESUMED));
        loop.runReady();

        assertEquals(List.of("connected", "read one", "read two"), handler.events);
    }

    @Test
    void theBufferOfAReadIsNoLongerValidAfterIt() {
        List<ByteBuffer> kept = new ArrayList<>();
        FakeLink keeper = dial(new RecordingHandler(data -> kept.add(data.duplicate())));
        keeper.read(ascii("abc"));

        loop.runReady();

        assertFalse(kept.get(0).equals(bytes("abc")), "the bytes have changed");
    }

    @Test
    void aFailedLinkTakesNothingAndFlushesNothing() {
        connect();
        link.flushing(Flushing.ON_DEMAND);
        write("lost");
        link.read(ascii("lost too"));
        IOException reset = new IOException("Connection reset");

        link.fail(reset);
        assertEquals(0, write("more"));
        link.flush(4);
        loop.runReady();

        assertEquals(List.of("connected", "closed"), handler.events);
        assertSame(reset, handler.cause);
        assertEquals(0, flushedBytes());
        link.verify();
    }

    @Test
    void lentBuffersAreCountedUntilReleased() {
        connect();
        ByteBuffer[] buffer = new ByteBuffer[1];

        loop.runNow(() -> buffer[0] = link.lend(16));
        assertTrue(buffer[0].isDirect());
        assertEquals(1, link.lentBuffers());
        closeAndRun();
        assertThrows(AssertionError.class, transport::verifyNoLeaks);
        loop.runNow(() -> link.release(buffer[0]));

        assertEquals(0, link.lentBuffers());
        transport.verifyNoLeaks();
    }

    @Test
    void findsACallOffTheLoop() {
        connect();

        link.flushedBytes();

        assertFinding("flushedBytes: called by");
    }

    @Test
    void findsAWriteBeforeTheLinkIsUp() {
        assertEquals(0, write("early"));

        assertFinding("write: before onConnected");
    }

    @Test
    void findsAWriteAfterTheOutputWasShutDown() {
        connect();
        loop.runNow(link::shutdownOutput);

        assertEquals(0, write("late"));

        assertFinding("write: after shutdownOutput");
    }

    @Test
    void findsBytesThatChangedBeforeTheyWereFlushed() {
        connect();
        link.flushing(Flushing.ON_DEMAND);
        byte[] payload = ascii("hello");
        write(ByteBuffer.wrap(payload));
        payload[4] = 'x';

        link.flush(4);

        assertFinding("write: taken bytes were changed before they were flushed");
    }

    @Test
    void doesNotMindBytesThatChangeAfterTheyWereFlushed() {
        connect();
        link.flushing(Flushing.ON_DEMAND);
        byte[] payload = ascii("hello");
        write(ByteBuffer.wrap(payload));
        link.flush(4);
        payload[0] = 'x';

        link.flush(1);

        link.verify();
        assertEquals("hello", text(link.written()));
    }

    @Test
    void findsABufferReleasedWithBytesThatWait() {
        connect();
        link.flushing(Flushing.ON_DEMAND);
        loop.runNow(() -> {
            ByteBuffer buffer = link.lend(16);
            ByteBuffer part = buffer.duplicate().limit(8);
            link.write(part);
            link.release(buffer);
        });

        assertFinding("holds bytes that wait to be flushed");
    }

    @Test
    void doesNotMindABufferReleasedOnceItsLinkHasClosed() {
        connect();
        link.flushing(Flushing.ON_DEMAND);
        ByteBuffer[] buffer = new ByteBuffer[1];
        loop.runNow(() -> {
            buffer[0] = link.lend(16);
            link.write(buffer[0].duplicate());
        });
        closeAndRun();

        loop.runNow(() -> link.release(buffer[0]));

        transport.verifyNoLeaks();
    }

    @Test
    void findsABufferThatIsReleasedTwiceOrToAnotherLink() {
        connect();
        loop.runNow(() -> {
            ByteBuffer buffer = link.lend(16);
            link.release(buffer);
            link.release(buffer);
        });
        assertFinding("release: ");

        FakeLink other = dial(new RecordingHandler());
        loop.runNow(() -> other.release(link.lend(16)));
        assertThrows(AssertionError.class, other::verify);
    }

    @Test
    void aHandlerThatThrowsLosesItsLinkAndTheLoopKnows() {
        IllegalStateException onPurpose = new IllegalStateException("on purpose");
        RecordingHandler throwing = new RecordingHandler(data -> {
            throw onPurpose;
        });
        FakeLink other = dial(throwing);

        other.read(ascii("hello"));
        loop.runReady();

        assertEquals(List.of("connected", "closed"), throwing.events);
        assertSame(onPurpose, throwing.cause);
        assertTrue(other.peerSawReset());
        assertEquals(List.of(onPurpose), loop.takeThrown());
    }

    @Test
    void whoeverAbortsTheLinkItIsAskedAboutIsToldOfItsEnd() {
        RecordingHandler told = new RecordingHandler();
        loop.runNow(() -> transport.dial(link.remoteAddress(), Duration.ofSeconds(1), asked -> {
            asked.abort();
            return told;
        }));

        loop.runReady();

        assertEquals(List.of("closed"), told.events);
    }

    private void connect() {
        loop.runReady();
        assertTrue(link.isOpen());
    }

    private FakeLink dial(LinkHandler to) {
        FakeLink dialled = transport.dial(link.remoteAddress(), Duration.ofSeconds(1), any -> to);
        loop.runReady();
        return dialled;
    }

    private void closeAndRun() {
        loop.runNow(link::close);
        loop.runReady();
    }

    private int write(String text) {
        return write(bytes(text));
    }

    private int write(ByteBuffer source) {
        int[] count = new int[1];
        loop.runNow(() -> count[0] = link.write(source));
        return count[0];
    }

    private long flushedBytes() {
        long[] count = new long[1];
        loop.runNow(() -> count[0] = link.flushedBytes());
        return count[0];
    }

    private void assertFinding(String expected) {
        AssertionError failure = assertThrows(AssertionError.class, link::verify);
        assertTrue(failure.toString().contains(expected), failure.toString());
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(ascii(text));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, US_ASCII);
    }
}
