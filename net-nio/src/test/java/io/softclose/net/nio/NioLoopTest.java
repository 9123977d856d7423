/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.nio.loop.NioLoop;
import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How the loop uses its selector, seen by a selector without channels. */
final class NioLoopTest {
    private static final long SAFETY_NET_SECONDS = 30;

    private final SleepSelector selector = new SleepSelector();
    private final NioLoop loop =
            new NioLoop(() -> selector, "loop", NioTransport.builder().settings(), broken -> {});

    NioLoopTest() throws IOException {}

    @BeforeEach
    void start() throws InterruptedException {
        loop.start();
        selector.awaitAsleep();
    }

    @AfterEach
    void stop() throws InterruptedException {
        selector.letWake();
        loop.stop();
        loop.thread().join();
    }

    @Test
    void aBurstOfTasksWakesASleepingLoopOnce() throws InterruptedException {
        CountDownLatch ran = new CountDownLatch(1000);

        for (int i = 0; i < 1000; i++) {
            loop.execute(ran::countDown);
        }

        assertEquals(1, selector.wakeups());
        selector.letWake();
        assertTrue(ran.await(SAFETY_NET_SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void aLoopThatIsAwakeIsNotWoken() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch given = new CountDownLatch(1);
        CountDownLatch ran = new CountDownLatch(2);
        selector.letWake();
        loop.execute(() -> {
            running.countDown();
            loop.execute(ran::countDown);
            awaitSafely(given);
        });
        assertTrue(running.await(SAFETY_NET_SECONDS, TimeUnit.SECONDS));

        loop.execute(ran::countDown);
        given.countDown();

        assertTrue(ran.await(SAFETY_NET_SECONDS, TimeUnit.SECONDS));
        assertEquals(1, selector.wakeups());
    }

    @Test
    void aLoopThatSleepsAgainIsWokenAgain() throws InterruptedException {
        for (int i = 1; i <= 3; i++) {
            CountDownLatch ran = new CountDownLatch(1);
            loop.execute(ran::countDown);
            assertEquals(i, selector.wakeups());
            selector.letWake();
            assertTrue(ran.await(SAFETY_NET_SECONDS, TimeUnit.SECONDS));
            selector.awaitAsleep();
        }
    }

    @Test
    void aTaskThatInterruptsItsThreadDoesNotKeepTheLoopAwake() throws InterruptedException {
        loop.execute(() -> Thread.currentThread().interrupt());
        selector.letWake();

        // A sleep that an interrupt cuts short counts as no sleep.
        selector.awaitAsleep();

        assertEquals(0, selector.interrupts());
    }

    @Test
    void aTaskThatGivesItselfAgainLetsTheSelectorHaveItsTurn() throws InterruptedException {
        CountDownLatch ran = new CountDownLatch(10);
        Set<Integer> selections = ConcurrentHashMap.newKeySet();
        selector.letWake();

        loop.execute(new Runnable() {
            @Override
            public void run() {
                selections.add(selector.selections());
                ran.countDown();
                if (ran.getCount() > 0) {
                    loop.execute(this);
                }
            }
        });

        assertTrue(ran.await(SAFETY_NET_SECONDS, TimeUnit.SECONDS));
        assertEquals(10, selections.size(), "one run between any two selections");
    }

    /** As when the heap is full for a while. */
    @Test
    void anErrorInATurnEndsNothing() throws InterruptedException {
        CountDownLatch before = new CountDownLatch(1);
        CountDownLatch after = new CountDownLatch(1);
        selector.failNext(3);

        loop.execute(before::countDown);
        selector.letWake();
        assertTrue(before.await(SAFETY_NET_SECONDS, TimeUnit.SECONDS));
        selector.awaitAsleep();
        loop.execute(after::countDown);
        selector.letWake();

        assertTrue(after.await(SAFETY_NET_SECONDS, TimeUnit.SECONDS));
        assertEquals(0, selector.failuresLeft());
    }

    /** A full heap fails one turn after another, and a selector that breaks then can be replaced all the same. */
    @Test
    void turnsThatFailedDoNotCountAsSelectorsThatBroke() throws InterruptedException {
        CountDownLatch ran = new CountDownLatch(1);
        selector.failNext(5);
        selector.breakOnceAfterThat();

        loop.execute(ran::countDown);
        selector.letWake();

        assertTrue(ran.await(SAFETY_NET_SECONDS, TimeUnit.SECONDS));
        selector.awaitAsleep();
        assertFalse(selector.breaks());
    }

    private static void awaitSafely(CountDownLatch latch) {
        try {
            assertTrue(latch.await(SAFETY_NET_SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Sleeps until it was woken and is allowed to wake. */
    private static final class SleepSelector extends AbstractSelector {
        // Guarded by this.
        private int wakeups;
        private int interrupts;
        private int selections;
        private boolean woken;
        private boolean mayWake;
        private boolean asleep;
        private int failures;
        private boolean breaks;

        SleepSelector() {
            super(SelectorProvider.provider());
        }

        synchronized int wakeups() {
            return wakeups;
        }

        synchronized int interrupts() {
            return interrupts;
        }

        synchronized int selections() {
            return selections;
        }

        /** Has as many of the next sleeps fail at once. */
        synchronized void failNext(int count) {
            failures = count;
        }

        synchronized void breakOnceAfterThat() {
            breaks = true;
        }

        synchronized boolean breaks() {
            return breaks;
        }

        synchronized int failuresLeft() {
            return failures;
        }

        /** Lets the next sleep end as soon as somebody wakes the selector. */
        synchronized void letWake() {
            mayWake = true;
            notifyAll();
        }

        synchronized void awaitAsleep() throws InterruptedException {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SAFETY_NET_SECONDS);
            while (!asleep || mayWake) {
                long left = deadline - System.nanoTime();
                assertTrue(left > 0, "the loop does not sleep");
                wait(left / 1_000_000 + 1);
            }
        }

        @Override
        public synchronized int select() {
            selections++;
            if (failures > 0) {
                failures--;
                throw new OutOfMemoryError("on purpose");
            }
            if (breaks) {
                breaks = false;
                throw new ClosedSelectorException();
            }
            asleep = true;
            notifyAll();
            try {
                while (!woken || !mayWake) {
                    wait();
                }
                mayWake = false;
            } catch (InterruptedException e) {
                interrupts++;
            }
            woken = false;
            asleep = false;
            return 0;
        }

        @Override
        public int select(long timeoutMillis) {
            return select();
        }

        @Override
        public synchronized int selectNow() {
            selections++;
            return 0;
        }

        @Override
        public synchronized Selector wakeup() {
            wakeups++;
            woken = true;
            notifyAll();
            return this;
        }

        @Override
        public Set<SelectionKey> keys() {
            return new HashSet<>();
        }

        @Override
        public Set<SelectionKey> selectedKeys() {
            return new HashSet<>();
        }

        @Override
        protected void implCloseSelector() {}

        @Override
        protected SelectionKey register(AbstractSelectableChannel channel, int ops, Object attachment) {
            throw new UnsupportedOperationException(((SelectableChannel) channel).toString());
        }
    }
}
