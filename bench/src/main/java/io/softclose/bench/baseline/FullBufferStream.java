/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.baseline;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * The practical limit: the sending thread itself copies frames into one direct buffer, and writes it, blocking, each time
 * it is full. No queue, no hand-over to another thread, and nothing leaves before the buffer is full.
 */
public final class FullBufferStream implements MessageStream {
    private static final int BUFFER_BYTES = 128 * 1024;

    private final SocketChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

    /** Connects to a {@link RawReceiver}. */
    public FullBufferStream(SocketAddress address) throws IOException {
        channel = SocketChannel.open(address);
    }

    @Override
    public void send(byte[] payload) throws IOException {
        if (buffer.remaining() < DirectSendFrames.maxSize(payload.length)) {
            flush();
        }
        DirectSendFrames.put(buffer, payload);
    }

    @Override
    public void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
