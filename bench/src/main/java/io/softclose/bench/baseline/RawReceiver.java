/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.baseline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** A thread that accepts one connection and reads its frames, blocking, until it ends. */
public final class RawReceiver implements Receiver {
    /** Room for several frames of the largest payload, so that few are read in two pieces. */
    private static final int BUFFER_BYTES = 256 * 1024;

    /** What is done with the frames. */
    public enum Intake {
        /** Each payload is copied into an array of its own, as a handler gets it. */
        COPY,
        /**
         * Frames are only counted, and nothing is allocated. The handshake comes first, and is answered with its own
         * bytes: an end that is offered what it offers itself agrees.
         */
        COUNT_AFTER_HANDSHAKE
    }

    private final Intake intake;
    private final Tally tally;
    private final ServerSocketChannel server;
    private final Thread thread;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

    /** Listens on the loopback interface, on a port of the system's choice. */
    public RawReceiver(Intake intake, Tally tally) throws IOException {
        this.intake = intake;
        this.tally = tally;
        server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        thread = new Thread(this::run, "raw-receiver");
        thread.start();
    }

    @Override
    public SocketAddress address() throws IOException {
        return server.getLocalAddress();
    }

    private void run() {
        try (SocketChannel channel = server.accept()) {
            if (intake == Intake.COUNT_AFTER_HANDSHAKE) {
                answerHandshake(channel);
            }
            while (channel.read(buffer) >= 0) {
                buffer.flip();
                take();
                buffer.compact();
            }
        } catch (AsynchronousCloseException closed) {
            // Closed before anybody came: that is what close() is for.
            return;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private void take() {
        if (intake == Intake.COPY) {
            DirectSendFrames.takeAll(buffer, tally::handled);
            return;
        }
        for (int left = DirectSendFrames.skipAll(buffer); left > 0; left--) {
            tally.handled(this);
        }
    }

    private void answerHandshake(SocketChannel channel) throws IOException {
        readAtLeast(channel, Short.BYTES);
        int length = Short.BYTES + Short.toUnsignedInt(buffer.getShort(0));
        readAtLeast(channel, length);
        buffer.flip();
        ByteBuffer handshake = buffer.slice(0, length);
        while (handshake.hasRemaining()) {
            channel.write(handshake);
        }
        buffer.position(length).compact();
    }

    private void readAtLeast(SocketChannel channel, int bytes) throws IOException {
        while (buffer.position() < bytes) {
            if (channel.read(buffer) < 0) {
                throw new IOException("handshake: " + buffer.position() + " bytes (expected: " + bytes + ")");
            }
        }
    }

    /** Stops listening, and waits for the connection's end: the sender closes first. */
    @Override
    public void close() throws IOException {
        server.close();
        Threads.join(thread);
    }
}
