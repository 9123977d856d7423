/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.shutdown;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * What all connections between two nodes share: a relay with a rate of its own for what the diallers send. It passes
 * everything at once until it is given a {@linkplain #rate rate}; the way back is never slowed. It is dialled at a Unix domain
 * socket, where what a dialler may have on its way is its send buffer and nothing else, and no segment's size or timer of TCP's
 * has a say in whose turn it is. One thread does all of it.
 */
public final class Bottleneck implements AutoCloseable {
    /** Whose bytes go next when there is room. */
    public enum Turns {
        /** A connection's, until it has had none for some milliseconds: one that has always more keeps all others waiting. */
        GREEDY,
        /** Each connection's in turn. */
        FAIR;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final int CHUNK_BYTES = 16 * 1024;
    private static final int BACKLOG = 1024;
    private static final long UNLIMITED = Long.MAX_VALUE;
    private static final long IDLE_MILLIS = 1;
    private static final long PATIENCE_NANOS = Duration.ofMillis(2).toNanos();
    /** Of what was not used, no more than this is made up for. */
    private static final double MOST_SAVED_SECONDS = 0.02;

    private final InetSocketAddress target;
    private final Turns turns;
    private final ServerSocketChannel listener;
    private final Selector selector;
    private final Thread thread = new Thread(this::run, "bottleneck");
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
    private final Path folder = Files.createTempDirectory("softclose-bottleneck");
    private final UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("socket"));

    private volatile boolean closed;
    private volatile long bytesPerSecond = UNLIMITED;
    /** Written by the thread. */
    private volatile long passed;

    // Confined to the thread.
    private final List<Pipe> pipes = new ArrayList<>();
    private int next;
    /** Whether the present one had nothing when it was asked last, and those before it since it or they first had. */
    private boolean waiting;

    private long waitingSince;
    private long passing;

    private double allowance;
    private long refilledAt = System.nanoTime();

    /** Two sockets; bytes pass from the one that was accepted to the one that was dialled, and back. */
    private static final class Pipe {
        final SocketChannel near;
        final SocketChannel far;
        boolean forwardEnded;

        Pipe(SocketChannel near, SocketChannel far) {
            this.near = near;
            this.far = far;
        }
    }

    private Bottleneck(InetSocketAddress target, Turns turns) throws IOException {
        this.target = target;
        this.turns = turns;
        selector = Selector.open();
        listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(address, BACKLOG);
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
    }

    /** Relays to this address. */
    static Bottleneck before(InetSocketAddress target, Turns turns) throws IOException {
        Bottleneck made = new Bottleneck(target, turns);
        made.thread.setDaemon(true);
        made.thread.start();
        return made;
    }

    /** Where to dial. */
    SocketAddress address() {
        return address;
    }

    /** How many bytes of the diallers' it has passed. */
    long passed() {
        return passed;
    }

    /** Passes so many bytes a second from now on; none if zero. */
    void rate(long wanted) {
        bytesPerSecond = wanted;
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (listener;
                selector) {
            while (!closed) {
                boolean moved = relay();
                if (!moved) {
                    LockSupport.parkNanos(Duration.ofMillis(IDLE_MILLIS).toNanos());
                }
            }
            for (Pipe pipe : pipes) {
                pipe.near.close();
                pipe.far.close();
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } finally {
            delete();
        }
    }

    private void delete() {
        try {
            Files.deleteIfExists(address.getPath());
            Files.deleteIfExists(folder);
        } catch (IOException left) {
            // It is in the folder for temporary files.
        }
    }

    private boolean relay() throws IOException {
        boolean moved = selector.selectNow(this::ready) > 0;
        refill();
        for (int idle = 0; idle < pipes.size() && allowance >= 1; ) {
            boolean had = passForward(pipes.get(next));
            moved |= had;
            idle = had ? 0 : idle + 1;
            if (had) {
                waiting = false;
            } else if (!waiting) {
                waiting = true;
                waitingSince = refilledAt;
            }
            if (turns == Turns.FAIR || (waiting && refilledAt - waitingSince >= PATIENCE_NANOS)) {
                next = (next + 1) % pipes.size();
            } else if (waiting) {
                return moved;
            }
        }
        return moved;
    }

    private void ready(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                accept();
            } else {
                passBack(key, (Pipe) key.attachment());
            }
        } catch (IOException broken) {
            key.cancel();
        }
    }

    private void accept() throws IOException {
        SocketChannel near = listener.accept();
        if (near == null) {
            return;
        }
        SocketChannel far = SocketChannel.open(target);
        far.setOption(StandardSocketOptions.TCP_NODELAY, true);
        near.configureBlocking(false);
        far.configureBlocking(false);
        Pipe pipe = new Pipe(near, far);
        far.register(selector, SelectionKey.OP_READ, pipe);
        pipes.add(pipe);
    }

    private void refill() {
        long now = System.nanoTime();
        double seconds = Math.min(MOST_SAVED_SECONDS, (now - refilledAt) / 1e9);
        refilledAt = now;
        long rate = bytesPerSecond;
        allowance =
                rate == UNLIMITED ? Long.MAX_VALUE : Math.min(allowance, rate * MOST_SAVED_SECONDS) + seconds * rate;
    }

    private boolean passForward(Pipe pipe) {
        if (pipe.forwardEnded) {
            return false;
        }
        chunk.clear().limit((int) Math.min(CHUNK_BYTES, allowance));
        try {
            int read = pipe.near.read(chunk);
            if (read < 0) {
                pipe.forwardEnded = true;
                pipe.far.shutdownOutput();
            } else if (read > 0) {
                allowance -= read;
                passing += read;
                passed = passing;
                writeAll(pipe.far);
            }
            return read > 0;
        } catch (IOException broken) {
            pipe.forwardEnded = true;
            closeQuietly(pipe);
            return false;
        }
    }

    private void passBack(SelectionKey key, Pipe pipe) throws IOException {
        chunk.clear();
        int read = pipe.far.read(chunk);
        if (read < 0) {
            key.cancel();
            pipe.near.shutdownOutput();
        } else if (read > 0) {
            writeAll(pipe.near);
        }
    }

    /** The ends read all that comes, so this does not take long. */
    private void writeAll(SocketChannel to) throws IOException {
        chunk.flip();
        while (chunk.hasRemaining() && !closed) {
            if (to.write(chunk) == 0) {
                Thread.onSpinWait();
            }
        }
    }

    private static void closeQuietly(Pipe pipe) {
        try (pipe.near;
                pipe.far) {
            // Both are closed.
        } catch (IOException gone) {
            // They are gone all the same.
        }
    }
}
