/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.node;

import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.InputEnd;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.spi.Transport;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A transport that counts the bytes that the links it accepts have handed on. Does not own the one that it is over. */
final class CountedInput implements Transport {
    private final Transport transport;
    private final AtomicLong bytes = new AtomicLong();

    CountedInput(Transport transport) {
        this.transport = transport;
    }

    /** How many bytes the handlers of these links were given. */
    long bytes() {
        return bytes.get();
    }

    @Override
    public String name() {
        return transport.name();
    }

    @Override
    public EventLoop nextLoop() {
        return transport.nextLoop();
    }

    @Override
    public Link dial(EventLoop loop, SocketAddress remote, Duration timeout, LinkAcceptor acceptor) {
        return transport.dial(loop, remote, timeout, acceptor);
    }

    @Override
    public Listener listen(SocketAddress local, LinkAcceptor acceptor) throws IOException {
        return transport.listen(local, link -> counting(acceptor.accept(link)));
    }

    @Override
    public void close() {}

    private LinkHandler counting(LinkHandler handler) {
        return new LinkHandler() {
            @Override
            public void onConnected() {
                handler.onConnected();
            }

            @Override
            public void onRead(ByteBuffer data) {
                bytes.addAndGet(data.remaining());
                handler.onRead(data);
            }

            @Override
            public void onWritable() {
                handler.onWritable();
            }

            @Override
            public void onInputClosed(InputEnd end) {
                handler.onInputClosed(end);
            }

            @Override
            public void onClosed(@Nullable Throwable cause) {
                handler.onClosed(cause);
            }
        };
    }
}
