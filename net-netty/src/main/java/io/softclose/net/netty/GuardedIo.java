/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import static java.lang.System.Logger.Level.ERROR;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.ThreadAwareExecutor;

/**
 * A handler of Netty's for I/O of which no turn ends the loop, whatever it throws: memory that runs out, or a logger. What
 * the turn did not get to is ready in the next one as well.
 */
final class GuardedIo implements IoHandler {
    private static final Log LOG = Log.of(NettyLoop.class);
    /** Turns that fail one after the other before the loop is given up: what failed so often does not come back. */
    private static final int MOST_FAILURES = 100;

    private final IoHandler io;
    private int failures;

    private GuardedIo(IoHandler io) {
        this.io = io;
    }

    static IoHandlerFactory factory(IoHandlerFactory handlers) {
        return new IoHandlerFactory() {
            @Override
            public IoHandler newHandler(ThreadAwareExecutor executor) {
                return new GuardedIo(handlers.newHandler(executor));
            }

            @Override
            public boolean isChangingThreadSupported() {
                return handlers.isChangingThreadSupported();
            }
        };
    }

    @Override
    public int run(IoHandlerContext context) {
        try {
            int handled = io.run(context);
            failures = 0;
            return handled;
        } catch (Throwable failed) {
            LOG.log(ERROR, () -> "a turn of I/O failed", failed);
            if (++failures >= MOST_FAILURES) {
                throw failed;
            }
            return 0;
        }
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return io.register(handle);
    }

    @Override
    public void initialize() {
        io.initialize();
    }

    @Override
    public void prepareToDestroy() {
        io.prepareToDestroy();
    }

    @Override
    public void destroy() {
        io.destroy();
    }

    @Override
    public void wakeup() {
        io.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return io.isCompatible(handleType);
    }
}
