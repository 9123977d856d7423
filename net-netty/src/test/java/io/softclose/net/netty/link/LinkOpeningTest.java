/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.softclose.net.netty.IoKind;
import io.softclose.net.netty.NettyTransport;
import io.softclose.net.netty.RawLink;
import io.softclose.net.netty.Settings;
import io.softclose.net.netty.socket.Io;
import io.softclose.net.netty.socket.Sockets;
import io.softclose.net.testkit.transport.fixture.LinkProbe;
import io.softclose.net.testkit.transport.fixture.LinkProbe.Event;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What fails before a link is open ends it, and its handler hears of that. */
final class LinkOpeningTest {
    /** A channel that tells its address once, and then has no memory for it. */
    private static final class Forgetful extends NioSocketChannel {
        private final AtomicInteger left = new AtomicInteger(1);

        Forgetful(SocketChannel socket) {
            super(null, socket);
        }

        @Override
        public InetSocketAddress localAddress() {
            if (left.getAndDecrement() <= 0) {
                throw new OutOfMemoryError("on purpose");
            }
            return super.localAddress();
        }
    }

    private static final class NioSockets extends Sockets {
        NioSockets() {
            super(Io.NIO, Settings.of(NettyTransport.builder()));
        }

        @Override
        public boolean forget(Channel channel) {
            return false;
        }
    }

    @Test
    void aLinkThatCannotBeToldOfIsResetAndHearsOfItsEnd() throws Exception {
        try (RawLink raw = RawLink.open(IoKind.NIO, new LinkProbe());
                ServerSocketChannel server =
                        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                Socket peer = new Socket(
                        InetAddress.getLoopbackAddress(), server.socket().getLocalPort())) {
            CompletableFuture<Long> reading = new RawLink(raw.transport(), raw.link(), peer).readToTheEnd();
            Channel accepted = new Forgetful(server.accept());
            NettyLink link = new NettyLink(raw.loop(), new NioSockets(), peer.getLocalSocketAddress());
            LinkProbe probe = new LinkProbe();

            raw.loop().execute(() -> link.accept(accepted, probe::attach));

            assertInstanceOf(OutOfMemoryError.class, probe.awaitClosed());
            assertEquals(0, probe.count(Event.CONNECTED));
            assertEquals(0, RawLink.bytesBeforeReset(reading));
        }
    }
}
