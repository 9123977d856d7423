/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.socket;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import io.softclose.net.testkit.Waiting;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a socket is told of what the kernel says. */
final class IoUringKeeperTest {
    private final List<IoUringIoEvent> told = new ArrayList<>();
    private final List<Runnable> later = new ArrayList<>();
    private final Kernel kernel = new Kernel();

    /** Has one socket. */
    private static final class Kernel implements IoHandler {
        final List<String> happened = new CopyOnWriteArrayList<>();
        Runnable duringWakeUp = () -> {};
        private @Nullable IoHandle socket;

        @Override
        public IoRegistration register(IoHandle handle) {
            socket = handle;
            return new Registered();
        }

        void says(IoUringIoEvent event) {
            requireNonNull(socket, "socket").handle(new Registered(), event);
        }

        @Override
        public int run(IoHandlerContext context) {
            return 0;
        }

        @Override
        public void prepareToDestroy() {}

        @Override
        public void destroy() {
            happened.add("destroyed");
        }

        @Override
        public void wakeup() {
            happened.add("wake-up begins");
            duringWakeUp.run();
            happened.add("wake-up ends");
        }

        @Override
        public boolean isCompatible(Class<? extends IoHandle> handleType) {
            return true;
        }
    }

    private record Registered() implements IoRegistration {
        @Override
        public long submit(IoOps ops) {
            return 0;
        }

        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // Netty's signature
        public <T> T attachment() {
            throw new AssertionError("attachment");
        }

        @Override
        public boolean isValid() {
            return true;
        }

        @Override
        public boolean cancel() {
            return false;
        }
    }

    @BeforeEach
    void register() throws Exception {
        new IoUringKeeper(kernel, later::add).register(new IoUringIoHandle() {
            @Override
            public void handle(IoRegistration registration, IoEvent event) {
                told.add((IoUringIoEvent) event);
            }

            @Override
            public void close() {}
        });
    }

    /** As of a process that was stopped, and goes on: nothing has been read, written or refused. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({"RECV, 27, -11", "SEND, 26, -11", "WRITEV, 2, -11", "CONNECT, 16, -115"})
    void anOperationThatWasInterruptedIsTakenAgain(String name, byte operation, int result) {
        kernel.says(new IoUringIoEvent(-4, 3, operation, 77L));

        assertEquals(result, told.get(0).res());
        assertEquals(operation, told.get(0).opcode());
        assertEquals(3, told.get(0).flags());
        assertEquals(77L, told.get(0).userData());
    }

    /** Or else Netty reads all there is, of a link that is paused as well. */
    @ParameterizedTest
    @CsvSource({"0x2000", "0x2010", "0x2018"})
    void thePeersEndIsForWhoReads(String result) {
        kernel.says(new IoUringIoEvent(Integer.decode(result), 0, (byte) 6, 1L));

        assertEquals(-125, told.get(0).res(), "a poll that was not cancelled");
    }

    /** Its poll for room ends at once, with nothing but the end, and Netty would wait for ever. */
    @Test
    void aWakeUpIsOverBeforeTheRingIsDestroyedAndNoneComesLater() throws Exception {
        IoUringKeeper keeper = new IoUringKeeper(kernel, later::add);
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Boolean> goesOn = new CompletableFuture<>();
        kernel.duringWakeUp = () -> {
            begun.countDown();
            goesOn.join();
        };
        CompletableFuture<Void> wakeUp = CompletableFuture.runAsync(keeper::wakeup);
        Waiting.await(begun, "the wake-up");
        Thread destroyer = new Thread(keeper::destroy);
        destroyer.start();

        long deadline = System.nanoTime() + Waiting.SAFETY_NET.toNanos();
        while (destroyer.getState() != Thread.State.BLOCKED && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        goesOn.complete(true);
        wakeUp.join();
        destroyer.join();
        keeper.wakeup();

        assertEquals(List.of("wake-up begins", "wake-up ends", "destroyed"), kernel.happened);
    }

    @Test
    void aSocketWhosePeerHasEndedTriesToWriteAgainAndAgain() {
        kernel.says(new IoUringIoEvent(0x2000, 0, (byte) 6, 1L));
        told.clear();

        for (long i = 2; i < 5; i++) {
            kernel.says(new IoUringIoEvent(0x2000, 0, (byte) 6, i));
            assertEquals(List.of(), told, "at once: the loop would spin");
            later.remove(0).run();
            assertEquals(4, told.get(0).res());
            assertEquals(i, told.remove(0).userData());
        }
    }

    @Test
    void roomIsToldAtOnce() {
        kernel.says(new IoUringIoEvent(0x2004, 0, (byte) 6, 1L));

        assertEquals(4, told.get(0).res());
    }

    @ParameterizedTest
    @CsvSource({"27, 1000", "27, 0", "27, -104", "26, -32", "6, 4", "6, -125", "13, -4"})
    void everythingElseIsToldAsItIs(byte operation, int result) {
        IoUringIoEvent event = new IoUringIoEvent(result, 0, operation, 1L);

        kernel.says(event);

        assertSame(event, told.get(0));
    }
}
