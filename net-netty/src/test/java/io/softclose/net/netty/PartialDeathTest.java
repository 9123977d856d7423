/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.ThreadAwareExecutor;
import io.softclose.net.netty.loop.GuardedIo;
import io.softclose.net.netty.loop.LoopThread;
import io.softclose.net.netty.loop.NettyLoop;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.testkit.LeakChecks;
import io.softclose.net.testkit.transport.fixture.LinkProbe;
import io.softclose.net.testkit.transport.fixture.LinkProbe.Event;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What goes wrong in one place harms nobody else: a turn of I/O, a loop, a logger, memory. */
final class PartialDeathTest {
    static Stream<IoKind> kinds() {
        return Kinds.available().stream();
    }

    private static LinkProbe dial(NettyTransport transport, SocketAddress address) {
        LinkProbe probe = new LinkProbe();
        transport.dial(address, Duration.ofSeconds(30), probe::attach);
        return probe;
    }

    private static SocketAddress listen(NettyTransport transport) throws IOException {
        return transport
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), new LinkProbe()::attach)
                .localAddress();
    }

    private static SocketAddress listenForMany(NettyTransport transport) throws IOException {
        return transport
                .listen(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        link -> new LinkProbe().attach(link))
                .localAddress();
    }

    /** It would take every second link with it, and the close for ever. */
    @ParameterizedTest
    @MethodSource("kinds")
    void aLoopThatHasEndedTellsItsLinksAndTakesNoMore(IoKind kind) throws Exception {
        LeakChecks leaks = LeakChecks.begin();
        try (NettyTransport there = NettyTransport.builder().io(kind).build()) {
            SocketAddress address = listenForMany(there);
            NettyTransport transport =
                    NettyTransport.builder().io(kind).loops(3).build();
            List<LinkProbe> probes = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                probes.add(dial(transport, address).await(Event.CONNECTED));
            }
            NettyLoop ending = (NettyLoop) probes.get(0).link().loop();

            var unused = ending.netty().shutdownGracefully();

            assertInstanceOf(IOException.class, probes.get(0).awaitClosed());
            Set<EventLoop> loops = new HashSet<>();
            for (int i = 0; i < 6; i++) {
                loops.add(dial(transport, address).await(Event.CONNECTED).link().loop());
            }
            assertEquals(2, loops.size());
            assertTrue(!loops.contains(ending));
            transport.close();
            assertEquals(null, probes.get(1).awaitClosed());
        }
        leaks.assertNoThreadLeft();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aTransportWhoseLoopsHaveAllEndedRefusesAndCloses(IoKind kind) throws Exception {
        LinkProbe probe = new LinkProbe();
        try (RawLink raw = RawLink.open(kind, probe)) {
            var unused = raw.loop().netty().shutdownGracefully();

            assertInstanceOf(IOException.class, probe.awaitClosed());
            AtomicInteger asked = new AtomicInteger();
            assertThrows(
                    RejectedExecutionException.class,
                    () -> raw.transport()
                            .dial(
                                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 9),
                                    Duration.ofSeconds(1),
                                    link -> {
                                        asked.incrementAndGet();
                                        return new LinkProbe();
                                    }));
            assertEquals(0, asked.get(), "the acceptor was asked for a link that is refused");
        }
    }

    /** The last step of a dial, when there is a handler already, which then hears of nothing. */
    @ParameterizedTest
    @MethodSource("kinds")
    void aDialThatItsLoopRefusesIsRefusedAltogether(IoKind kind) throws Exception {
        LeakChecks leaks = LeakChecks.begin();
        NettyTransport transport = NettyTransport.builder().io(kind).build();
        SocketAddress address = listenForMany(transport);
        LinkProbe probe = new LinkProbe();

        assertThrows(
                RejectedExecutionException.class,
                () -> transport.dial(address, Duration.ofSeconds(30), link -> {
                    transport.close();
                    return probe.attach(link);
                }));

        assertEquals(List.of(), probe.events());
        assertEquals(0, transport.lentBuffers());
        leaks.assertNoThreadLeft();
    }

    /** Its loop has taken the dial by then, so the dial is not refused. */
    @ParameterizedTest
    @MethodSource("kinds")
    void aDialThatIsTheLastTaskOfItsLoopHearsOfItsEnd(IoKind kind) throws Exception {
        LinkProbe probe = new LinkProbe();
        try (RawLink raw = RawLink.open(kind, probe)) {
            SocketAddress address = listen(raw.transport());
            LinkProbe dialled = new LinkProbe();

            probe.run(link -> {
                raw.transport().dial(address, Duration.ofSeconds(30), dialled::attach);
                var unused = raw.loop().netty().shutdownGracefully(0, 0, TimeUnit.SECONDS);
            });

            dialled.awaitClosed();
            assertEquals(List.of(Event.CLOSED), dialled.events());
        }
    }

    /** A full disk behind the logger; Netty's own calls of it are Netty's. */
    @ParameterizedTest
    @MethodSource("kinds")
    void aLoggerThatThrowsHarmsNoLoop(IoKind kind) throws Exception {
        LinkProbe probe = new LinkProbe();
        try (RawLink raw = RawLink.open(kind, probe);
                ThrowingLogs logs = ThrowingLogs.of("io.softclose.net.netty")) {
            EventLoop loop = raw.loop();
            loop.execute(() -> {
                throw new IllegalStateException("on purpose");
            });
            probe.run(link -> loop.schedule(0, () -> {
                throw new IllegalStateException("on purpose");
            }));
            LinkProbe failing = new LinkProbe().on(Event.CONNECTED, link -> {
                throw new IllegalStateException("on purpose");
            });
            raw.transport().dial(listen(raw.transport()), Duration.ofSeconds(30), failing::attach);
            failing.awaitClosed();

            raw.peer().getOutputStream().write(new byte[10]);
            probe.awaitReceived(10);
            assertTrue(logs.thrown() >= 3, () -> logs.thrown() + " calls");
        }
    }

    /** Netty tells of an end then, which is none of the peer's. */
    @ParameterizedTest
    @MethodSource("kinds")
    void aLinkWithoutMemoryToReadFailsAloneAndSeesNoEnd(IoKind kind) throws Exception {
        AtomicBoolean exhausted = new AtomicBoolean();
        ByteBufAllocator memory = new Memory(exhausted);
        LinkProbe probe = new LinkProbe();
        try (RawLink raw = RawLink.open(NettyTransport.builder().io(kind).allocator(memory), probe, 0)) {
            SocketAddress address = listenForMany(raw.transport());
            LinkProbe other = dial(raw.transport(), address).await(Event.CONNECTED);
            exhausted.set(true);
            raw.peer().getOutputStream().write(new byte[10]);
            if (kind != IoKind.IO_URING) {
                // io_uring has buffers in its ring already, and reads on without one.
                assertNotNull(probe.awaitClosed());
                assertEquals(0, probe.count(Event.INPUT_CLOSED));
            }
            exhausted.set(false);

            other.awaitTasks();
            dial(raw.transport(), address).await(Event.CONNECTED);
        }
    }

    /** Our end would say that all was sent and handled. */
    @ParameterizedTest
    @MethodSource("kinds")
    void aLinkThatHasFailedSendsAResetAndNoEnd(IoKind kind) throws Exception {
        assumeTrue(kind != IoKind.IO_URING, "has buffers in its ring, and reads without memory");
        AtomicBoolean exhausted = new AtomicBoolean();
        LinkProbe probe = new LinkProbe();
        try (RawLink raw = RawLink.open(NettyTransport.builder().io(kind).allocator(new Memory(exhausted)), probe, 0)) {
            CompletableFuture<Long> reading = raw.readToTheEnd();
            exhausted.set(true);

            // There is nothing to read but the end, for which memory is taken all the same.
            raw.peer().shutdownOutput();

            assertInstanceOf(OutOfMemoryError.class, probe.awaitClosed());
            assertEquals(0, RawLink.bytesBeforeReset(reading));
        }
    }

    @Test
    void aTurnOfIoThatThrowsEndsNothing() {
        AtomicInteger turns = new AtomicInteger();
        List<Long> rests = new ArrayList<>();
        IoHandler guarded = new GuardedIo(
                new Turns(() -> {
                    if (turns.incrementAndGet() % 3 != 0) {
                        throw new OutOfMemoryError("on purpose");
                    }
                }),
                rests::add);

        for (int i = 0; i < 999; i++) {
            guarded.run(null);
        }

        assertEquals(999, turns.get());
        assertEquals(666, rests.size());
        assertEquals(TimeUnit.MILLISECONDS.toNanos(2), Collections.max(rests));
    }

    /** Its thread would spin for ever, and its links never hear of anything. */
    @Test
    void aLoopOfWhichEveryTurnThrowsIsGivenUpAfterSeconds() {
        AtomicLong rested = new AtomicLong();
        IoHandler guarded = new GuardedIo(
                new Turns(() -> {
                    throw new IllegalStateException("on purpose");
                }),
                rested::addAndGet);

        assertThrows(GuardedIo.GivenUpException.class, () -> {
            for (int i = 0; i < 1000; i++) {
                guarded.run(null);
            }
        });

        assertTrue(rested.get() > TimeUnit.SECONDS.toNanos(4), () -> rested + " ns");
    }

    /** Netty's own code has no memory, and would take the thread with it. */
    @Test
    void aLoopThatNettyFailsGoesOn() throws Exception {
        AtomicInteger left = new AtomicInteger(3);
        LeakChecks leaks = LeakChecks.begin();
        LoopThread thread = new LoopThread(new IoFactory(() -> new NoInitialization(left)), "softclose-netty-test");

        CompletableFuture<Boolean> ran = new CompletableFuture<>();
        thread.loop().execute(() -> ran.complete(true));

        assertTrue(RawLink.get(ran));
        assertEquals(0, left.get());
        thread.end();
        assertTrue(thread.awaitEnd(System.nanoTime() + TimeUnit.SECONDS.toNanos(60)));
        leaks.assertNoThreadLeft();
    }

    /** It would try without end, and whoever waits for it would hear of nothing. */
    @Test
    void aThreadThatNeverComesToATurnIsGivenUpAndSaysSo() throws Exception {
        LeakChecks leaks = LeakChecks.begin();
        AtomicLong rested = new AtomicLong();
        try (LogRecorder log = new LogRecorder("io.softclose.net.netty")) {
            LoopThread thread = new LoopThread(
                    new IoFactory(() -> new NoInitialization(new AtomicInteger(Integer.MAX_VALUE))),
                    "softclose-netty-test",
                    rested::addAndGet);

            assertTrue(RawLink.get(thread.ended()));

            assertTrue(rested.get() > TimeUnit.SECONDS.toNanos(4), () -> rested + " ns");
            String said = "softclose-netty-test is given up: its links end, its listeners accept no more";
            assertEquals(
                    1,
                    Collections.frequency(log.messages(), said),
                    () -> log.messages().toString());
            assertTrue(thread.awaitEnd(System.nanoTime() + TimeUnit.SECONDS.toNanos(60)));
        }
        leaks.assertNoThreadLeft();
    }

    /** Netty takes a timer off its list, and gives it to its queue. */
    @Test
    void aQueueWithoutMemoryIsFullForItsLoop() {
        AtomicBoolean onLoop = new AtomicBoolean(true);
        Queue<Runnable> queue = new LoopThread.KeptTasks(
                new ArrayDeque<>() {
                    private static final long serialVersionUID = 1L;

                    @Override
                    public boolean offer(Runnable task) {
                        throw new OutOfMemoryError("on purpose");
                    }
                },
                onLoop::get);

        assertFalse(queue.offer(() -> {}));
        onLoop.set(false);
        assertThrows(OutOfMemoryError.class, () -> queue.offer(() -> {}));
    }

    /** Has none now and then. */
    private static final class Memory extends AbstractByteBufAllocator {
        private final UnpooledByteBufAllocator source = new UnpooledByteBufAllocator(true);
        private final AtomicBoolean exhausted;

        Memory(AtomicBoolean exhausted) {
            super(true);
            this.exhausted = exhausted;
        }

        @Override
        protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
            return source.heapBuffer(initialCapacity, maxCapacity);
        }

        @Override
        protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
            if (exhausted.get()) {
                throw new OutOfMemoryError("on purpose");
            }
            return source.directBuffer(initialCapacity, maxCapacity);
        }

        @Override
        public boolean isDirectBufferPooled() {
            return false;
        }
    }

    /** I/O that does nothing else. */
    private record Turns(Runnable turn) implements NoIo {
        @Override
        public int run(IoHandlerContext context) {
            turn.run();
            return 1;
        }
    }

    /** Has no memory to be initialized, so many times. */
    private record NoInitialization(AtomicInteger left) implements NoIo {
        @Override
        public void initialize() {
            if (left.getAndDecrement() > 1) {
                throw new OutOfMemoryError("on purpose");
            }
        }

        @Override
        public int run(IoHandlerContext context) {
            Thread.onSpinWait();
            return 0;
        }
    }

    private record IoFactory(Supplier<IoHandler> handlers) implements IoHandlerFactory {
        @Override
        public IoHandler newHandler(ThreadAwareExecutor executor) {
            return handlers.get();
        }
    }

    private interface NoIo extends IoHandler {
        @Override
        default void prepareToDestroy() {}

        @Override
        default void destroy() {}

        @Override
        default IoRegistration register(IoHandle handle) {
            throw new AssertionError("register");
        }

        @Override
        default void wakeup() {}

        @Override
        default boolean isCompatible(Class<? extends IoHandle> handleType) {
            return false;
        }
    }
}
