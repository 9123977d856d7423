/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.spi.Transport.Listener;
import io.softclose.net.testkit.LinkProbe;
import io.softclose.net.testkit.LinkProbe.Event;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names in the file system, of which some are not ours. On the transport that users have who say nothing of I/O. */
final class SocketFileTest {
    private final NettyTransport transport = available();

    @TempDir
    private Path folder;

    private static NettyTransport available() {
        Kinds.requireAvailable(IoKind.EPOLL);
        return NettyTransport.builder().build();
    }

    @AfterEach
    void close() {
        transport.close();
    }

    private UnixDomainSocketAddress address() {
        return UnixDomainSocketAddress.of(folder.resolve("socket"));
    }

    private Listener listen() throws IOException {
        return transport.listen(address(), link -> new LinkProbe().attach(link));
    }

    private void assertConnects() {
        LinkProbe probe = new LinkProbe();
        transport.dial(address(), Duration.ofSeconds(30), probe::attach);
        probe.await(Event.CONNECTED);
    }

    @Test
    void aListenerMakesItsFileAndDeletesIt() throws Exception {
        Listener listener = listen();
        assertConnects();
        assertTrue(Files.exists(address().getPath()));

        listener.close();

        assertFalse(Files.exists(address().getPath()));
        listen();
        assertConnects();
    }

    /** By a process that was killed. */
    @Test
    void aSocketThatWasLeftBehindIsReplaced() throws Exception {
        try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            killed.bind(address());
        }
        assertTrue(Files.exists(address().getPath()));

        listen();

        assertConnects();
    }

    @Test
    void aSocketOnWhichSomebodyListensStays() throws Exception {
        try (ServerSocketChannel living = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            living.bind(address());

            IOException refused = assertThrows(IOException.class, this::listen);

            assertEquals(
                    "listen on " + address()
                            + ": somebody listens on the socket that is there (expected: none, or one left behind)",
                    refused.getMessage());
            assertConnects();
        }
    }

    /** Connecting to it is refused as well. */
    @Test
    void aFileThatIsNoSocketStays() throws Exception {
        Files.writeString(address().getPath(), "precious");

        IOException refused = assertThrows(IOException.class, this::listen);

        assertEquals(
                "listen on " + address()
                        + ": the file exists and is no socket (expected: none, or a socket that nobody listens on)",
                refused.getMessage());
        assertEquals("precious", Files.readString(address().getPath()));
    }

    /** Netty deletes whatever is at the path it was bound to. */
    @Test
    void aFileThatHasTakenThePlaceOfOursStays() throws Exception {
        Listener listener = listen();
        Files.delete(address().getPath());
        Files.writeString(address().getPath(), "precious");

        listener.close();

        assertEquals("precious", Files.readString(address().getPath()));
    }

    @Test
    void aListenerWhoseFileIsGoneCloses() throws Exception {
        Listener listener = listen();
        Files.delete(address().getPath());

        listener.close();

        listen();
        assertConnects();
    }

    @Test
    void closingTheTransportDeletesTheFile() throws Exception {
        listen();

        transport.close();

        assertFalse(Files.exists(address().getPath()));
    }
}
