/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.throughput.peers;

import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.softclose.bench.baseline.MessageStream;
import io.softclose.bench.throughput.Terms;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.agrona.BitUtil;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/** The sending thread offers each message to a publication, which copies it, and idles while its window is full. */
final class AeronStream implements MessageStream {
    private static final int TERM_BYTES = 16 << 20;
    /** No publication's window may be longer. */
    private static final int MOST_WINDOW_BYTES = TERM_BYTES / 2;

    private static final int HEADER_BYTES = 32;
    private static final int ALIGNMENT = 32;

    private final AeronNode node = new AeronNode();
    private final ExclusivePublication publication;
    private final UnsafeBuffer message = new UnsafeBuffer();
    private final IdleStrategy idle = new BackoffIdleStrategy();

    AeronStream(Terms terms, SocketAddress address) throws IOException, InterruptedException {
        String channel = "aeron:udp?endpoint=127.0.0.1:" + ((InetSocketAddress) address).getPort() + "|mtu="
                + AeronNode.MTU_BYTES + "|term-length=" + TERM_BYTES + "|pub-wnd=" + windowBytes(terms);
        try {
            publication = node.aeron().addExclusivePublication(channel, AeronNode.STREAM_ID);
            AeronNode.await("connected", publication::isConnected);
        } catch (IOException | InterruptedException | RuntimeException failed) {
            node.close();
            throw failed;
        }
    }

    /** What as many messages as may wait take in the log, as far as Aeron allows. */
    static int windowBytes(Terms terms) {
        long frame = BitUtil.align((long) terms.payloadBytes() + HEADER_BYTES, ALIGNMENT);
        return (int) Math.max(AeronNode.MTU_BYTES, Math.min(MOST_WINDOW_BYTES, frame * terms.outboxMessages()));
    }

    @Override
    public void send(byte[] payload) throws IOException {
        message.wrap(payload);
        long position = publication.offer(message);
        while (position < 0) {
            if (position != Publication.BACK_PRESSURED && position != Publication.ADMIN_ACTION) {
                throw new IOException("aeron: " + Publication.errorString(position) + " (expected: room)");
            }
            idle.idle();
            position = publication.offer(message);
        }
        idle.reset();
    }

    @Override
    public void close() {
        node.close();
    }
}
