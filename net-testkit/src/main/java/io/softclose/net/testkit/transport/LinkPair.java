/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.transport;

import io.softclose.net.spi.Link;
import io.softclose.net.spi.Link.Reading;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.transport.LinkProbe.Event;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The two ends of a link.
 *
 * @param dialled the end that dialled
 * @param accepted the end that was accepted
 */
public record LinkPair(LinkProbe dialled, LinkProbe accepted) {
    /** Has the accepted end do what brings the dialled end this event. */
    public void provoke(Event event) {
        switch (event) {
            case CONNECTED -> {
                // Happens by itself.
            }
            case READ -> accepted.send(new byte[] {1});
            case WRITABLE -> {
                accepted.run(link -> link.reading(Reading.PAUSED));
                dialled.fill(new byte[64 * 1024]);
                accepted.run(link -> link.reading(Reading.RESUMED));
            }
            case INPUT_CLOSED -> accepted.run(Link::shutdownOutput);
            case CLOSED -> dialled.run(Link::close);
        }
    }

    /** Sends a few bytes each way and waits for them: shows that the link lives. */
    public void assertAlive() {
        int there = accepted.receivedBytes();
        int back = dialled.receivedBytes();
        dialled.send(new byte[] {1, 2, 3});
        accepted.awaitReceived(there + 3);
        accepted.send(new byte[] {4, 5, 6, 7});
        dialled.awaitReceived(back + 4);
    }

    /** Has both loops do what they have to, whatever it is: several turns of theirs pass. */
    void turnLoops() {
        for (int i = 0; i < 10; i++) {
            dialled.awaitTasks();
            accepted.awaitTasks();
        }
    }

    /**
     * Has the accepted end fill the link while the dialled end's loop is busy, so that input has arrived that its handler
     * was not given, and then runs a function there before the loop goes on. The ends must not share a loop.
     */
    <T> T onceInputHasArrived(byte[] chunk, Function<Link, T> function) {
        return onceHasArrived(peer -> peer.fill(chunk), function);
    }

    /** As before, with what the accepted end does meanwhile. */
    <T> T onceHasArrived(Consumer<LinkProbe> what, Function<Link, T> function) {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch full = new CountDownLatch(1);
        CompletableFuture<T> result = CompletableFuture.supplyAsync(() -> dialled.call(link -> {
            busy.countDown();
            Waiting.await(full, "what is to arrive");
            return function.apply(link);
        }));
        Waiting.await(busy, "the dialled end's loop");
        try {
            what.accept(accepted);
        } finally {
            full.countDown();
        }
        return Waiting.await(result, "a task on the loop");
    }
}
