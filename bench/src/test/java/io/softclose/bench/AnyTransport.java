/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench;

import static org.junit.jupiter.api.Assumptions.abort;

import io.softclose.net.netty.IoKind;
import io.softclose.net.netty.NettyTransport;
import io.softclose.net.nio.NioTransport;
import io.softclose.net.spi.Transport;

/** Every transport of this project, and every kind of I/O that Netty's has. */
public enum AnyTransport {
    NIO {
        @Override
        public Transport open(int socketBufferBytes) {
            return NioTransport.builder()
                    .sendBufferBytes(socketBufferBytes)
                    .receiveBufferBytes(socketBufferBytes)
                    .build();
        }
    },
    NETTY_NIO {
        @Override
        public Transport open(int socketBufferBytes) {
            return netty(IoKind.NIO, socketBufferBytes);
        }
    },
    NETTY_EPOLL {
        @Override
        public Transport open(int socketBufferBytes) {
            return netty(IoKind.EPOLL, socketBufferBytes);
        }
    },
    NETTY_IO_URING {
        @Override
        public Transport open(int socketBufferBytes) {
            return netty(IoKind.IO_URING, socketBufferBytes);
        }
    };

    /**
     * A transport of this kind.
     *
     * @param socketBufferBytes what is asked for as each socket's send and receive buffer
     * @throws IllegalStateException if it is not available here
     */
    public abstract Transport open(int socketBufferBytes);

    /** Skips the test, and prints so, where it is not available. */
    public void requireAvailable() {
        try {
            open(SMALL_BUFFER).close();
        } catch (IllegalStateException unavailable) {
            System.out.println("SKIPPED: not available here: " + this + ", " + unavailable);
            abort("not available here: " + this);
        }
    }

    /** So little that the kernels of both ends hold a fraction of what tests send. */
    public static final int SMALL_BUFFER = 16 * 1024;

    private static Transport netty(IoKind io, int socketBufferBytes) {
        return NettyTransport.builder()
                .io(io)
                .sendBufferBytes(socketBufferBytes)
                .receiveBufferBytes(socketBufferBytes)
                .build();
    }
}
