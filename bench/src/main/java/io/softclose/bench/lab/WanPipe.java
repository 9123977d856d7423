/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** One connection over a path: two sockets, and a flow in each direction. Confined to the relay's thread. */
final class WanPipe implements WanRelay.Ready {
    private final SocketChannel near;
    private final SocketChannel far;
    private final WanFlow there;
    private final WanFlow back;
    private final SelectionKey nearKey;
    private final SelectionKey farKey;
    private boolean over;

    private WanPipe(SocketChannel near, SocketChannel far, Selector selector, WanPath path) throws IOException {
        this.near = near;
        this.far = far;
        there = new WanFlow(near, far, path);
        back = new WanFlow(far, near, path);
        nearKey = near.register(selector, 0, this);
        farKey = far.register(selector, SelectionKey.OP_CONNECT, this);
    }

    /** Begins to connect a socket that was accepted to a target. */
    static WanPipe between(SocketChannel near, InetSocketAddress target, Selector selector, WanPath path)
            throws IOException {
        SocketChannel far = SocketChannel.open();
        try {
            WanPath.configure(near);
            far.setOption(StandardSocketOptions.SO_RCVBUF, WanPath.kernelBytes());
            WanPath.configure(far);
            far.connect(target);
            return new WanPipe(near, far, selector, path);
        } catch (IOException failed) {
            abort(far);
            throw failed;
        }
    }

    /** Passes on what is due, and says in how many nanoseconds the next is. */
    long advance(long now, boolean held) {
        if (over) {
            return Long.MAX_VALUE;
        }
        if (!nearKey.isValid() || !farKey.isValid()) {
            reset();
            return Long.MAX_VALUE;
        }
        if (held) {
            nearKey.interestOps(0);
            farKey.interestOps(0);
            return Long.MAX_VALUE;
        }
        if (!far.isConnected()) {
            farKey.interestOps(SelectionKey.OP_CONNECT);
            return Long.MAX_VALUE;
        }
        long next = Math.min(step(there, back, now), step(back, there, now));
        if (there.cutOff() || back.cutOff()) {
            reset();
        } else if (there.ended() && back.ended()) {
            over = true;
            close(near);
            close(far);
        } else {
            nearKey.interestOps(there.readInterest() | back.writeInterest());
            farKey.interestOps(back.readInterest() | there.writeInterest());
        }
        return next;
    }

    private static long step(WanFlow flow, WanFlow opposite, long now) {
        try {
            return flow.advance(now);
        } catch (IOException unwritable) {
            flow.discard();
            opposite.sourceFailed(now);
            return 0;
        }
    }

    @Override
    public void ready(SelectionKey key) {
        try {
            if (key.isConnectable()) {
                far.finishConnect();
            } else if (key.isReadable()) {
                (key == nearKey ? there : back).read(System.nanoTime());
            }
        } catch (IOException failed) {
            if (far.isConnected()) {
                (key == nearKey ? there : back).sourceFailed(System.nanoTime());
            } else {
                reset();
            }
        }
    }

    boolean over() {
        return over;
    }

    /** Both ends see a reset; what is on its way is lost. */
    void reset() {
        over = true;
        abort(near);
        abort(far);
    }

    /** Closes with a reset (RST). */
    static void abort(@Nullable SocketChannel socket) {
        if (socket != null) {
            try {
                socket.setOption(StandardSocketOptions.SO_LINGER, 0);
            } catch (IOException gone) {
                // Closing is all that is left.
            }
            close(socket);
        }
    }

    private static void close(SocketChannel socket) {
        try {
            socket.close();
        } catch (IOException gone) {
            // It is gone all the same.
        }
    }
}
