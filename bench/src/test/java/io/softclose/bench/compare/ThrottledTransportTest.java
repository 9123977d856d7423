/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.compare;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.softclose.net.spi.InputEnd;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.spi.Transport;
import io.softclose.net.testkit.fake.FakeLink;
import io.softclose.net.testkit.fake.FakeTransport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ThrottledTransportTest {
    private static final Duration DELAY = Duration.ofMillis(10);
    private static final InetSocketAddress REMOTE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);

    private final FakeTransport below = new FakeTransport();
    private final ThrottledTransport transport = new ThrottledTransport(below, new Throttle(4, DELAY));

    @Test
    void aWriteTakesNoMoreThanItMayAndTheNextTakesNothing() {
        Recorder recorder = dial();

        assertEquals(4, recorder.write("abcdef"));
        assertEquals(0, recorder.write("ef"));

        assertArrayEquals("abcd".getBytes(US_ASCII), fake().written());
        end();
    }

    @Test
    void itTakesMoreAfterTheDelayAndSaysSo() {
        Recorder recorder = dial();
        recorder.write("abcdef");
        below.loop().runReady();
        recorder.events.clear();

        below.loop().advance(DELAY.minusNanos(1));
        assertEquals(List.of(), recorder.events);
        assertEquals(0, recorder.write("ef"));
        below.loop().advance(Duration.ofNanos(1));

        assertEquals(List.of("writable"), recorder.events);
        assertEquals(2, recorder.write("ef"));
        assertArrayEquals("abcdef".getBytes(US_ASCII), fake().written());
        end();
    }

    @Test
    void theBoundLeavesTheBuffersLimit() {
        Recorder recorder = dial();
        ByteBuffer source = bytes("abcdefgh").position(1);

        below.loop().runNow(() -> assertEquals(4, recorder.link.write(source)));

        assertArrayEquals("bcde".getBytes(US_ASCII), fake().written());
        assertEquals(bytes("fgh"), source);
        end();
    }

    @Test
    void aWriteThatTakesNothingIsNotFollowedByAPause() {
        Recorder recorder = dial();
        fake().takes(0);
        assertEquals(0, recorder.write("ab"));
        assertEquals(0, below.loop().pendingTimers());
        fake().takes(FakeLink.UNLIMITED);
        below.loop().runReady();
        assertEquals("writable", recorder.events.get(recorder.events.size() - 1));
        assertEquals(2, recorder.write("ab"));
        end();
    }

    @Test
    void closingDropsThePause() {
        Recorder recorder = dial();
        recorder.write("abcdef");

        below.loop().runNow(recorder.link::close);
        below.loop().runReady();

        assertEquals(0, below.loop().pendingTimers());
        assertEquals("closed", recorder.events.get(recorder.events.size() - 1));
        end();
    }

    @Test
    void everythingElsePasses() {
        Recorder recorder = dial();
        assertEquals("fake", transport.name());
        assertSame(below.loop(), recorder.link.loop());
        assertEquals(REMOTE, recorder.link.remoteAddress());
        assertEquals(fake().localAddress(), recorder.link.localAddress());
        below.loop().runNow(() -> {
            recorder.link.reading(Link.Reading.PAUSED);
            assertEquals(Link.Reading.PAUSED, fake().reading());
            recorder.link.reading(Link.Reading.RESUMED);
            ByteBuffer lent = recorder.link.lend(16);
            assertEquals(1, fake().lentBuffers());
            recorder.link.release(lent);
            recorder.link.write(bytes("ab"));
            assertEquals(2, recorder.link.flushedBytes());
            recorder.link.shutdownOutput();
        });
        fake().read((byte) 'x', (byte) 'y');
        fake().inputClosed();
        below.loop().runReady();
        below.loop().runNow(recorder.link::abort);
        below.loop().runReady();

        assertEquals(List.of("connected", "read xy", "input closed", "closed"), recorder.events);
        assertEquals(List.of(FakeLink.EndCall.SHUTDOWN_OUTPUT, FakeLink.EndCall.ABORT), fake().endCalls());
        end();
    }

    @Test
    void acceptedLinksAreSlowedToo() throws Exception {
        List<Recorder> recorders = new ArrayList<>();
        Transport.Listener listener =
                transport.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), link -> {
                    recorders.add(new Recorder(link));
                    return recorders.get(0);
                });
        below.accept((InetSocketAddress) listener.localAddress());
        below.loop().runReady();

        assertEquals(4, recorders.get(0).write("abcdef"));
        listener.close();
        below.loop().runNow(recorders.get(0).link::abort);
        end();
    }

    @Test
    void theDialledLinkIsTheOneItsHandlerHas() {
        List<Link> links = new ArrayList<>();
        Link dialled = transport.dial(REMOTE, Duration.ofSeconds(1), link -> {
            links.add(link);
            return new Recorder(link);
        });
        assertEquals(List.of(dialled), links);
        end();
    }

    @Test
    void boundsAreChecked() {
        assertEquals(
                "bytesPerWrite: 0 (expected: > 0)",
                assertThrows(IllegalArgumentException.class, () -> new Throttle(0, DELAY))
                        .getMessage());
        assertEquals(
                "delay: PT0S (expected: > 0)",
                assertThrows(IllegalArgumentException.class, () -> new Throttle(1, Duration.ZERO))
                        .getMessage());
    }

    private Recorder dial() {
        List<Recorder> recorders = new ArrayList<>();
        transport.dial(REMOTE, Duration.ofSeconds(1), link -> {
            recorders.add(new Recorder(link));
            return recorders.get(0);
        });
        below.loop().runReady();
        return recorders.get(0);
    }

    private FakeLink fake() {
        return below.links().get(0);
    }

    private void end() {
        transport.close();
        below.loop().runReady();
        below.verifyNoLeaks();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(US_ASCII));
    }

    /** Writes its events down. */
    private final class Recorder implements LinkHandler {
        private final Link link;
        private final List<String> events = new ArrayList<>();

        Recorder(Link link) {
            this.link = link;
        }

        long write(String text) {
            long[] taken = new long[1];
            below.loop().runNow(() -> taken[0] = link.write(bytes(text)));
            return taken[0];
        }

        @Override
        public void onConnected() {
            events.add("connected");
        }

        @Override
        public void onRead(ByteBuffer data) {
            byte[] read = new byte[data.remaining()];
            data.get(read);
            events.add("read " + new String(read, US_ASCII));
        }

        @Override
        public void onWritable() {
            events.add("writable");
        }

        @Override
        public void onInputClosed(InputEnd end) {
            events.add("input closed");
        }

        @Override
        public void onClosed(@Nullable Throwable cause) {
            events.add("closed" + (cause == null ? "" : " " + cause));
        }
    }
}
