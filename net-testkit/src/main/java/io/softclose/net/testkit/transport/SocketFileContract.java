/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.softclose.net.testkit.transport.fixture.LinkPair;
import io.softclose.net.testkit.transport.fixture.LinkProbe;
import io.softclose.net.testkit.transport.fixture.LinkProbe.Event;
import io.softclose.net.testkit.transport.fixture.Listening;
import io.softclose.net.testkit.transport.fixture.TransportFixture;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Addresses that are names in the file system, of which some are not ours; part of {@link TransportContract}. */
public interface SocketFileContract {
    private static UnixDomainSocketAddress unixAddress(TransportFixture fixture) throws IOException {
        SocketAddress address = fixture.listenAddress();
        assumeTrue(address instanceof UnixDomainSocketAddress, "only Unix domain sockets have files");
        return (UnixDomainSocketAddress) address;
    }

    private static ServerSocketChannel stranger(UnixDomainSocketAddress address) throws IOException {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address);
    }

    private static void assertAccepts(TransportFixture fixture, Listening listening) {
        LinkProbe dialled = fixture.dial(listening.address()).await(Event.CONNECTED);
        new LinkPair(dialled, listening.next().await(Event.CONNECTED)).assertAlive();
    }

    /** Also when it is the transport that is closed. */
    @Test
    default void aListenerMakesItsFileAndDeletesIt(TransportFixture fixture) throws IOException {
        UnixDomainSocketAddress closed = unixAddress(fixture);
        UnixDomainSocketAddress left = unixAddress(fixture);
        Listening first = fixture.listen(closed, LinkProbe::new);
        fixture.listen(left, LinkProbe::new);
        assertTrue(Files.exists(closed.getPath()));

        first.listener().close();
        assertFalse(Files.exists(closed.getPath()));

        fixture.transport().close();
        assertFalse(Files.exists(left.getPath()));
    }

    /** By a process that was killed. */
    @Test
    default void aSocketThatWasLeftBehindIsReplaced(TransportFixture fixture) throws IOException {
        UnixDomainSocketAddress address = unixAddress(fixture);
        stranger(address).close();
        assertTrue(Files.exists(address.getPath()));

        assertAccepts(fixture, fixture.listen(address, LinkProbe::new));
    }

    /** A full disk must not keep a node from starting where it left a socket when it was killed. */
    @Test
    default void aSocketIsReplacedWhateverTheLogThrows(TransportFixture fixture) throws IOException {
        UnixDomainSocketAddress address = unixAddress(fixture);
        stranger(address).close();

        try (ThrowingLog log = ThrowingLog.install()) {
            assertAccepts(fixture, fixture.listen(address, LinkProbe::new));
            assumeTrue(log.threw(), "it is replaced without a word");
        }
    }

    /** And goes on listening; who tried is told what to do. */
    @Test
    default void aSocketOnWhichSomebodyListensStays(TransportFixture fixture) throws IOException {
        UnixDomainSocketAddress address = unixAddress(fixture);
        try (ServerSocketChannel living = stranger(address)) {
            IOException refused = assertThrows(IOException.class, () -> fixture.listen(address, LinkProbe::new));

            String message = String.valueOf(refused.getMessage());
            assertTrue(message.contains(address.toString()) && message.contains("(expected: "), message);
            try (SocketChannel dialled = SocketChannel.open(address)) {
                living.accept().close();
                assertTrue(dialled.isConnected());
            }
        } finally {
            Files.deleteIfExists(address.getPath());
        }
    }

    /** Connecting to it is refused as well. */
    @Test
    default void aFileThatIsNoSocketStays(TransportFixture fixture) throws IOException {
        UnixDomainSocketAddress address = unixAddress(fixture);
        Files.writeString(address.getPath(), "precious");

        assertThrows(IOException.class, () -> fixture.listen(address, LinkProbe::new));

        assertPrecious(address.getPath());
    }

    /** Whatever it is. */
    @Test
    default void aFileThatHasTakenThePlaceOfOursStays(TransportFixture fixture) throws IOException {
        UnixDomainSocketAddress address = unixAddress(fixture);
        Listening listening = fixture.listen(address, LinkProbe::new);
        Files.delete(address.getPath());
        Files.writeString(address.getPath(), "precious");

        listening.listener().close();

        assertPrecious(address.getPath());
    }

    private static void assertPrecious(Path file) throws IOException {
        assertEquals("precious", Files.readString(file));
        Files.delete(file);
    }

    /** As of a process that was started before its predecessor had ended. */
    @Test
    default void aSocketThatHasTakenThePlaceOfOursStays(TransportFixture fixture) throws IOException {
        UnixDomainSocketAddress address = unixAddress(fixture);
        Listening predecessor = fixture.listen(address, LinkProbe::new);
        Files.delete(address.getPath());
        Listening successor = fixture.listen(address, LinkProbe::new);

        predecessor.listener().close();

        assertAccepts(fixture, successor);
    }

    /** Somebody has tidied up. */
    @Test
    default void aListenerWhoseFileIsGoneCloses(TransportFixture fixture) throws IOException {
        UnixDomainSocketAddress address = unixAddress(fixture);
        Listening listening = fixture.listen(address, LinkProbe::new);
        Files.delete(address.getPath());

        listening.listener().close();

        assertAccepts(fixture, fixture.listen(address, LinkProbe::new));
    }

    /** The system may give its file the inode that ours had: whoever closes again must not take it for his own. */
    @Test
    default void aListenerThatIsClosedAgainLeavesTheFileOfItsSuccessor(TransportFixture fixture) throws IOException {
        UnixDomainSocketAddress address = unixAddress(fixture);
        Listening closed = fixture.listen(address, LinkProbe::new);
        closed.listener().close();
        Listening successor = fixture.listen(address, LinkProbe::new);

        closed.listener().close();

        assertAccepts(fixture, successor);
    }
}
