/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.spi;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * The file of a listening Unix domain socket, for transports that serve such addresses. It outlives a process that was
 * killed, and binding fails while it is there: one that nobody listens on makes way. Any other file is somebody's, and
 * stays.
 *
 * <p>A transport calls {@link #makeWay} before it binds, {@link #bound} once it has bound, and {@link #delete} before it
 * closes the socket. All of them touch the file system, on the caller's thread, and wait for no peer. An instance is
 * immutable and for any thread.
 */
public final class SocketFile {
    /** The type of a file in its mode, and that of a socket: see inode(7). */
    private static final int TYPE = 0xF000;

    private static final int SOCKET = 0xC000;

    private final Path path;
    /** Which file it is, device and inode; null where the file system has no such thing. */
    private final @Nullable Object key;

    /** Package-private for tests: a file system without keys holds no sockets. */
    SocketFile(Path path, @Nullable Object key) {
        this.path = path;
        this.key = key;
    }

    /**
     * Makes way for a socket that is about to be bound to this address: deletes a socket that was left behind. Does nothing
     * if there is no file.
     *
     * @throws BindException if there is a file that is not a socket, or a socket on which somebody listens, or may: a
     *     caller that cannot tell, without permission or because the backlog is full, does not take it for abandoned
     * @throws IOException if the file cannot be looked at or deleted
     */
    public static void makeWay(UnixDomainSocketAddress address) throws IOException {
        Path path = requireNonNull(address, "address").getPath();
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!isSocket(path)) {
            throw new BindException(
                    "the file exists and is no socket (expected: none, or a socket that nobody listens on)");
        }
        if (isListenedOn(address)) {
            throw new BindException(
                    "somebody listens on the socket that is there (expected: none, or one left behind)");
        }
        log(INFO, "the socket " + path + " was left behind; it is replaced", null);
        Files.deleteIfExists(path);
    }

    private static boolean isSocket(Path path) throws IOException {
        if (!path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return attributes(path).isOther();
        }
        int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        return (mode & TYPE) == SOCKET;
    }

    private static boolean isListenedOn(UnixDomainSocketAddress address) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.configureBlocking(false);
            var unused = channel.connect(address);
            return true;
        } catch (ConnectException refused) {
            return false;
        } catch (IOException cannotTell) {
            log(DEBUG, "whether somebody listens on " + address + " cannot be told", cannotTell);
            return true;
        }
    }

    /**
     * The file that has just been made by binding a socket to this address.
     *
     * @throws IOException if it cannot be looked at, or is gone already
     */
    public static SocketFile bound(UnixDomainSocketAddress address) throws IOException {
        Path path = requireNonNull(address, "address").getPath().toAbsolutePath();
        return new SocketFile(path, attributes(path).fileKey());
    }

    /**
     * Deletes the file, unless another has taken its place or nobody can tell whether one has. Must be called while the
     * socket is open: inodes are reused at once, and another's file could be taken for this one. Anybody who finds the
     * socket closed and the file there may also put another in its place.
     *
     * <p>What goes wrong is logged and not thrown, for a listener has more to release: a file that cannot be deleted is a
     * warning.
     */
    public void delete() {
        try {
            if (isStillThere()) {
                Files.deleteIfExists(path);
            } else {
                log(DEBUG, "another file has taken the place of the socket " + path + "; it stays", null);
            }
        } catch (NoSuchFileException gone) {
            log(DEBUG, "the socket " + path + " was deleted by somebody else", gone);
        } catch (IOException | RuntimeException failed) {
            log(WARNING, "the socket " + path + " cannot be deleted", failed);
        }
    }

    /** No key equals no key of another file. */
    private boolean isStillThere() throws IOException {
        return key != null && key.equals(attributes(path).fileKey());
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    /** Loggers are the user's: one that throws must cost a line, and no step. */
    private static void log(Level level, String message, @Nullable Throwable cause) {
        try {
            System.getLogger("io.softclose.net").log(level, message, cause);
        } catch (Throwable lost) {
            // There is nobody else to tell.
        }
    }
}
