/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.throughput.peers;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.FluxSink.OverflowStrategy;

/**
 * From a thread that sends to a stream of Reactor's: the thread waits while nobody has asked for more. For one subscriber, which asks for
 * a number each time.
 *
 * @param <T> what is sent
 */
final class CreditedSource<T> {
    private final Semaphore credit = new Semaphore(0);

    // Shared.
    private volatile @Nullable FluxSink<T> sink;
    private volatile boolean ended;

    /** Where it comes out. */
    Flux<T> flux() {
        return Flux.create(this::attach, OverflowStrategy.IGNORE);
    }

    private void attach(FluxSink<T> made) {
        sink = made;
        made.onRequest(this::grant);
        made.onDispose(this::end);
    }

    private void grant(long asked) {
        if (asked > Integer.MAX_VALUE / 2) {
            throw new IllegalStateException("asked for: " + asked + " (expected: a bounded number)");
        }
        credit.release((int) asked);
    }

    /** Nothing is taken any more: whoever waits hears of it. */
    void end() {
        ended = true;
        credit.release();
    }

    /** Sends one, waiting while nobody has asked for it. Sending thread only. */
    void send(T element) throws IOException, InterruptedException {
        credit.acquire();
        if (ended) {
            credit.release();
            throw new IOException("the other end takes no more (expected: a stream that goes on)");
        }
        requireNonNull(sink).next(element);
    }
}
