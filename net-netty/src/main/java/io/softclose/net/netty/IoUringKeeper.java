/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.util.concurrent.ThreadAwareExecutor;

/**
 * Netty's handler for io_uring, with two changes to what sockets hear.
 *
 * <p>They do not hear of the peer's end of output by itself: Netty then reads all there is, of a link that is paused as
 * well. Whoever reads finds the end, since a link that reads always has a receive with the kernel.
 *
 * <p>They do not hear that an operation was interrupted (EINTR), as happens when the process is stopped and goes on
 * (SIGSTOP, SIGCONT): Netty takes that for a failure of the link. It is told what else there is to say of an operation
 * that has done nothing, and takes it again.
 */
final class IoUringKeeper implements IoHandler {
    // Of Linux.
    private static final int EINTR = -4;
    private static final int EAGAIN = -11;
    private static final int EINPROGRESS = -115;
    private static final int ECANCELED = -125;
    private static final int POLLRDHUP = 0x2000;
    private static final byte WRITEV = 2;
    private static final byte POLL_ADD = 6;
    private static final byte CONNECT = 16;
    private static final byte SEND = 26;
    private static final byte RECV = 27;

    private final IoHandler uring;

    IoUringKeeper(IoHandler uring) {
        this.uring = uring;
    }

    static IoHandlerFactory factory(IoHandlerFactory handlers) {
        return new IoHandlerFactory() {
            @Override
            public IoHandler newHandler(ThreadAwareExecutor executor) {
                return new IoUringKeeper(handlers.newHandler(executor));
            }

            @Override
            public boolean isChangingThreadSupported() {
                return handlers.isChangingThreadSupported();
            }
        };
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return uring.register(new Kept(handle));
    }

    @Override
    public void initialize() {
        uring.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        return uring.run(context);
    }

    @Override
    public void prepareToDestroy() {
        uring.prepareToDestroy();
    }

    @Override
    public void destroy() {
        uring.destroy();
    }

    @Override
    public void wakeup() {
        uring.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return uring.isCompatible(handleType);
    }

    /** A socket, as io_uring sees it. */
    @SuppressWarnings("try") // Netty's close may throw anything
    private record Kept(IoHandle handle) implements IoUringIoHandle {
        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            IoUringIoEvent completion = (IoUringIoEvent) event;
            int told = told(completion.opcode(), completion.res());
            handle.handle(
                    registration,
                    told == completion.res()
                            ? completion
                            : new IoUringIoEvent(told, completion.flags(), completion.opcode(), completion.userData()));
        }

        private static int told(byte operation, int result) {
            if (operation == POLL_ADD && result > 0 && (result & POLLRDHUP) != 0) {
                return ECANCELED;
            }
            if (result == EINTR && (operation == RECV || operation == SEND || operation == WRITEV)) {
                return EAGAIN;
            }
            // The kernel goes on to connect.
            return result == EINTR && operation == CONNECT ? EINPROGRESS : result;
        }

        @Override
        public void registered() {
            handle.registered();
        }

        @Override
        public void unregistered() {
            handle.unregistered();
        }

        @Override
        public void close() throws Exception {
            handle.close();
        }
    }
}
