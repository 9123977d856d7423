/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/** One end on the kernel that the test runs on. */
final class KernelEnd implements SocketEnd {
    private static final Duration SAFETY_NET = Duration.ofSeconds(30);

    private final SocketChannel channel;

    KernelEnd(SocketChannel channel) throws IOException {
        this.channel = channel;
        channel.configureBlocking(false);
    }

    @Override
    public Written write(int bytes) {
        try {
            return channel.write(ByteBuffer.allocate(bytes)) > 0 ? Written.TAKEN : Written.FULL;
        } catch (IOException failed) {
            return Written.FAILED;
        }
    }

    @Override
    public long fill() {
        ByteBuffer chunk = ByteBuffer.allocate(64 * 1024);
        long total = 0;
        try {
            for (int taken = channel.write(chunk); taken > 0; taken = channel.write(chunk.clear())) {
                total += taken;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return total;
    }

    @Override
    public void awaitInput() {
        await(SelectionKey.OP_READ);
    }

    void awaitRoom() {
        await(SelectionKey.OP_WRITE);
    }

    @Override
    public boolean toldOfRoom() {
        return selected(SelectionKey.OP_WRITE, Selector::selectNow);
    }

    private void await(int operation) {
        if (!selected(operation, selector -> selector.select(SAFETY_NET.toMillis()))) {
            throw new AssertionError("not ready within " + SAFETY_NET);
        }
    }

    private boolean selected(int operation, Selecting selecting) {
        try (Selector selector = Selector.open()) {
            SelectionKey key = channel.register(selector, operation);
            boolean ready = selecting.select(selector) > 0;
            key.cancel();
            selector.selectNow();
            return ready;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One way to ask a selector. */
    private interface Selecting {
        int select(Selector selector) throws IOException;
    }

    @Override
    public Input readToTheEnd() {
        ByteBuffer chunk = ByteBuffer.allocate(64 * 1024);
        long bytes = 0;
        try {
            while (true) {
                awaitInput();
                int count = channel.read(chunk.clear());
                if (count < 0) {
                    return new Input(bytes, Ending.END);
                }
                bytes += count;
            }
        } catch (IOException reset) {
            return new Input(bytes, Ending.RESET);
        }
    }

    @Override
    public void read(long bytes) {
        long left = bytes;
        try {
            while (left > 0) {
                awaitInput();
                int count = channel.read(ByteBuffer.allocate((int) Math.min(left, 64 * 1024)));
                if (count < 0) {
                    throw new AssertionError("the end, with " + left + " bytes to come");
                }
                left -= count;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void shutdownOutput() {
        try {
            channel.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void abort() {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
