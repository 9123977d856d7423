/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.lab;

import io.softclose.net.netty.IoKind;
import io.softclose.net.netty.NettyTransport;
import io.softclose.net.nio.NioTransport;
import io.softclose.net.spi.Transport;

/** Every transport of this project, and every kind of I/O that Netty's has. */
public enum AnyTransport {
    NIO {
        @Override
        public Transport open(int socketBufferBytes) {
            NioTransport.Builder builder = NioTransport.builder();
            if (socketBufferBytes != DEFAULT_BUFFER) {
                builder.sendBufferBytes(socketBufferBytes).receiveBufferBytes(socketBufferBytes);
            }
            return builder.build();
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

    /** Leaves the size of socket buffers to the operating system. */
    public static final int DEFAULT_BUFFER = 0;

    /** So little that the kernels of both ends hold a fraction of what tests send. */
    public static final int SMALL_BUFFER = 16 * 1024;

    /**
     * A transport of this kind.
     *
     * @param socketBufferBytes what is asked for as each socket's send and receive buffer, or {@link #DEFAULT_BUFFER}
     * @throws IllegalStateException if it is not available here
     */
    public abstract Transport open(int socketBufferBytes);

    /** Whether it is available here. */
    public boolean available() {
        try {
            open(DEFAULT_BUFFER).close();
            return true;
        } catch (IllegalStateException unavailable) {
            return false;
        }
    }

    private static Transport netty(IoKind io, int socketBufferBytes) {
        NettyTransport.Builder builder = NettyTransport.builder().io(io);
        if (socketBufferBytes != DEFAULT_BUFFER) {
            builder.sendBufferBytes(socketBufferBytes).receiveBufferBytes(socketBufferBytes);
        }
        return builder.build();
    }
}
