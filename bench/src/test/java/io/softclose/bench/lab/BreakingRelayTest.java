/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.lab;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.lab.BreakingRelay.Break;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BreakingRelayTest {
    private static final int PATIENCE_MILLIS = 30_000;
    private static final byte[] TEN = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};

    private BreakingRelay relay;
    private BreakingRelay.Door door;
    private ServerSocket server;

    @BeforeEach
    void open() throws IOException {
        relay = BreakingRelay.open();
        door = relay.door();
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        server.setSoTimeout(PATIENCE_MILLIS);
    }

    @AfterEach
    void close() throws IOException {
        relay.close();
        server.close();
    }

    @Test
    void passesBothDirectionsAndTheirEndsOneByOne() throws Exception {
        door.leadsTo((InetSocketAddress) server.getLocalSocketAddress());
        try (Socket near = dialled();
                Socket far = accepted()) {
            near.getOutputStream().write(TEN);
            near.shutdownOutput();

            assertArrayEquals(TEN, far.getInputStream().readAllBytes());
            far.getOutputStream().write(TEN);
            far.shutdownOutput();
            assertArrayEquals(TEN, near.getInputStream().readAllBytes());
        }
    }

    @Test
    void aCutIsAnEndForBothAtTheByteThatWasSaid() throws Exception {
        door.leadsTo((InetSocketAddress) server.getLocalSocketAddress());
        CompletableFuture<Void> broken = relay.breakAfter(Break.CUT, 7, Duration.ZERO);
        try (Socket near = dialled();
                Socket far = accepted()) {
            near.getOutputStream().write(TEN);

            assertEquals(7, far.getInputStream().readAllBytes().length);
            assertEquals(-1, near.getInputStream().read());
            broken.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            assertEquals(Set.of(far.getRemoteSocketAddress()), relay.cuts());
        }
    }

    @Test
    void aResetIsOneForBoth() throws Exception {
        door.leadsTo((InetSocketAddress) server.getLocalSocketAddress());
        CompletableFuture<Void> broken = relay.breakAfter(Break.RESET, 7, Duration.ZERO);
        try (Socket near = dialled();
                Socket far = accepted()) {
            near.getOutputStream().write(TEN);

            assertReset(near);
            assertReset(far);
            broken.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    @Test
    void nothingPassesAStallWhichEndsInAReset() throws Exception {
        door.leadsTo((InetSocketAddress) server.getLocalSocketAddress());
        CompletableFuture<Void> stalled = relay.breakAfter(Break.STALL, 7, Duration.ofMillis(300));
        try (Socket near = dialled();
                Socket far = accepted()) {
            near.getOutputStream().write(TEN);
            stalled.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            far.getOutputStream().write(TEN);

            assertReset(near);
            assertEquals(7, far.getInputStream().readNBytes(7).length);
            assertReset(far);
        }
    }

    @Test
    void whoDialsADoorWithNobodyBehindIsReset() throws Exception {
        try (Socket near = dialled()) {
            assertReset(near);
        }
    }

    @Test
    void aDoorLeadsToWhoeverIsBehindItNow() throws Exception {
        try (ServerSocket before = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            door.leadsTo((InetSocketAddress) before.getLocalSocketAddress());
        }
        try (Socket near = dialled()) {
            assertReset(near);
        }
        door.leadsTo((InetSocketAddress) server.getLocalSocketAddress());
        try (Socket near = dialled();
                Socket far = accepted()) {
            near.getOutputStream().write(1);
            assertEquals(1, far.getInputStream().read());
        }
    }

    @Test
    void oneBreakIsWaitedForAtATimeAndMayBeTakenBack() {
        CompletableFuture<Void> first = relay.breakAfter(Break.RESET, 7, Duration.ZERO);

        assertThrows(IllegalStateException.class, () -> relay.breakAfter(Break.CUT, 7, Duration.ZERO));
        relay.noBreak();

        assertTrue(first.isCancelled());
        assertTrue(!relay.breakAfter(Break.CUT, 7, Duration.ZERO).isDone());
    }

    private Socket dialled() throws IOException {
        Socket socket = new Socket(door.address().getAddress(), door.address().getPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private Socket accepted() throws IOException {
        Socket socket = server.accept();
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private static void assertReset(Socket socket) {
        assertThrows(SocketException.class, () -> {
            while (socket.getInputStream().read() >= 0) {
                // What had arrived before.
            }
        });
    }
}
