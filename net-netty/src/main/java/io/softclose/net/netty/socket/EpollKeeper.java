/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.socket;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;

/**
 * Netty's handler for epoll, with three changes to what sockets await.
 *
 * <p>It is kept from forgetting sockets. Since netty/netty#16689 it removes a socket of which nothing is awaited from
 * epoll, and does not put it back when something is: {@code epoll_ctl} fails with ENOENT then, and the channel closes.
 * Nothing is awaited once the peer has ended its output, and while a link is paused as well; the next write that finds
 * the socket full, or the end of the pause, would lose the link. So a socket always stays.
 *
 * <p>One of which no input is awaited is edge-triggered: errors, which epoll reports unasked, wake the loop once and not
 * for ever. With each, Netty reads once.
 *
 * <p>The peer's end of output is not awaited by itself: once Netty has heard of it, it reads everything there is, even
 * for a link that is paused. Whoever reads finds the end.
 */
final class EpollKeeper extends ForwardingIo {
    private EpollKeeper(IoHandler epoll) {
        super(epoll);
    }

    static IoHandlerFactory factory() {
        return around(EpollIoHandler.newFactory(), (epoll, loop) -> new EpollKeeper(epoll));
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return new Kept(super.register(handle));
    }

    /** A socket's place in epoll. */
    private static final class Kept implements IoRegistration {
        private final IoRegistration registration;

        Kept(IoRegistration registration) {
            this.registration = registration;
        }

        @Override
        public long submit(IoOps ops) {
            EpollIoOps awaited = ((EpollIoOps) ops).without(EpollIoOps.EPOLLRDHUP);
            return registration.submit(
                    awaited.contains(EpollIoOps.EPOLLIN) ? awaited : awaited.with(EpollIoOps.EPOLLET));
        }

        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // Netty's signature
        public <T> T attachment() {
            return registration.attachment();
        }

        @Override
        public boolean isValid() {
            return registration.isValid();
        }

        @Override
        public boolean cancel() {
            return registration.cancel();
        }
    }
}
