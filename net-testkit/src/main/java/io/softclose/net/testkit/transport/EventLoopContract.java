/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.transport;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.Scheduler.Timer;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.transport.fixture.LinkPair;
import io.softclose.net.testkit.transport.fixture.LinkProbe;
import io.softclose.net.testkit.transport.fixture.LinkProbe.Event;
import io.softclose.net.testkit.transport.fixture.TransportFixture;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The loop of a link, part of {@link TransportContract}. */
public interface EventLoopContract {
    /** Whoever asks can decide whether to hand a task over. */
    @Test
    default void theLoopKnowsItsThread(TransportFixture fixture) throws IOException {
        LinkProbe probe = fixture.connect().dialled();

        boolean there = probe.call(link -> link.loop().inEventLoop());

        assertTrue(there);
        assertFalse(probe.link().loop().inEventLoop());
    }

    /** Networks ask every loop before a thread waits: one that said yes to another's thread would keep it from waiting. */
    @Test
    default void theLoopTellsItsThreadFromOthersWhileItRuns(TransportFixture fixture) throws IOException {
        LinkProbe probe = fixture.connect().dialled();
        EventLoop loop = probe.link().loop();

        boolean elsewhere = probe.call(link -> Waiting.await(
                CompletableFuture.supplyAsync(loop::inEventLoop, thread -> new Thread(thread).start()),
                "another thread"));

        assertFalse(elsewhere);
    }

    /** From several threads, each sees its own tasks in order; no two run at the same time. */
    @Test
    default void tasksRunInTheOrderTheyWereGivenOneAtATime(TransportFixture fixture) throws IOException {
        LinkProbe probe = fixture.connect().dialled();
        EventLoop loop = probe.link().loop();
        int threads = 4;
        int each = 5_000;
        int[] next = new int[threads];
        AtomicBoolean running = new AtomicBoolean();
        List<String> wrong = Collections.synchronizedList(new ArrayList<>());

        List<CompletableFuture<Void>> givers = IntStream.range(0, threads)
                .mapToObj(giver -> CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < each; i++) {
                        int number = i;
                        loop.execute(() -> {
                            if (!running.compareAndSet(false, true)) {
                                wrong.add("two at a time");
                            }
                            if (next[giver]++ != number) {
                                wrong.add("task " + number + " of giver " + giver + " out of order");
                            }
                            running.set(false);
                        });
                    }
                }))
                .toList();
        givers.forEach(giver -> Waiting.await(giver, "giving tasks"));
        probe.awaitTasks();

        assertEquals(List.of(), wrong);
        for (int count : next) {
            assertEquals(each, count);
        }
    }

    /** Also when the loop has nothing else to do. */
    @Test
    default void aTaskGivenOnTheLoopRunsAfterTheCurrentOne(TransportFixture fixture) throws IOException {
        LinkProbe probe = fixture.connect().dialled();
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch done = new CountDownLatch(1);

        probe.run(link -> {
            link.loop().execute(() -> {
                order.add("second");
                done.countDown();
            });
            order.add("first");
        });
        Waiting.await(done, "the second task");

        assertEquals(List.of("first", "second"), order);
    }

    /** It is logged, and the next one runs. */
    @Test
    default void aTaskThatThrowsStopsNothing(TransportFixture fixture) throws IOException {
        LinkPair pair = fixture.connect();
        EventLoop loop = pair.dialled().link().loop();

        loop.execute(() -> {
            throw new IllegalStateException("on purpose");
        });
        loop.execute(() -> {
            throw new OutOfMemoryError("on purpose");
        });

        pair.assertAlive();
    }

    /** Loggers are the user's, and their disks get full: what they throw costs a line and nothing else. */
    @Test
    default void aLogThatThrowsStopsNothing(TransportFixture fixture) throws IOException {
        LinkPair pair = fixture.connect();
        LinkProbe throwing = new LinkProbe().on(Event.READ, link -> {
            throw new IllegalStateException("on purpose");
        });
        LinkPair lost = fixture.connect(throwing, new LinkProbe());
        CountDownLatch after = new CountDownLatch(1);

        try (ThrowingLog log = ThrowingLog.install()) {
            pair.dialled().link().loop().execute(() -> {
                throw new IllegalStateException("on purpose");
            });
            pair.dialled().run(link -> {
                link.loop().schedule(0, () -> {
                    throw new IllegalStateException("on purpose");
                });
                link.loop().schedule(1, after::countDown);
            });
            Waiting.await(after, "the timer after the one that throws");
            lost.provoke(Event.READ);
            throwing.awaitClosed();
            pair.assertAlive();
            fixture.connect().assertAlive();
            assertTrue(log.threw(), "nothing was logged");
        }
    }

    /** As is a timer's. */
    @Test
    default void aTimerThatThrowsStopsNothing(TransportFixture fixture) throws IOException {
        LinkPair pair = fixture.connect();
        CountDownLatch after = new CountDownLatch(1);

        pair.dialled().run(link -> {
            link.loop().schedule(0, () -> {
                throw new IllegalStateException("on purpose");
            });
            link.loop().schedule(1, after::countDown);
        });

        Waiting.await(after, "the timer after the one that throws");
        pair.assertAlive();
    }

    /** A loop that always has a task still looks after its links and timers. */
    @Test
    default void tasksWithoutEndStarveNeitherLinksNorTimers(TransportFixture fixture) throws IOException {
        LinkPair pair = fixture.connect();
        EventLoop loop = pair.dialled().link().loop();
        AtomicBoolean enough = new AtomicBoolean();
        CountDownLatch fired = new CountDownLatch(1);
        Runnable again = new Runnable() {
            @Override
            public void run() {
                if (!enough.get()) {
                    loop.execute(this);
                }
            }
        };

        loop.execute(again);
        pair.dialled().run(link -> loop.schedule(TimeUnit.MILLISECONDS.toNanos(1), fired::countDown));
        pair.assertAlive();
        Waiting.await(fired, "the timer");

        enough.set(true);
    }

    /** Whatever the order they were scheduled in. */
    @Test
    default void timersRunInTheOrderOfTheirDeadlinesAndNotBefore(TransportFixture fixture) throws IOException {
        LinkProbe probe = fixture.connect().dialled();
        long[] delayMillis = {30, 5, 20, 0, 10, 1, 25, 15};
        List<Long> ran = Collections.synchronizedList(new ArrayList<>());
        List<String> early = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch all = new CountDownLatch(delayMillis.length);

        probe.run(link -> {
            EventLoop loop = link.loop();
            for (long millis : delayMillis) {
                long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
                long scheduled = loop.nanoTime();
                loop.schedule(nanos, () -> {
                    if (loop.nanoTime() - scheduled < nanos || !loop.inEventLoop()) {
                        early.add("timer of " + millis + " ms");
                    }
                    ran.add(millis);
                    all.countDown();
                });
            }
        });
        Waiting.await(all, "every timer");

        assertEquals(List.of(0L, 1L, 5L, 10L, 15L, 20L, 25L, 30L), ran);
        assertEquals(List.of(), early);
    }

    /** Not within schedule, even without delay. */
    @Test
    default void aTimerRunsAfterTheCurrentTask(TransportFixture fixture) throws IOException {
        LinkProbe probe = fixture.connect().dialled();
        CompletableFuture<Boolean> fired = new CompletableFuture<>();

        boolean within = probe.call(link -> {
            link.loop().schedule(0, () -> fired.complete(true));
            return fired.isDone();
        });

        assertFalse(within);
        assertTrue(Waiting.await(fired, "the timer"));
    }

    /** Wherever it stands among the others, and even by one that is due at the same time. */
    @Test
    default void aCancelledTimerDoesNotRun(TransportFixture fixture) throws IOException {
        LinkProbe probe = fixture.connect().dialled();
        List<Integer> ran = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch last = new CountDownLatch(1);

        probe.run(link -> {
            EventLoop loop = link.loop();
            List<Timer> timers = new ArrayList<>();
            loop.schedule(0, () -> timers.get(7).cancel());
            for (int i = 0; i < 50; i++) {
                int number = i;
                timers.add(loop.schedule(TimeUnit.MICROSECONDS.toNanos(number), () -> ran.add(number)));
            }
            IntStream.range(0, 50)
                    .filter(i -> i % 3 == 0)
                    .forEach(i -> timers.get(i).cancel());
            timers.get(0).cancel();
            loop.schedule(TimeUnit.MILLISECONDS.toNanos(1), () -> {
                timers.forEach(Timer::cancel);
                last.countDown();
            });
        });
        Waiting.await(last, "the last timer");

        assertEquals(
                IntStream.range(0, 50).filter(i -> i % 3 != 0 && i != 7).boxed().toList(), ran);
    }

    /** A timer that would outlive everybody is in nobody's way. */
    @Test
    default void aTimerMayBeFartherAwayThanAnyClock(TransportFixture fixture) throws IOException {
        LinkProbe probe = fixture.connect().dialled();
        CountDownLatch near = new CountDownLatch(1);
        AtomicBoolean far = new AtomicBoolean();

        probe.run(link -> {
            link.loop().schedule(Long.MAX_VALUE, () -> far.set(true));
            link.loop().schedule(1, near::countDown);
        });

        Waiting.await(near, "the near timer");
        assertFalse(far.get());
        assertThrows(IllegalArgumentException.class, () -> scheduleOnLoop(probe, -1));
    }

    private static void scheduleOnLoop(LinkProbe probe, long delayNanos) {
        RuntimeException thrown = probe.call(link -> {
            try {
                link.loop().schedule(delayNanos, () -> {});
                return new IllegalStateException("schedule took " + delayNanos);
            } catch (IllegalArgumentException refused) {
                return refused;
            }
        });
        throw thrown;
    }

    /** Seen from the loop and from others. */
    @Test
    default void theClockNeverGoesBack(TransportFixture fixture) throws IOException {
        LinkProbe probe = fixture.connect().dialled();
        EventLoop loop = probe.link().loop();

        long before = loop.nanoTime();
        long there = probe.call(link -> loop.nanoTime());
        long after = loop.nanoTime();

        assertAll(() -> assertTrue(there - before >= 0), () -> assertTrue(after - there >= 0));
    }

    /** A link's loop is the same from its first moment to its last. */
    @Test
    default void aLinkKeepsItsLoop(TransportFixture fixture) throws IOException {
        LinkPair pair = fixture.connect();
        EventLoop loop = pair.dialled().link().loop();

        pair.dialled().run(Link::close);
        pair.dialled().await(Event.CLOSED);

        assertEquals(loop, pair.dialled().link().loop());
        pair.dialled().awaitTasks();
    }
}
