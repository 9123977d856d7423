/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.baseline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * A writer thread fed by a bounded queue: it takes all that waits, copies the frames into one direct buffer, and writes
 * that, blocking, when it is full or the queue is empty.
 */
public final class QueueFedStream implements MessageStream {
    private static final int BUFFER_BYTES = 128 * 1024;
    private static final byte[] END = new byte[0];

    private final SocketChannel channel;
    private final BlockingQueue<byte[]> queue;
    private final Thread writer;

    /** Connects to a {@link RawReceiver}. */
    public QueueFedStream(SocketAddress address) throws IOException {
        this(address, QUEUE_CAPACITY);
    }

    /** As the other, with room for so many messages. */
    public QueueFedStream(SocketAddress address, int capacity) throws IOException {
        queue = new ArrayBlockingQueue<>(capacity);
        channel = SocketChannel.open(address);
        writer = new Thread(this::write, "queue-fed-writer");
        writer.start();
    }

    @Override
    public void send(byte[] payload) throws InterruptedException {
        queue.put(payload);
    }

    private void write() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        List<byte[]> taken = new ArrayList<>(QUEUE_CAPACITY);
        try {
            while (true) {
                taken.add(queue.take());
                queue.drainTo(taken);
                for (byte[] payload : taken) {
                    if (payload == END) {
                        writeAll(buffer);
                        return;
                    }
                    if (buffer.remaining() < DirectSendFrames.maxSize(payload.length)) {
                        writeAll(buffer);
                    }
                    DirectSendFrames.put(buffer, payload);
                }
                taken.clear();
                if (queue.isEmpty()) {
                    writeAll(buffer);
                }
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void writeAll(ByteBuffer buffer) throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    /** Writes what waits, then ends. */
    @Override
    public void close() throws IOException {
        while (writer.isAlive() && !queue.offer(END)) {
            Thread.onSpinWait();
        }
        Threads.join(writer);
        channel.close();
    }
}
