/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.transport;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.Transport;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.transport.fixture.LinkPair;
import io.softclose.net.testkit.transport.fixture.LinkProbe;
import io.softclose.net.testkit.transport.fixture.LinkProbe.Event;
import io.softclose.net.testkit.transport.fixture.TransportFixture;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * No link, task or timer of a loop waits long for what another has to do, part of {@link TransportContract}. How long
 * is not measured but counted: how often the busy one ran between the arrival of something and the call of its handler.
 */
public interface FairnessContract {
    /** How often a slow handler may be called before others have their turn; each call takes {@link #SLOW_READ}. */
    int MOST_SLOW_READS = 12;

    /** How long a slow handler works. */
    Duration SLOW_READ = Duration.ofMillis(5);

    /** How many slow tasks or timers may run before others have their turn; each takes {@link #SLOW_TASK}. */
    int MOST_SLOW_TASKS = 100;

    /** How long a slow task or timer works. */
    Duration SLOW_TASK = Duration.ofMillis(1);

    /** How many links are made until one shares the loop of another. */
    int MOST_TRIES = 64;

    /** Its peer sends more than it can handle, all the time. */
    @Test
    default void aSlowHandlerLeavesOtherLinksTheirTurn(TransportFixture fixture) throws IOException {
        LinkProbe slow = slowReader(fixture);
        BlockingQueue<Integer> told = new LinkedBlockingQueue<>();
        LinkProbe pinging = onTheLoopOf(slow, 1, fixture, link -> told.add(slow.count(Event.READ)))
                .get(0);

        for (int i = 0; i < 20; i++) {
            pinging.send(new byte[1]);
            int sent = slow.count(Event.READ);
            assertSoon(sent, Waiting.next(told, "a ping"), MOST_SLOW_READS, "reads");
        }
    }

    /** A close's deadline is a timer, and what is to be sent comes as a task. */
    @Test
    default void aSlowHandlerLeavesTasksAndTimersTheirTurn(TransportFixture fixture) throws IOException {
        LinkProbe slow = slowReader(fixture);
        EventLoop loop = slow.link().loop();
        BlockingQueue<Integer> told = new LinkedBlockingQueue<>();

        for (int i = 0; i < 20; i++) {
            int given = slow.count(Event.READ);
            loop.execute(() -> {
                int scheduled = slow.count(Event.READ);
                told.add(scheduled);
                loop.schedule(0, () -> told.add(slow.count(Event.READ) - scheduled));
            });
            assertSoon(given, Waiting.next(told, "a task"), MOST_SLOW_READS, "reads");
            assertSoon(0, Waiting.next(told, "a timer"), MOST_SLOW_READS, "reads");
        }
    }

    /**
     * Each alone is quick enough; together they could take all day. One that was slow before must not have all of them wait
     * where what they give comes behind them.
     */
    @Test
    default void manySlowHandlersLeaveTasksAndTimersTheirTurn(TransportFixture fixture) throws IOException {
        int links = 3 * MOST_SLOW_READS;
        AtomicInteger reads = new AtomicInteger();
        BlockingQueue<Integer> told = new LinkedBlockingQueue<>();
        LinkProbe first = fixture.connect().dialled();
        List<LinkProbe> peers = onTheLoopOf(first, links, fixture, link -> {
            int before = reads.getAndIncrement();
            if (before == 0) {
                told.add(0);
            } else if (before == 1) {
                link.loop().execute(() -> told.add(reads.get()));
                link.loop().schedule(0, () -> told.add(reads.get()));
            }
            work(SLOW_READ);
        });
        peers.get(0).send(new byte[1]);
        Waiting.next(told, "the read before");
        CountDownLatch sent = new CountDownLatch(1);
        first.link().loop().execute(() -> Waiting.await(sent, "every peer's byte"));

        peers.forEach(peer -> peer.send(new byte[1]));
        sent.countDown();

        assertSoon(1, Waiting.next(told, "a task or timer"), MOST_SLOW_READS, "reads");
        assertSoon(1, Waiting.next(told, "the other of them"), MOST_SLOW_READS, "reads");
    }

    /** As those are by which a link writes one small message after the other. */
    @Test
    default void slowTasksLeaveLinksAndTimersTheirTurn(TransportFixture fixture) throws IOException {
        assertManyLeaveOthersTheirTurn(FairnessContract::task, FairnessContract::timer, fixture);
    }

    /** Many connections may have one at the same time. */
    @Test
    default void slowTimersLeaveLinksAndTasksTheirTurn(TransportFixture fixture) throws IOException {
        assertManyLeaveOthersTheirTurn(FairnessContract::timer, FairnessContract::task, fixture);
    }

    private static void task(EventLoop loop, Runnable task) {
        loop.execute(task);
    }

    private static void timer(EventLoop loop, Runnable task) {
        loop.schedule(0, task);
    }

    private static void assertManyLeaveOthersTheirTurn(
            BiConsumer<EventLoop, Runnable> many, BiConsumer<EventLoop, Runnable> other, TransportFixture fixture)
            throws IOException {
        LinkProbe busy = fixture.connect().dialled();
        AtomicInteger ran = new AtomicInteger();
        BlockingQueue<Integer> pings = new LinkedBlockingQueue<>();
        BlockingQueue<Integer> others = new LinkedBlockingQueue<>();
        LinkProbe pinging =
                onTheLoopOf(busy, 1, fixture, link -> pings.add(ran.get())).get(0);
        CountDownLatch first = new CountDownLatch(1);

        busy.run(link -> {
            for (int i = 0; i < 4 * MOST_SLOW_TASKS; i++) {
                many.accept(link.loop(), () -> {
                    first.countDown();
                    ran.incrementAndGet();
                    work(SLOW_TASK);
                });
            }
            other.accept(link.loop(), () -> others.add(ran.get()));
        });
        Waiting.await(first, "the first of many");
        pinging.send(new byte[1]);
        int sent = ran.get();

        assertSoon(0, Waiting.next(others, "another"), MOST_SLOW_TASKS, "tasks");
        assertSoon(sent, Waiting.next(pings, "a ping"), MOST_SLOW_TASKS, "tasks");
    }

    /** A link that is busy with every read, and whose peer keeps it so; it runs on the transport under test. */
    private static LinkProbe slowReader(TransportFixture fixture) throws IOException {
        LinkProbe slow = new LinkProbe();
        slow.on(Event.READ, link -> {
            slow.takeReceived();
            work(SLOW_READ);
        });
        LinkProbe flooding = new LinkProbe();
        fixture.connectAcross(slow, flooding);
        flooding.send(new byte[64 << 20]);
        slow.awaitMore(Event.READ, MOST_SLOW_READS);
        return slow;
    }

    /** The other ends, on another loop, of links that share the loop of this one and do this with what they read. */
    private static List<LinkProbe> onTheLoopOf(
            LinkProbe other, int links, TransportFixture fixture, Consumer<Link> onRead) throws IOException {
        Transport far = fixture.another();
        List<LinkProbe> peers = new ArrayList<>();
        for (int i = 0; i < MOST_TRIES * links; i++) {
            LinkProbe reading = new LinkProbe().on(Event.READ, onRead);
            LinkPair pair = fixture.connectTo(far, reading, new LinkProbe());
            if (reading.link().loop().equals(other.link().loop())) {
                peers.add(pair.accepted());
            }
            if (peers.size() == links) {
                return peers;
            }
        }
        return abort("too few links share a loop");
    }

    private static void assertSoon(int before, int after, int most, String what) {
        assertTrue(
                after - before <= most,
                () -> (after - before) + " slow " + what + " came before it (expected: at most " + most + ")");
    }

    private static void work(Duration time) {
        long until = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - until < 0) {
            Thread.onSpinWait();
        }
    }
}
