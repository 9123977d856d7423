/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import io.softclose.net.spi.InputEnd;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.spi.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A program whose class path has nothing of Netty's for epoll and io_uring. Says what it could do. */
final class WithoutNatives {
    private WithoutNatives() {}

    public static void main(String[] arguments) throws Exception {
        CompletableFuture<String> arrived = new CompletableFuture<>();
        try (Transport transport = NettyTransport.builder().build();
                Transport.Listener listener = transport.listen(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        link -> new Talker(link, arrived))) {
            SocketAddress address = listener.localAddress();
            transport.dial(address, Duration.ofSeconds(30), link -> new Talker(link, arrived));
            System.out.println("arrived: " + arrived.get(30, TimeUnit.SECONDS));
        }
        try {
            NettyTransport.builder().io(IoKind.EPOLL).build();
        } catch (IllegalStateException refused) {
            System.out.println("refused: " + refused.getMessage());
        }
    }

    /** Says something, and tells what it hears. */
    private record Talker(Link link, CompletableFuture<String> arrived) implements LinkHandler {
        @Override
        public void onConnected() {
            ByteBuffer buffer = link.lend(16);
            buffer.put((byte) 42).flip();
            int unused = link.write(buffer);
        }

        @Override
        public void onRead(ByteBuffer data) {
            arrived.complete("" + data.get());
        }

        @Override
        public void onWritable() {}

        @Override
        public void onInputClosed(InputEnd end) {}

        @Override
        public void onClosed(@Nullable Throwable cause) {
            if (cause != null) {
                arrived.completeExceptionally(cause);
            }
        }
    }
}
