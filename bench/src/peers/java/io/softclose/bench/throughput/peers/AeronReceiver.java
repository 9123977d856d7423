/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.throughput.peers;

import static java.util.Objects.requireNonNull;

import io.aeron.FragmentAssembler;
import io.aeron.Subscription;
import io.softclose.bench.baseline.Receiver;
import io.softclose.bench.baseline.Tally;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

/** A thread that polls a subscription, and copies each message into an array of its own. */
final class AeronReceiver implements Receiver {
    private static final String CHANNEL = "aeron:udp?endpoint=127.0.0.1:0";
    private static final int FRAGMENTS_AT_ONCE = 256;

    private final AeronNode node = new AeronNode();
    private final Tally tally;
    private final Subscription subscription;
    private final SocketAddress address;
    private final Thread thread;
    private volatile boolean closed;

    AeronReceiver(Tally tally) throws IOException, InterruptedException {
        this.tally = tally;
        try {
            subscription = node.aeron().addSubscription(CHANNEL, AeronNode.STREAM_ID);
            AeronNode.await("listening", () -> subscription.resolvedEndpoint() != null);
        } catch (IOException | InterruptedException | RuntimeException failed) {
            node.close();
            throw failed;
        }
        String endpoint = requireNonNull(subscription.resolvedEndpoint());
        int port = Integer.parseInt(endpoint.substring(endpoint.lastIndexOf(':') + 1));
        address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        thread = new Thread(this::poll, "aeron-receiver");
        thread.start();
    }

    @Override
    public SocketAddress address() {
        return address;
    }

    private void poll() {
        IdleStrategy idle = new BackoffIdleStrategy();
        FragmentAssembler whole = new FragmentAssembler((buffer, offset, length, header) -> take(buffer, offset, length));
        while (!closed) {
            idle.idle(subscription.poll(whole, FRAGMENTS_AT_ONCE));
        }
    }

    private void take(DirectBuffer buffer, int offset, int length) {
        byte[] payload = new byte[length];
        buffer.getBytes(offset, payload);
        tally.handled(payload);
    }

    @Override
    public void close() throws IOException {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while closing");
        } finally {
            node.close();
        }
    }
}
