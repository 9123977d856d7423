/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.socket;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Netty's handler for io_uring, with changes to what sockets hear, and to its end.
 *
 * <p>They do not hear of the peer's end of output by itself: Netty then reads all there is, of a link that is paused as
 * well. A link that reads finds the end, since it always has a receive with the kernel.
 *
 * <p>They hear that they can write even so. Once the peer has ended, each poll for room ends with that at once, whether
 * there is room or not, and Netty does not count it as one for room: it would never write again. It tries a little later.
 *
 * <p>A wake-up that comes from another thread is over before the ring is destroyed, and none comes later. Netty writes it to
 * a descriptor without looking whether that has been closed, or is something else by now, and what the kernel reads for it
 * goes to memory that has been given back.
 *
 * <p>They do not hear of an interrupted operation (EINTR), which a process that is stopped and continued has: Netty
 * takes that for a failure. It is told that nothing was done (EAGAIN), and takes the operation again.
 */
final class IoUringKeeper extends ForwardingIo {
    // Numbers of Linux's.
    private static final int EINTR = -4;
    private static final int EAGAIN = -11;
    private static final int EINPROGRESS = -115;
    private static final int ECANCELED = -125;
    private static final int POLLIN = 1;
    private static final int POLLOUT = 4;
    private static final int POLLRDHUP = 0x2000;
    private static final byte WRITEV = 2;
    private static final byte POLL_ADD = 6;
    private static final byte CONNECT = 16;
    private static final byte SEND = 26;
    private static final byte RECV = 27;
    /** Between two tries to write to a peer that has ended and takes nothing. */
    private static final long RETRY_MILLIS = 2;

    private final Executor later;
    private final Object end = new Object();
    /** Guarded by {@link #end}. */
    private boolean destroyed;

    /**
     * The handler of one loop.
     *
     * @param later runs what it is given on the loop, a little later
     */
    IoUringKeeper(IoHandler uring, Executor later) {
        super(uring);
        this.later = later;
    }

    static IoHandlerFactory factory(IoHandlerFactory handlers) {
        return around(
                handlers,
                (uring, executor) -> new IoUringKeeper(uring, retry -> {
                    ScheduledExecutorService loop = (ScheduledExecutorService) executor;
                    var unused = loop.schedule(retry, RETRY_MILLIS, TimeUnit.MILLISECONDS);
                }));
    }

    @Override
    public void wakeup() {
        synchronized (end) {
            if (!destroyed) {
                super.wakeup();
            }
        }
    }

    @Override
    public void destroy() {
        synchronized (end) {
            destroyed = true;
        }
        super.destroy();
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return super.register(new Kept(handle, later));
    }

    /** A socket, as io_uring sees it. */
    @SuppressWarnings("try") // Netty's close may throw anything
    private static final class Kept implements IoUringIoHandle {
        private final IoHandle handle;
        private final Executor later;
        /** Whether the one poll for the peer's end has ended; any other is for room. */
        private boolean endHeard;

        Kept(IoHandle handle, Executor later) {
            this.handle = handle;
            this.later = later;
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            IoUringIoEvent completion = (IoUringIoEvent) event;
            int result = completion.res();
            if (completion.opcode() == POLL_ADD && result > 0 && (result & POLLRDHUP) != 0) {
                ended(registration, completion);
            } else {
                int told = result == EINTR ? interrupted(completion.opcode()) : result;
                handle.handle(registration, told == result ? completion : with(completion, told));
            }
        }

        private void ended(IoRegistration registration, IoUringIoEvent completion) {
            int other = completion.res() & (POLLIN | POLLOUT);
            if (other != 0) {
                handle.handle(registration, with(completion, completion.res() & ~POLLRDHUP));
            } else if (endHeard) {
                // The event is Netty's, which uses it again.
                IoUringIoEvent room = with(completion, POLLOUT);
                later.execute(() -> handle.handle(registration, room));
            } else {
                endHeard = true;
                handle.handle(registration, with(completion, ECANCELED));
            }
        }

        private static int interrupted(byte operation) {
            return switch (operation) {
                case RECV, SEND, WRITEV -> EAGAIN;
                // The kernel goes on to connect.
                case CONNECT -> EINPROGRESS;
                default -> EINTR;
            };
        }

        private static IoUringIoEvent with(IoUringIoEvent completion, int result) {
            return new IoUringIoEvent(result, completion.flags(), completion.opcode(), completion.userData());
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
