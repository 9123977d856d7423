/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.socket;

import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.List;

/**
 * A socket over NIO that its selector can be made to forget before it is closed. The JDK ends the output of a socket
 * that a selector knows (FIN) when it closes it, and gives the descriptor back after the next selection. If input is
 * unread by then, the kernel sends its reset after that end, and the peer may believe that everything was read.
 */
public final class NioLinkChannel extends NioSocketChannel {
    /** A socket that dials. */
    NioLinkChannel() {}

    private NioLinkChannel(Channel parent, SocketChannel accepted) {
        super(parent, accepted);
    }

    /** Has the selector forget the socket at its next selection; nothing is read or written from now on. */
    void forget() {
        if (isRegistered()) {
            var unused = registration().cancel();
        }
    }

    /** Accepts sockets of this kind. */
    public static final class Server extends NioServerSocketChannel {
        Server() {}

        /** Closes the socket without its thread, which has ended. */
        public void closeSocket() throws IOException {
            javaChannel().close();
        }

        @Override
        protected int doReadMessages(List<Object> accepted) throws Exception {
            SocketChannel socket = javaChannel().accept();
            if (socket == null) {
                return 0;
            }
            try {
                accepted.add(new NioLinkChannel(this, socket));
                return 1;
            } catch (Throwable failed) {
                close(socket, failed);
                throw failed;
            }
        }

        /** One socket that could not be accepted is no reason to accept no more. */
        @Override
        protected boolean closeOnReadError(Throwable failure) {
            return !isActive();
        }

        private static void close(SocketChannel socket, Throwable failure) {
            try {
                socket.close();
            } catch (IOException alsoFailed) {
                failure.addSuppressed(alsoFailed);
            }
        }
    }
}
