/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.spi;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.io.IOException;
import java.net.BindException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names in the file system, of which some are not ours. What a whole transport does is the contract's. */
final class SocketFileTest {
    @TempDir
    private Path folder;

    private Path path() {
        return folder.resolve("socket");
    }

    private UnixDomainSocketAddress address() {
        return UnixDomainSocketAddress.of(path());
    }

    private ServerSocketChannel bind() throws IOException {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address());
    }

    private String refused() {
        BindException refused = assertThrows(BindException.class, () -> SocketFile.makeWay(address()));
        return String.valueOf(refused.getMessage());
    }

    @Test
    void whereThereIsNoFileThereIsNothingToDo() throws IOException {
        SocketFile.makeWay(address());

        assertFalse(Files.exists(path()));
    }

    @Test
    void aSocketThatWasLeftBehindMakesWay() throws IOException {
        bind().close();

        SocketFile.makeWay(address());

        assertFalse(Files.exists(path()));
    }

    @Test
    void aSocketOnWhichSomebodyListensStays() throws IOException {
        try (ServerSocketChannel living = bind()) {
            assertEquals(
                    "somebody listens on the socket that is there (expected: none, or one left behind)", refused());
            try (SocketChannel dialled = SocketChannel.open(address())) {
                living.accept().close();
                assertTrue(dialled.isConnected());
            }
        }
    }

    /** Connecting to it is refused as well. */
    @Test
    void aFileThatIsNoSocketStays() throws IOException {
        Files.writeString(path(), "precious");

        assertEquals(
                "the file exists and is no socket (expected: none, or a socket that nobody listens on)", refused());
        assertEquals("precious", Files.readString(path()));
    }

    @Test
    void theFileThatWasBoundIsDeleted() throws IOException {
        try (ServerSocketChannel open = bind()) {
            SocketFile.bound(address()).delete();

            assertFalse(Files.exists(path()));
            assertTrue(open.isOpen());
        }
    }

    @Test
    void aFileThatHasTakenItsPlaceStays() throws IOException {
        try (ServerSocketChannel open = bind()) {
            SocketFile file = SocketFile.bound(address());
            Files.move(path(), folder.resolve("moved")); // keeps its inode in use
            Files.writeString(path(), "precious");

            file.delete();

            assertEquals("precious", Files.readString(path()));
            assertTrue(open.isOpen());
        }
    }

    @Test
    void aFileThatIsGoneIsAsGoodAsDeleted() throws IOException {
        try (ServerSocketChannel open = bind()) {
            SocketFile file = SocketFile.bound(address());
            Files.delete(path());

            file.delete();

            assertTrue(open.isOpen());
        }
    }

    /** As in a zip file: what cannot be told apart may be somebody's. */
    @Test
    void whereFilesHaveNoKeysTheyStay() throws IOException {
        try (FileSystem zip = FileSystems.newFileSystem(folder.resolve("files.zip"), Map.of("create", "true"))) {
            Path file = Files.writeString(zip.getPath("/socket"), "precious");

            new SocketFile(file, null).delete();

            assertEquals("precious", Files.readString(file));
        }
    }

    /** The key is the folder's own; a folder that holds something is one that cannot be deleted. */
    @Test
    void aFileThatCannotBeDeletedStays() throws IOException {
        Files.writeString(path(), "precious");
        Object key = Files.readAttributes(folder, BasicFileAttributes.class).fileKey();

        new SocketFile(folder, requireNonNull(key)).delete();

        assertTrue(Files.exists(path()));
    }

    /** A listener has its socket to close after that. */
    @Test
    void whatTheFileSystemThrowsIsNotThrownOn() {
        Path forbidden = mock(Path.class);
        when(forbidden.getFileSystem()).thenThrow(new SecurityException("not yours"));

        assertDoesNotThrow(() -> new SocketFile(forbidden, new Object()).delete());
    }
}
