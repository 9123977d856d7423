/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.uring.IoUringIoHandler;
import io.softclose.net.netty.base.Log;
import io.softclose.net.netty.socket.Io;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;

/** Which kind of I/O a transport has, and what it says of that. */
final class IoChoiceTest {
    @Test
    void theLogSaysOnceForEachTransportWhichKindWasChosen() throws Exception {
        IoKind best = Kinds.available().get(0);

        try (LogRecorder log = new LogRecorder("io.softclose.net.netty")) {
            NettyTransport.builder().build().close();

            assertEquals(1, log.messages().size(), log.messages()::toString);
            assertTrue(log.messages().get(0).contains(Io.valueOf(best.name()).label()), log.messages()::toString);
        }
    }

    /** A process with a hundred transports would fill its log with them. */
    @Test
    void whatWasSaidOnceIsForThoseWhoDebug() throws Exception {
        NettyTransport.builder().build().close();

        try (LogRecorder log = new LogRecorder("io.softclose.net.netty")) {
            NettyTransport.builder().build().close();

            assertEquals(List.of(Level.FINE), log.levels());
        }
    }

    /** A full disk behind the logger. */
    @Test
    void aLoggerThatThrowsKeepsNoTransportFromBeingMade() {
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try (ThrowingLogs logs = ThrowingLogs.of("io.softclose.net.netty")) {
            NettyTransport.builder().build().close();
            NettyTransport.builder().eventLoopGroup(group).build().close();

            assertEquals(2, logs.thrown());
        } finally {
            group.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    /** It would be a class that cannot be initialized, and every one that logs as well. */
    @Test
    void whereThereIsNoLoggerNothingIsSaid() {
        Log log = Log.of(name -> {
            throw new IllegalStateException("no logger for " + name);
        });

        log.log(System.Logger.Level.ERROR, () -> "unsaid");
        log.log(System.Logger.Level.ERROR, () -> "unsaid", new IllegalStateException("on purpose"));
    }

    @Test
    void whatWasAskedForIsTaken() throws Exception {
        try (LogRecorder log = new LogRecorder("io.softclose.net.netty")) {
            NettyTransport.builder().io(IoKind.NIO).build().close();

            assertEquals(List.of("Netty's I/O goes through NIO (as it was asked to)"), log.messages());
        }
    }

    @Test
    void aGroupOfNoKindThatIsKnownIsRefused() {
        assertGroupRefused(
                new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory()),
                IoKind.AUTO,
                "eventLoopGroup: of io.netty.channel.MultiThreadIoEventLoopGroup"
                        + " (expected: an IoEventLoopGroup for epoll or NIO)");
    }

    /** Links on one stayed open for ever after their peers' resets. */
    @Test
    void aGroupForIoUringIsRefused() {
        Kinds.requireAvailable(IoKind.IO_URING);
        assertGroupRefused(
                new MultiThreadIoEventLoopGroup(1, IoUringIoHandler.newFactory()),
                IoKind.AUTO,
                "eventLoopGroup: one for io_uring (expected: one for epoll or NIO, or none and io: IO_URING, for loops that"
                        + " read through rings of buffers)");
    }

    /** One busy link delays the others of its loop more with it. */
    @Test
    void ioUringIsTakenByNameOnly() throws Exception {
        try (LogRecorder log = new LogRecorder("io.softclose.net.netty")) {
            NettyTransport.builder().build().close();

            assertFalse(log.messages().get(0).contains("io_uring"), log.messages()::toString);
        }
    }

    @Test
    void aGroupOfAnotherKindThanWasAskedForIsRefused() {
        assertGroupRefused(
                new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()),
                IoKind.EPOLL,
                "eventLoopGroup: one for NIO (expected: one for epoll, or io: AUTO)");
    }

    private static void assertGroupRefused(EventLoopGroup group, IoKind io, String message) {
        try {
            NettyTransport.Builder builder = NettyTransport.builder().io(io).eventLoopGroup(group);

            assertEquals(
                    message,
                    assertThrows(IllegalArgumentException.class, builder::build).getMessage());
        } finally {
            group.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    /** Without epoll, Netty closes one when its peer has ended its output. */
    @Test
    void unixDomainSocketsAreTakenByEpollAlone() {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of("never-made");
        for (IoKind kind : Kinds.available()) {
            if (kind != IoKind.EPOLL) {
                try (NettyTransport transport =
                        NettyTransport.builder().io(kind).build()) {
                    IllegalArgumentException refused = assertThrows(
                            IllegalArgumentException.class,
                            () -> transport.dial(address, Duration.ofSeconds(1), link -> {
                                throw new AssertionError("asked");
                            }));
                    String message = String.valueOf(refused.getMessage());
                    assertTrue(message.contains(InetSocketAddress.class.getSimpleName()), message);
                    assertTrue(message.contains("UnixDomainSocketAddress with epoll"), message);
                }
            }
        }
    }
}
