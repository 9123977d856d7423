/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.uring.IoUringChannelOption;
import io.softclose.net.netty.IoKind;
import io.softclose.net.netty.Kinds;
import io.softclose.net.netty.NettyTransport;
import io.softclose.net.netty.Settings;
import io.softclose.net.spi.TcpKeepAlive;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a kernel is told about peers that are silent, or acknowledge nothing. */
class WatchedPeersTest {
    private static final NettySettings WATCHING = Settings.of(NettyTransport.builder()
            .keepAlive(new TcpKeepAlive(Duration.ofSeconds(60), Duration.ofSeconds(7), 3))
            .userTimeout(Duration.ofMillis(12_345)));

    @Test
    void epollHasAllOfIt() {
        Kinds.requireAvailable(IoKind.EPOLL);
        Channel channel = Io.EPOLL.open(new InetSocketAddress(0));
        try {
            ChannelConfig config = channel.config();
            assertTrue(Io.EPOLL.watchPeers(config, WATCHING));

            assertEquals(60, config.getOption(EpollChannelOption.TCP_KEEPIDLE));
            assertEquals(7, config.getOption(EpollChannelOption.TCP_KEEPINTVL));
            assertEquals(3, config.getOption(EpollChannelOption.TCP_KEEPCNT));
            assertEquals(12_345, config.getOption(EpollChannelOption.TCP_USER_TIMEOUT));
        } finally {
            channel.unsafe().closeForcibly();
        }
    }

    @Test
    void soHasIoUring() {
        Kinds.requireAvailable(IoKind.IO_URING);
        Channel channel = Io.IO_URING.open(new InetSocketAddress(0));
        try {
            ChannelConfig config = channel.config();
            assertTrue(Io.IO_URING.watchPeers(config, WATCHING));

            assertEquals(60, config.getOption(IoUringChannelOption.TCP_KEEPIDLE));
            assertEquals(12_345, config.getOption(IoUringChannelOption.TCP_USER_TIMEOUT));
        } finally {
            channel.unsafe().closeForcibly();
        }
    }

    @Test
    void otherSocketsDoNot() {
        Channel nio = Io.NIO.open(new InetSocketAddress(0));
        try {
            assertFalse(Io.NIO.watchPeers(nio.config(), WATCHING));
        } finally {
            nio.unsafe().closeForcibly();
        }
        Kinds.requireAvailable(IoKind.EPOLL);
        Channel unix = Io.EPOLL.open(UnixDomainSocketAddress.of("nowhere"));
        try {
            assertFalse(Io.EPOLL.watchPeers(unix.config(), WATCHING));
        } finally {
            unix.unsafe().closeForcibly();
        }
    }

    @Test
    void timesOutOfRangeAreRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> Settings.of(NettyTransport.builder().userTimeout(Duration.ZERO)));
        assertThrows(
                IllegalArgumentException.class, () -> new TcpKeepAlive(Duration.ofMillis(1), Duration.ofSeconds(1), 1));
        assertThrows(
                IllegalArgumentException.class,
                () -> new TcpKeepAlive(Duration.ofSeconds(1), Duration.ofSeconds(1), 0));
    }
}
