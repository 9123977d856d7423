/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.testkit.transport.fixture.LinkPair;
import io.softclose.net.testkit.transport.fixture.LinkProbe;
import io.softclose.net.testkit.transport.fixture.LinkProbe.Event;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Transports on a group of event loops that is somebody else's. */
final class GivenGroupTest {
    static Stream<IoKind> kinds() {
        return Kinds.available().stream().filter(kind -> kind != IoKind.IO_URING);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void theGroupGoesOnWhenTheTransportIsClosed(IoKind kind) throws Exception {
        MultiThreadIoEventLoopGroup group = group(kind);
        NettyTransport transport =
                NettyTransport.builder().eventLoopGroup(group).build();
        LinkPair pair = connect(transport);
        pair.assertAlive();
        boolean onTheGroup = pair.dialled()
                .call(link -> StreamSupport.stream(group.spliterator(), false).anyMatch(EventExecutor::inEventLoop));
        assertTrue(onTheGroup);

        transport.close();

        assertEquals(1, pair.dialled().count(Event.CLOSED));
        assertEquals(1, pair.accepted().count(Event.CLOSED));
        assertEquals(0, transport.lentBuffers());
        assertFalse(group.isShuttingDown());
        assertEquals("ran", group.submit(() -> "ran").get(30, TimeUnit.SECONDS));
        NettyTransport another = NettyTransport.builder().eventLoopGroup(group).build();
        connect(another).assertAlive();
        another.close();
        group.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aTransportMayBeClosedOnALoopOfTheGroup(IoKind kind) throws Exception {
        MultiThreadIoEventLoopGroup group = group(kind);
        NettyTransport transport =
                NettyTransport.builder().eventLoopGroup(group).build();
        LinkPair pair = connect(transport);

        pair.dialled().link().loop().execute(transport::close);

        assertNull(pair.dialled().awaitClosed());
        pair.accepted().awaitClosed();
        transport.close();
        group.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** Its owner should close the transport first; if not, links still hear of their end, and tasks are run or refused. */
    @ParameterizedTest
    @MethodSource("kinds")
    void linksHearOfTheirEndWhenTheGroupIsShutDownUnderThem(IoKind kind) throws Exception {
        MultiThreadIoEventLoopGroup group = group(kind);
        NettyTransport transport =
                NettyTransport.builder().eventLoopGroup(group).build();
        LinkPair pair = connect(transport);
        EventLoop loop = pair.dialled().link().loop();

        group.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();

        pair.dialled().await(Event.CLOSED);
        pair.accepted().await(Event.CLOSED);
        CompletableFuture<Boolean> never = new CompletableFuture<>();
        assertThrows(RejectedExecutionException.class, () -> loop.execute(() -> never.complete(true)));
        transport.close();
        assertFalse(never.isDone());
    }

    /** What the others were to do every second would keep them, and the transport with them. */
    @Test
    void aGroupOfWhichOneLoopHasEndedIsRefusedAndNothingIsLeftOnTheOthers() throws Exception {
        RecordingGroup group = new RecordingGroup();
        List<EventExecutor> loops =
                StreamSupport.stream(group.spliterator(), false).toList();
        loops.get(1).shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
        NettyTransport.Builder builder = NettyTransport.builder().eventLoopGroup(group);

        assertThrows(RejectedExecutionException.class, builder::build);

        Future<?> beats = RecordingGroup.BEATS.get(0);
        assertEquals(1, RecordingGroup.BEATS.size());
        assertTrue(beats.await(30, TimeUnit.SECONDS), "it goes on");
        assertTrue(beats.isCancelled());
        group.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** Two loops, of which it is known what they do again and again. */
    private static final class RecordingGroup extends MultiThreadIoEventLoopGroup {
        static final List<Future<?>> BEATS = new CopyOnWriteArrayList<>();

        RecordingGroup() {
            super(2, NioIoHandler.newFactory());
        }

        @Override
        protected IoEventLoop newChild(Executor executor, IoHandlerFactory handlers, Object... args) {
            return new SingleThreadIoEventLoop(this, executor, handlers) {
                @Override
                public ScheduledFuture<?> scheduleAtFixedRate(
                        Runnable command, long initialDelay, long period, TimeUnit unit) {
                    ScheduledFuture<?> future = super.scheduleAtFixedRate(command, initialDelay, period, unit);
                    BEATS.add(future);
                    return future;
                }
            };
        }
    }

    private static MultiThreadIoEventLoopGroup group(IoKind kind) {
        return new MultiThreadIoEventLoopGroup(
                2,
                switch (kind) {
                    case EPOLL -> EpollIoHandler.newFactory();
                    case NIO -> NioIoHandler.newFactory();
                    case AUTO, IO_URING -> throw new IllegalArgumentException(kind + " (expected: EPOLL or NIO)");
                });
    }

    private static LinkPair connect(NettyTransport transport) throws IOException {
        CompletableFuture<LinkProbe> accepted = new CompletableFuture<>();
        SocketAddress address = transport
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), link -> {
                    LinkProbe probe = new LinkProbe().attach(link);
                    accepted.complete(probe);
                    return probe;
                })
                .localAddress();
        LinkProbe dialled = new LinkProbe();
        transport.dial(address, Duration.ofSeconds(30), dialled::attach);
        dialled.await(Event.CONNECTED);
        return new LinkPair(
                dialled, accepted.orTimeout(30, TimeUnit.SECONDS).join().await(Event.CONNECTED));
    }
}
