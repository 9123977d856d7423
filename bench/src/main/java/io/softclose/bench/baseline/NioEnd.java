/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.baseline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;

/** One thread on one selector that reads and writes the frames of one socket: the least that a transport on NIO is. */
final class NioEnd implements AutoCloseable {
    private static final int BUFFER_BYTES = 128 * 1024;

    private final SocketChannel channel;
    private final BiConsumer<NioEnd, byte[]> handler;
    private final Selector selector;
    private final Thread thread;

    // Shared.
    private final Queue<byte[]> waiting = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    // Confined to the thread.
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);

    /**
     * Starts to read.
     *
     * @param channel connected; closed with this end
     * @param handler given each payload, on the thread
     */
    NioEnd(SocketChannel channel, BiConsumer<NioEnd, byte[]> handler) throws IOException {
        this.channel = channel;
        this.handler = handler;
        selector = Selector.open();
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ);
        thread = new Thread(this::run, "nio-end");
        thread.start();
    }

    /** Sends a payload that fits into the socket's buffer. From any thread; at once if it is this end's own. */
    void send(byte[] payload) {
        if (Thread.currentThread() == thread) {
            write(payload);
        } else {
            waiting.add(payload);
            selector.wakeup();
        }
    }

    private void run() {
        try {
            while (!closed) {
                selector.select(key -> read());
                for (byte[] payload = waiting.poll(); payload != null; payload = waiting.poll()) {
                    write(payload);
                }
            }
            channel.close();
            selector.close();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private void read() {
        try {
            if (channel.read(in) < 0) {
                closed = true;
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        in.flip();
        DirectSendFrames.takeAll(in, payload -> handler.accept(this, payload));
        in.compact();
    }

    private void write(byte[] payload) {
        DirectSendFrames.put(out.clear(), payload);
        out.flip();
        try {
            while (out.hasRemaining()) {
                channel.write(out);
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        Threads.join(thread);
    }
}
