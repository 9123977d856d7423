/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Transport;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.transport.fixture.LinkPair;
import io.softclose.net.testkit.transport.fixture.LinkProbe;
import io.softclose.net.testkit.transport.fixture.LinkProbe.Event;
import io.softclose.net.testkit.transport.fixture.TransportFixture;
import io.softclose.net.testkit.transport.fixture.UnansweredAddress;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Closing the transport, part of {@link TransportContract}. */
public interface TransportCloseContract {
    /** How often listening and closing race. */
    int LISTENING_ROUNDS = 100;

    /** How often dialling and closing race. */
    int DIALLING_ROUNDS = 100;

    /** When close returns, everything has been told and nothing runs. */
    @Test
    default void closingTheTransportEndsItsLinksAndThreads(TransportFixture fixture) throws IOException {
        LinkPair first = fixture.connect();
        LinkPair second = fixture.connect();

        fixture.transport().close();

        for (LinkProbe probe : List.of(first.dialled(), first.accepted(), second.dialled(), second.accepted())) {
            assertEquals(1, probe.count(Event.CLOSED));
        }
        assertEquals(List.of(), fixture.threads());
    }

    /** Whatever thread makes it: a thread that a daemon starts is one itself, unless it is told not to be. */
    @Test
    default void itsThreadsKeepTheProcessRunning(TransportFixture fixture) {
        CompletableFuture<List<Thread>> threads = new CompletableFuture<>();
        Thread daemon = new Thread(() -> threads.completeAsync(() -> threadsOf(fixture), Runnable::run));
        daemon.setDaemon(true);

        daemon.start();

        for (Thread thread : Waiting.await(threads, "a link")) {
            assertFalse(thread.isDaemon(), () -> thread + " is a daemon");
        }
    }

    private static List<Thread> threadsOf(TransportFixture fixture) {
        List<Thread> before = fixture.threads();
        try {
            fixture.connectTo(fixture.another(), new LinkProbe(), new LinkProbe());
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
        List<Thread> own = new ArrayList<>(fixture.threads());
        own.removeAll(before);
        return own;
    }

    /** It is our end that aborts. The peer is of another transport here: its own abort could come first. */
    @Test
    default void closingTheTransportAbortsItsLinksWithoutACause(TransportFixture fixture) throws IOException {
        LinkProbe peer = new LinkProbe();
        SocketAddress address =
                fixture.another().listen(fixture.listenAddress(), peer::attach).localAddress();
        LinkProbe dialled = fixture.dial(address).await(Event.CONNECTED);
        peer.await(Event.CONNECTED);

        fixture.transport().close();

        assertNull(dialled.awaitClosed());
        if (fixture.resets()) {
            assertInstanceOf(IOException.class, peer.awaitClosed());
        } else {
            peer.await(Event.INPUT_CLOSED);
        }
    }

    /** Another transport can take over. */
    @Test
    default void closingTheTransportFreesItsAddresses(TransportFixture fixture) throws IOException {
        SocketAddress address = fixture.listen().address();
        Transport other = fixture.another();

        fixture.transport().close();

        assertEquals(address, other.listen(address, link -> new LinkProbe()).localAddress());
    }

    /** Nothing waits for an answer that nobody would hear. */
    @Test
    default void closingTheTransportEndsItsDials(TransportFixture fixture) throws IOException {
        Optional<UnansweredAddress> silence = UnansweredAddress.like(fixture.listenAddress());
        assumeTrue(silence.isPresent(), "no way is known to leave a dial of such an address unanswered");
        try (UnansweredAddress unanswered = silence.orElseThrow()) {
            LinkProbe dialled = fixture.dial(unanswered.address());

            fixture.transport().close();

            assertNull(dialled.awaitClosed());
            assertEquals(List.of(Event.CLOSED), dialled.events());
        }
    }

    /** The second call has nothing left to do, and may come at any time. */
    @Test
    default void theTransportMayBeClosedAgainAndByManyThreads(TransportFixture fixture) throws IOException {
        LinkPair pair = fixture.connect();
        CountDownLatch start = new CountDownLatch(1);
        List<CompletableFuture<Void>> closes = IntStream.range(0, 4)
                .mapToObj(i -> CompletableFuture.runAsync(() -> {
                    Waiting.await(start, "the start");
                    fixture.transport().close();
                    assertEquals(1, pair.dialled().count(Event.CLOSED), "close returned before the links had closed");
                }))
                .toList();

        start.countDown();

        closes.forEach(close -> Waiting.await(close, "a close"));
        fixture.transport().close();
    }

    /** It cannot wait for its own thread there; the links and threads end all the same. */
    @Test
    default void theTransportMayBeClosedInACallback(TransportFixture fixture) throws IOException {
        LinkProbe closing =
                new LinkProbe().on(Event.READ, link -> fixture.transport().close());
        LinkPair pair = fixture.connect(closing, new LinkProbe());

        pair.provoke(Event.READ);

        pair.dialled().awaitClosed();
        pair.accepted().awaitClosed();
    }

    /** A link made now would never be told anything. */
    @Test
    default void aClosedTransportDialsAndListensNoMore(TransportFixture fixture) throws IOException {
        SocketAddress address = fixture.listen().address();

        fixture.transport().close();

        assertThrows(
                RejectedExecutionException.class,
                () -> fixture.transport()
                        .dial(address, TransportFixture.DIAL_TIMEOUT, link -> new LinkProbe().attach(link)));
        assertThrows(
                RejectedExecutionException.class, () -> fixture.transport().listen(address, link -> new LinkProbe()));
    }

    /** Neither waits for the other without end, and the address is free again, whichever comes first. */
    @Test
    default void listeningWhileTheTransportIsClosedSucceedsOrIsRefused(TransportFixture fixture) throws IOException {
        for (int i = 0; i < LISTENING_ROUNDS; i++) {
            SocketAddress address = fixture.refusedAddress();
            Transport closing = fixture.another();
            CyclicBarrier start = new CyclicBarrier(2);
            // From well before to well after.
            long listenNanos = (i & 1) * 30_000L;
            long closeNanos = i * 2_000L;
            CompletableFuture<Boolean> listened = CompletableFuture.supplyAsync(() -> {
                startAfter(start, listenNanos);
                return listens(closing, address);
            });
            CompletableFuture<Void> closed = CompletableFuture.runAsync(() -> {
                startAfter(start, closeNanos);
                closing.close();
            });

            Waiting.await(listened, "listen");
            Waiting.await(closed, "close");

            fixture.transport()
                    .listen(address, link -> new LinkProbe().attach(link))
                    .close();
        }
    }

    private static boolean listens(Transport transport, SocketAddress address) {
        try {
            transport.listen(address, link -> new LinkProbe().attach(link));
            return true;
        } catch (RejectedExecutionException closed) {
            return false;
        } catch (IOException wrong) {
            throw new AssertionError("listen (expected: success, or a RejectedExecutionException)", wrong);
        }
    }

    private static void startAfter(CyclicBarrier start, long nanos) {
        try {
            start.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new AssertionError(e);
        }
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < nanos) {
            Thread.onSpinWait();
        }
    }

    /** A dial is refused, or its link is told of its end; there is no third, be it the last task of its loop. */
    @Test
    default void aDialWhileTheTransportIsClosedIsRefusedOrEnds(TransportFixture fixture) throws IOException {
        SocketAddress address = fixture.listen().address();
        for (int i = 0; i < DIALLING_ROUNDS; i++) {
            Transport closing = fixture.another();
            LinkProbe first = new LinkProbe();
            closing.dial(address, TransportFixture.DIAL_TIMEOUT, first::attach);
            first.await(Event.CONNECTED);
            CyclicBarrier start = new CyclicBarrier(2);
            long closeNanos = (i & 3) * 50_000L;
            long attachNanos = i * 3_000L;
            LinkProbe dialled = new LinkProbe();
            // The loop is chosen by then, and the link is not the loop's yet.
            CompletableFuture<Boolean> accepted = CompletableFuture.supplyAsync(() -> dials(closing, address, link -> {
                startAfter(start, attachNanos);
                return dialled.attach(link);
            }));

            startAfter(start, closeNanos);
            closing.close();

            if (Waiting.await(accepted, "the dial")) {
                dialled.awaitClosed();
            }
            assertEquals(Waiting.await(accepted, "the dial") ? 1 : 0, dialled.count(Event.CLOSED));
        }
    }

    private static boolean dials(Transport transport, SocketAddress address, Transport.LinkAcceptor acceptor) {
        try {
            transport.dial(address, TransportFixture.DIAL_TIMEOUT, acceptor);
            return true;
        } catch (RejectedExecutionException closed) {
            return false;
        }
    }

    /** A task is run or refused; there is no third. */
    @Test
    default void eachTaskIsRunOrRejectedWhileTheTransportCloses(TransportFixture fixture) throws IOException {
        EventLoop loop = fixture.connect().dialled().link().loop();
        AtomicInteger ran = new AtomicInteger();
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean closed = new AtomicBoolean();
        CompletableFuture<Integer> accepted = CompletableFuture.supplyAsync(() -> {
            for (int i = 0; ; i++) {
                boolean tooLate = closed.get();
                try {
                    loop.execute(ran::incrementAndGet);
                    begun.countDown();
                } catch (RejectedExecutionException stopped) {
                    return i;
                }
                assertFalse(tooLate, "a task was accepted after the transport had closed");
            }
        });
        Waiting.await(begun, "the first task");

        fixture.transport().close();
        closed.set(true);

        assertEquals(Waiting.await(accepted, "the first rejection"), ran.get());
        assertThrows(RejectedExecutionException.class, () -> loop.execute(() -> {}));
    }

    /** What a handler hands to its loop when it is told of the end is still run. */
    @Test
    default void theLastCallbackMayGiveItsLoopATask(TransportFixture fixture) throws IOException {
        CompletableFuture<Boolean> inLoop = new CompletableFuture<>();
        LinkProbe last = new LinkProbe();
        last.on(Event.CLOSED, link -> {
            EventLoop loop = link.loop();
            loop.execute(() -> inLoop.complete(loop.inEventLoop()));
        });
        fixture.connect(last, new LinkProbe());

        fixture.transport().close();

        assertTrue(Waiting.await(inLoop, "the task"));
    }
}
