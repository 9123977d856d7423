/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.baseline;

import java.io.IOException;
import java.net.SocketAddress;

/** A stream and its receiver, in one process. */
public final class ReceivedStream implements MessageStream {
    private final Receiver receiver;
    private final MessageStream stream;

    private ReceivedStream(Receiver receiver, MessageStream stream) {
        this.receiver = receiver;
        this.stream = stream;
    }

    /** Connects to a receiver, which is closed with the stream. */
    @FunctionalInterface
    public interface Connecting {
        MessageStream to(SocketAddress address) throws IOException, InterruptedException;
    }

    /** A stream to this receiver. */
    public static MessageStream to(Receiver receiver, Connecting connecting) throws IOException, InterruptedException {
        MessageStream stream;
        try {
            stream = connecting.to(receiver.address());
        } catch (IOException | InterruptedException | RuntimeException failed) {
            receiver.close();
            throw failed;
        }
        return new ReceivedStream(receiver, stream);
    }

    @Override
    public void send(byte[] payload) throws IOException, InterruptedException {
        stream.send(payload);
    }

    @Override
    public void flush() throws IOException {
        stream.flush();
    }

    @Override
    public void close() throws IOException {
        try (receiver) {
            stream.close();
        }
    }
}
