/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.lab;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The paths of the test network, on real sockets. */
@Timeout(60)
class WanRelayTest {
    private static final Duration LATENCY = Duration.ofMillis(5);
    private static final long FAST = 100_000_000;

    private ServerSocket server;
    private WanRelay relay;
    private WanPath path;
    private Socket near;
    private Socket far;

    @BeforeEach
    void connect() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        relay = WanRelay.open();
        path = relay.path(
                (InetSocketAddress) server.getLocalSocketAddress(),
                new WanConditions(LATENCY, Duration.ofMillis(2), FAST),
                new Random(1));
        near = new Socket(path.address().getAddress(), path.address().getPort());
        far = server.accept();
    }

    @AfterEach
    void close() throws IOException {
        near.close();
        far.close();
        relay.close();
        server.close();
    }

    @Test
    void bytesArriveInOrderAndNotBeforeTheirTime() throws Exception {
        byte[] sent = new byte[300_000];
        new Random(2).nextBytes(sent);
        long start = System.nanoTime();

        CompletableFuture<byte[]> arrived = CompletableFuture.supplyAsync(() -> readAll(far, sent.length));
        near.getOutputStream().write(sent);

        assertArrayEquals(sent, arrived.get());
        assertTrue(System.nanoTime() - start >= LATENCY.toNanos());
    }

    @Test
    void whatIsSlowTakesAtLeastItsTime() throws Exception {
        path.conditions(new WanConditions(Duration.ZERO, Duration.ZERO, 100_000));
        long start = System.nanoTime();

        near.getOutputStream().write(new byte[20_000]);
        readAll(far, 20_000);

        assertTrue(System.nanoTime() - start >= Duration.ofMillis(190).toNanos());
    }

    @Test
    void anEndArrivesBehindTheBytesAndTheOtherDirectionGoesOn() throws Exception {
        near.getOutputStream().write(7);
        near.shutdownOutput();

        assertEquals(7, far.getInputStream().read());
        assertEquals(-1, far.getInputStream().read());
        far.getOutputStream().write(8);
        assertEquals(8, near.getInputStream().read());
        far.shutdownOutput();
        assertEquals(-1, near.getInputStream().read());
    }

    @Test
    void aResetReachesBothEnds() throws IOException {
        path.reset();

        assertReset(near);
        assertReset(far);
    }

    @Test
    void aPathThatWasResetTakesNewConnections() throws IOException {
        path.reset();
        assertReset(near);

        try (Socket again =
                        new Socket(path.address().getAddress(), path.address().getPort());
                Socket accepted = server.accept()) {
            again.getOutputStream().write(9);
            assertEquals(9, accepted.getInputStream().read());
        }
    }

    @Test
    void aResetOfOneEndReachesTheOtherBehindWhatItSent() throws IOException {
        near.getOutputStream().write(7);
        assertEquals(7, far.getInputStream().read());
        near.setSoLinger(true, 0);
        near.close();

        assertReset(far);
    }

    @Test
    void aPathThatIsHeldPassesNothingUntilItIsReleased() throws IOException {
        path.hold();
        near.getOutputStream().write(7);

        far.setSoTimeout(100);
        assertThrows(SocketTimeoutException.class, () -> far.getInputStream().read());
        path.release();
        far.setSoTimeout(0);
        assertEquals(7, far.getInputStream().read());
    }

    @Test
    void whoeverDialsAPathWithoutATargetIsReset() throws IOException {
        server.close();

        try (Socket again =
                new Socket(path.address().getAddress(), path.address().getPort())) {
            assertReset(again);
        }
    }

    @Test
    void closingResetsWhatThereIs() throws IOException {
        relay.close();

        assertReset(near);
        assertReset(far);
    }

    private static void assertReset(Socket socket) {
        SocketException reset = assertThrows(
                SocketException.class, () -> socket.getInputStream().read());
        assertTrue(String.valueOf(reset.getMessage()).contains("reset"), reset.toString());
    }

    private static byte[] readAll(Socket socket, int length) {
        try {
            return socket.getInputStream().readNBytes(length);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
