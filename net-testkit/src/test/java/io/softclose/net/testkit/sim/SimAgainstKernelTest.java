/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.softclose.net.testkit.sim.SocketEnd.Ending;
import io.softclose.net.testkit.sim.SocketEnd.Input;
import io.softclose.net.testkit.sim.SocketEnd.Written;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The same scripts on the simulated kernel and on the one that the test runs on, if that is Linux. */
class SimAgainstKernelTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private static final int PIECE = 16 * 1024;

    @BeforeAll
    static void onLinux() {
        assumeTrue(System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux"), "the model is Linux");
    }

    @Test
    void closingWithUnreadInputResetsAndLeavesWhatHadArrivedReadable() throws IOException {
        assertSame(new Input(50, Ending.RESET), (closer, peer) -> {
            peer.write(5);
            closer.awaitInput();
            closer.write(50);
            peer.awaitInput();
            closer.close();
            return peer.readToTheEnd();
        });
    }

    @Test
    void closingWithUnreadInputDestroysWhatHadNotArrived() throws IOException {
        assertSame(List.of(true, Ending.RESET), (closer, peer) -> {
            peer.write(5);
            closer.awaitInput();
            long written = closer.fill();
            closer.close();
            return fewer(peer.readToTheEnd(), written);
        });
    }

    @Test
    void dataThatArrivesAfterACloseDestroysWhatHadNotArrived() throws IOException {
        assertSame(List.of(true, Ending.RESET), (closer, peer) -> {
            long written = closer.fill();
            closer.close();
            peer.write(5);
            return fewer(peer.readToTheEnd(), written);
        });
    }

    @Test
    void aCloseDeliversWhatIsInTheSendBuffer() throws IOException {
        assertSame(List.of(false, Ending.END), (closer, peer) -> {
            long written = closer.fill();
            closer.close();
            return fewer(peer.readToTheEnd(), written);
        });
    }

    @Test
    void anEndFollowsTheData() throws IOException {
        assertSame(new Input(1000, Ending.END), (closer, peer) -> {
            closer.write(1000);
            closer.shutdownOutput();
            return peer.readToTheEnd();
        });
    }

    @Test
    void theOtherDirectionGoesOnAfterAHalfClose() throws IOException {
        assertSame(List.of(new Input(0, Ending.END), Written.TAKEN, new Input(700, Ending.END)), (closer, peer) -> {
            closer.shutdownOutput();
            Input there = peer.readToTheEnd();
            Written written = peer.write(700);
            peer.shutdownOutput();
            return List.of(there, written, closer.readToTheEnd());
        });
    }

    @Test
    void whatArrivedBeforeAnAbortCanStillBeRead() throws IOException {
        assertSame(new Input(50, Ending.RESET), (closer, peer) -> {
            closer.write(50);
            peer.awaitInput();
            closer.abort();
            return peer.readToTheEnd();
        });
    }

    @Test
    void anAbortDestroysWhatHadNotArrived() throws IOException {
        assertSame(List.of(true, Ending.RESET), (closer, peer) -> {
            long written = closer.fill();
            closer.abort();
            return fewer(peer.readToTheEnd(), written);
        });
    }

    @Test
    void anAbortAfterTheEndIsNotSeenByAReader() throws IOException {
        assertSame(new Input(20, Ending.END), (closer, peer) -> {
            closer.write(20);
            closer.shutdownOutput();
            peer.awaitInput();
            closer.abort();
            return peer.readToTheEnd();
        });
    }

    @Test
    void aWriterSeesAnAbortAtItsFirstWrite() throws IOException {
        assertSame(Written.FAILED, (closer, peer) -> {
            closer.abort();
            peer.awaitInput();
            return peer.write(10);
        });
    }

    @Test
    void aWriterSeesACloseOnlyAtALaterWrite() throws IOException {
        assertSame(Written.TAKEN, (closer, peer) -> {
            closer.close();
            peer.awaitInput();
            Written first = peer.write(10);
            peer.writeUntilItFails();
            return first;
        });
    }

    @Test
    void whatArrivedBeforeACloseCanBeReadAfterAWriteHasFailed() throws IOException {
        assertSame(new Input(50, Ending.END), (closer, peer) -> {
            closer.write(50);
            closer.close();
            peer.awaitInput();
            peer.writeUntilItFails();
            return peer.readToTheEnd();
        });
    }

    @Test
    void aFullLinkTakesMoreOnceThePeerHasRead() throws IOException {
        assertSame(List.of(Written.FULL, Written.TAKEN), (writer, reader) -> {
            long written = writer.fill();
            Written full = writer.write(1);
            reader.read(written);
            if (writer instanceof KernelEnd kernel) {
                kernel.awaitRoom();
            }
            return List.of(full, writer.write(1));
        });
    }

    @Test
    void aWriterIsToldOfRoomOnlyOnceThereIsMuchOfIt() throws IOException {
        assertSame(List.of(false, true), (writer, reader) -> {
            long left = writer.fill() - PIECE;
            reader.read(PIECE);
            while (writer.write(1) != Written.TAKEN) {
                reader.read(PIECE);
                left -= PIECE;
            }
            boolean toldOfLittle = writer.toldOfRoom();
            reader.read(left);
            if (writer instanceof KernelEnd kernel) {
                kernel.awaitRoom();
            }
            return List.of(toldOfLittle, writer.toldOfRoom());
        });
    }

    @Test
    void whoeverReadsWhatHasArrivedBeforeItClosesDestroysNothing() throws IOException {
        assertSame(List.of(false, Ending.END), (closer, peer) -> {
            peer.write(5);
            closer.awaitInput();
            long written = closer.fill();
            closer.read(5);
            closer.close();
            return fewer(peer.readToTheEnd(), written);
        });
    }

    @Test
    void closingWithUnreadInputIsAResetAlsoAfterAnEnd() throws IOException {
        assertSame(List.of(new Input(20, Ending.END), Written.FAILED), (closer, peer) -> {
            closer.write(20);
            closer.shutdownOutput();
            peer.write(5);
            closer.awaitInput();
            closer.close();
            peer.awaitInput();
            Input read = peer.readToTheEnd();
            return List.of(read, peer.write(1));
        });
    }

    @Test
    void bothEndsMayEndAtOnce() throws IOException {
        assertSame(List.of(new Input(10, Ending.END), new Input(20, Ending.END)), (one, other) -> {
            one.write(20);
            other.write(10);
            one.shutdownOutput();
            other.shutdownOutput();
            return List.of(one.readToTheEnd(), other.readToTheEnd());
        });
    }

    @Test
    void endingTwiceIsEndingOnceAndNothingCanBeWrittenThen() throws IOException {
        assertSame(new Input(3, Ending.END), (closer, peer) -> {
            closer.write(3);
            closer.shutdownOutput();
            closer.shutdownOutput();
            if (closer instanceof KernelEnd) {
                assertEquals(Written.FAILED, closer.write(1));
            } else {
                assertThrows(IllegalStateException.class, () -> closer.write(1));
            }
            return peer.readToTheEnd();
        });
    }

    @Test
    void aPortThatNobodyListensOnRefuses() throws IOException {
        InetSocketAddress free;
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(ANY_PORT)) {
            free = (InetSocketAddress) server.getLocalAddress();
        }
        assertThrows(ConnectException.class, () -> SocketChannel.open(free).close());

        SimNetwork sim = new SimNetwork(1);
        SimTransport host = sim.host("host");
        SimEnd end = new SimEnd(sim);
        host.dial(sim.host("other").address(1), Duration.ofSeconds(1), end::attach);
        sim.run();
        assertInstanceOf(ConnectException.class, end.cause());
    }

    /** Whether fewer bytes than that have come, at least one, and how it ended. */
    private static List<Object> fewer(Input input, long written) {
        assertTrue(input.bytes() > 0 && input.bytes() <= written, () -> input + " of " + written);
        return List.of(input.bytes() < written, input.ending());
    }

    private static void assertSame(Object expected, BiFunction<SocketEnd, SocketEnd, Object> script)
            throws IOException {
        assertEquals(expected, onTheKernel(script), "on the kernel");
        for (long seed = 1; seed <= 10; seed++) {
            assertEquals(expected, simulated(seed, script), "simulated, seed " + seed);
        }
    }

    private static Object onTheKernel(BiFunction<SocketEnd, SocketEnd, Object> script) throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(ANY_PORT);
                KernelEnd one = new KernelEnd(SocketChannel.open(server.getLocalAddress()));
                KernelEnd other = new KernelEnd(server.accept())) {
            return script.apply(one, other);
        }
    }

    private static Object simulated(long seed, BiFunction<SocketEnd, SocketEnd, Object> script) throws IOException {
        SimNetwork sim = new SimNetwork(seed);
        SimSockets sockets = SimSockets.linux().withBuffers(1 << 20, 128 * 1024);
        SimTransport here = sim.host("one", 1, sockets);
        SimTransport there = sim.host("other", 1, sockets);
        SimEnd one = new SimEnd(sim);
        SimEnd other = new SimEnd(sim);
        there.listen(there.address(6180), other::attach);
        here.dial(there.address(6180), Duration.ofSeconds(1), one::attach);
        sim.runUntil(() -> one.connected() && other.connected(), Duration.ofSeconds(1));
        return script.apply(one, other);
    }
}
