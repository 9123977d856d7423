/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.socket;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.util.function.BiFunction;

/** A handler of Netty's for I/O that does as another does, except for what a subclass changes. */
public abstract class ForwardingIo implements IoHandler {
    private final IoHandler io;

    public ForwardingIo(IoHandler io) {
        this.io = io;
    }

    /** What makes handlers around those that another factory makes. */
    protected static IoHandlerFactory around(
            IoHandlerFactory handlers, BiFunction<IoHandler, ThreadAwareExecutor, ForwardingIo> wrapper) {
        return new IoHandlerFactory() {
            @Override
            public IoHandler newHandler(ThreadAwareExecutor executor) {
                return wrapper.apply(handlers.newHandler(executor), executor);
            }

            @Override
            public boolean isChangingThreadSupported() {
                return handlers.isChangingThreadSupported();
            }
        };
    }

    @Override
    public void initialize() {
        io.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        return io.run(context);
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return io.register(handle);
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
