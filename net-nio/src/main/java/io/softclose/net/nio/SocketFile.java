/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
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
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The file of a listening Unix domain socket. It outlives a process that was killed, and binding fails while it is there:
 * one that nobody listens on makes way. Any other file is somebody's, and stays.
 */
final class SocketFile {
    private static final SafeLogger LOG = SafeLogger.of(NioListener.class);
    /** The type of a file in its mode, and that of a socket: see inode(7). */
    private static final int TYPE = 0xF000;

    private static final int SOCKET = 0xC000;

    private final Path path;
    /** Which file it is, device and inode; null where the file system has no such thing. */
    private final @Nullable Object key;

    private SocketFile(Path path, @Nullable Object key) {
        this.path = path;
        this.key = key;
    }

    /**
     * Makes way for a socket of ours.
     *
     * @throws BindException if there is a file that is not a socket, or one on which somebody listens
     */
    static void makeWay(UnixDomainSocketAddress address) throws IOException {
        Path path = address.getPath();
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
        LOG.log(INFO, () -> "the socket " + path + " was left behind; it is replaced");
        Files.deleteIfExists(path);
    }

    private static boolean isSocket(Path path) throws IOException {
        if (!path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return attributes(path).isOther();
        }
        int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        return (mode & TYPE) == SOCKET;
    }

    /** Whoever cannot tell, for want of permission or because the backlog is full, must not take it for abandoned. */
    private static boolean isListenedOn(UnixDomainSocketAddress address) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.configureBlocking(false);
            var unused = channel.connect(address);
            return true;
        } catch (ConnectException refused) {
            return false;
        } catch (IOException cannotTell) {
            LOG.log(DEBUG, () -> "whether somebody listens on " + address + " cannot be told", cannotTell);
            return true;
        }
    }

    /** The file that has just been made by binding a socket of ours. */
    static SocketFile bound(UnixDomainSocketAddress address) throws IOException {
        Path path = address.getPath().toAbsolutePath();
        return new SocketFile(path, attributes(path).fileKey());
    }

    /**
     * Deletes it, unless another has taken its place. Called while its socket is open: from then on its inode may be
     * another file's.
     */
    void delete() {
        try {
            if (Objects.equals(attributes(path).fileKey(), key)) {
                Files.deleteIfExists(path);
            } else {
                LOG.log(DEBUG, () -> "another file has taken the place of the socket " + path + "; it stays");
            }
        } catch (NoSuchFileException gone) {
            LOG.log(DEBUG, () -> "the socket " + path + " was deleted by somebody else", gone);
        } catch (IOException failed) {
            LOG.log(WARNING, () -> "the socket " + path + " cannot be deleted", failed);
        }
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }
}
