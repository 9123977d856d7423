/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.transport.fixture.LinkProbe;
import io.softclose.net.testkit.transport.fixture.LinkProbe.Event;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Closing is bounded, whatever handlers do. */
final class NioTransportCloseTest {
    /** Its thread ends when the handler has returned at last. */
    @Test
    void aHandlerThatDoesNotReturnIsLeft() throws IOException {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch returns = new CountDownLatch(1);
        LinkProbe stuck = new LinkProbe().on(Event.CONNECTED, link -> {
            entered.countDown();
            Waiting.await(returns, "the handler");
        });
        try (NioTransport transport = NioTransport.builder().loops(1).build()) {
            SocketAddress address = transport
                    .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), stuck::attach)
                    .localAddress();
            try (SocketChannel peer = SocketChannel.open(address)) {
                Waiting.await(entered, "the handler");
                CompletableFuture<Boolean> closed = CompletableFuture.supplyAsync(() -> {
                    Thread.currentThread().interrupt();
                    boolean ended = transport.close(Duration.ofMillis(50));
                    return Thread.interrupted() && !ended;
                });

                assertTrue(Waiting.await(closed, "close"), "the interrupt was lost, or the thread had ended");
                assertEquals(0, stuck.count(Event.CLOSED));
                returns.countDown();
                stuck.awaitClosed();
                assertTrue(peer.isOpen());
            }
        }
    }
}
