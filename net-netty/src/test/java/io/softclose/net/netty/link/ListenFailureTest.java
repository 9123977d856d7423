/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ServerChannel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.softclose.net.netty.IoKind;
import io.softclose.net.netty.Kinds;
import io.softclose.net.netty.NettyTransport;
import io.softclose.net.netty.Settings;
import io.softclose.net.netty.loop.LoopThread;
import io.softclose.net.netty.socket.Io;
import io.softclose.net.netty.socket.Sockets;
import io.softclose.net.testkit.LeakChecks;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong while a listener is made, or accepts, leaves no socket open. */
final class ListenFailureTest {
    /** Sockets whose file somebody else deletes as soon as it is there. */
    private static final class Deleted extends Sockets {
        private final List<ServerChannel> opened = new ArrayList<>();

        Deleted() {
            super(Io.EPOLL, Settings.of(NettyTransport.builder()));
        }

        @Override
        public ServerChannel openServer(SocketAddress local, ChannelHandler handler) throws IOException {
            ServerChannel server = super.openServer(local, handler);
            opened.add(server);
            Files.delete(((UnixDomainSocketAddress) local).getPath());
            return server;
        }
    }

    private static NettyListener.Destination destination(Sockets sockets) {
        return new NettyListener.Destination(
                () -> {
                    throw new AssertionError("accepted");
                },
                sockets,
                link -> {
                    throw new AssertionError("accepted");
                });
    }

    @Test
    void aListenerWhoseFileIsGoneAtOnceLeavesNoSocket(@TempDir Path folder) throws Exception {
        Kinds.requireAvailable(IoKind.EPOLL);
        LeakChecks leaks = LeakChecks.begin();
        Deleted sockets = new Deleted();
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("socket"));
        LoopThread thread = new LoopThread(Io.EPOLL.handlers(), "softclose-netty-test");

        IOException failed = assertThrows(
                IOException.class, () -> NettyListener.bind(thread, address, destination(sockets), closed -> {}));

        assertTrue(String.valueOf(failed.getMessage()).startsWith("listen on " + address), failed::toString);
        assertTrue(failed.getCause() instanceof NoSuchFileException, failed::toString);
        assertEquals(1, sockets.opened.size());
        assertFalse(sockets.opened.get(0).isOpen());
        thread.end();
        assertTrue(thread.awaitEnd(System.nanoTime() + TimeUnit.SECONDS.toNanos(60)));
        leaks.assertNoThreadLeft();
    }

    /** One that its peer has reset, or of which there is no memory to know. */
    @Test
    void anAcceptedSocketThatCannotTellItsPeerIsClosed() {
        EmbeddedChannel accepted = new EmbeddedChannel() {
            @Override
            public SocketAddress remoteAddress() {
                throw new OutOfMemoryError("on purpose");
            }
        };
        EmbeddedChannel server = new EmbeddedChannel(new Accepting(
                destination(new Sockets(Io.NIO, Settings.of(NettyTransport.builder()))), new InetSocketAddress(0)));

        server.writeInbound(accepted);

        assertFalse(accepted.isOpen());
    }
}
