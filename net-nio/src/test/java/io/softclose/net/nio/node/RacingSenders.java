/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.node;

import io.softclose.net.Connection;
import io.softclose.net.testkit.Waiting;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Four threads that send as fast as they can until they are refused for good, every other message with a listener, and a
 * fifth. One of the five, or the loop, closes the connection in the middle of that.
 */
final class RacingSenders implements AutoCloseable {
    static final int SENDERS = 4;

    private final ExecutorService threads = Executors.newFixedThreadPool(SENDERS + 1);

    /** Who closes, and how. */
    enum Closer {
        /** A sender, between two sends. */
        SENDER,
        /** The thread that does not send. */
        OTHER,
        /** The loop, in an outcome listener. */
        LOOP,
        /** A sender, by an abort. */
        ABORTING_SENDER
    }

    /**
     * Starts one race.
     *
     * @param after how many messages, of the closer's or in all, come before the close
     * @param seals whether the policy refuses every send that begins after {@code close()} has returned
     */
    RacedSends start(Connection connection, Closer closer, int after, boolean seals) {
        RacedSends race = new RacedSends(connection, closer, after, seals);
        CyclicBarrier start = new CyclicBarrier(SENDERS + 1);
        List<Future<?>> running = new ArrayList<>();
        for (int sender = 0; sender < SENDERS; sender++) {
            int number = sender;
            running.add(threads.submit(() -> {
                await(start);
                race.send(number);
            }));
        }
        running.add(threads.submit(() -> {
            await(start);
            race.seeThatItCloses();
        }));
        race.running(running);
        return race;
    }

    private static void await(CyclicBarrier start) {
        try {
            start.await(Waiting.SAFETY_NET.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new AssertionError("the start", e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
