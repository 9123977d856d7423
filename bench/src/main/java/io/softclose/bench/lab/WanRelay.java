/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Wide-area paths within one machine: each {@link WanPath} relays TCP connections to a target with latency, jitter and a rate, and
 * can be reset and held. Needs no privileges. One thread relays for all paths. What it cannot do is what happens to
 * packets: a relay carries bytes of a connection, so none is lost but with its connection, and connections to it are
 * established at once. Thread-safe.
 */
public final class WanRelay implements AutoCloseable {
    private static final long IDLE_MILLIS = 1_000;

    private final Selector selector;
    private final Thread thread = new Thread(this::run, "wan-relay");
    private final List<WanPath> paths = new CopyOnWriteArrayList<>();
    private final Queue<Runnable> commands = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    private WanRelay(Selector selector) {
        this.selector = selector;
    }

    /** A relay without paths. */
    public static WanRelay open() throws IOException {
        WanRelay relay = new WanRelay(Selector.open());
        relay.thread.setDaemon(true);
        relay.thread.start();
        return relay;
    }

    /**
     * A path to a target, on a port of its own of the loopback interface.
     *
     * @param jitter decides on the jitter; used by the relay's thread alone
     */
    public WanPath path(InetSocketAddress target, WanConditions conditions, RandomGenerator jitter) throws IOException {
        WanPath path = WanPath.open(this, target, conditions, jitter);
        command(() -> path.register(selector));
        paths.add(path);
        return path;
    }

    /** Has the relay's thread do something soon. */
    void command(Runnable task) {
        commands.add(task);
        selector.wakeup();
    }

    /** Resets every connection, stops accepting, and waits for the thread's end. Idempotent. */
    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (selector) {
            while (!closed) {
                for (Runnable task = commands.poll(); task != null; task = commands.poll()) {
                    task.run();
                }
                long now = System.nanoTime();
                long wait = TimeUnit.MILLISECONDS.toNanos(IDLE_MILLIS);
                for (WanPath path : paths) {
                    wait = Math.min(wait, path.advance(now));
                }
                // Rounded up: what is due in less than a millisecond is not looked for again and again.
                selector.select(WanRelay::ready, TimeUnit.NANOSECONDS.toMillis(wait) + 1);
            }
        } catch (IOException broken) {
            System.getLogger(WanRelay.class.getName())
                    .log(System.Logger.Level.ERROR, "the relay has ended, and all its paths with it", broken);
        } finally {
            paths.forEach(WanPath::end);
        }
    }

    private static void ready(SelectionKey key) {
        ((Ready) key.attachment()).ready(key);
    }

    /** What a selected key is for. */
    interface Ready {
        void ready(SelectionKey key);
    }
}
