/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.link;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.DefaultChannelProgressivePromise;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.channel.socket.DuplexChannel;
import io.softclose.net.netty.loop.NettyLoop;
import io.softclose.net.spi.SendBuffer;
import java.nio.ByteBuffer;
import java.nio.channels.NotYetConnectedException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What a link writes: gives Netty a bounded number of bytes at a time, and counts those that Netty has given to the
 * operating system. That count comes from the progress of writes that Netty reports, never from how a write ended: of one
 * that failed, it stays at what was reported before. Confined to the loop.
 */
public final class LinkOutput {
    /** Most bytes that Netty may have and the operating system not: the size of the batches that the engine writes. */
    public static final int MAX_UNFLUSHED = 128 * 1024;

    /** Classes that are found early, for the same reason as {@link LinkInput#LOADED_EARLY}. */
    static final List<Class<?>> LOADED_EARLY =
            List.of(ChannelOutputShutdownException.class, NotYetConnectedException.class);

    private final NettyLoop loop;
    private final Runnable onProgress;
    private final Consumer<Throwable> onFailure;
    private final Runnable progressTask = this::tellProgress;
    private final Runnable failureTask = this::tellFailure;

    private @Nullable SendBuffer buffer;
    private IntConsumer sizeOfBuffer = size -> {};
    private long taken;
    private long flushed;
    private boolean writing;
    private boolean progressPosted;
    private boolean endWanted;
    private boolean endSent;
    private @Nullable Throwable failure;

    /**
     * The output of one link.
     *
     * @param onProgress run as a task when more is flushed than when {@link #write} returned
     * @param onFailure told once, as a task, why nothing can be written any more
     */
    LinkOutput(NettyLoop loop, Runnable onProgress, Consumer<Throwable> onFailure) {
        this.loop = loop;
        this.onProgress = onProgress;
        this.onFailure = onFailure;
    }

    long flushed() {
        return flushed;
    }

    /** Whether the operating system has everything that was taken. */
    boolean allFlushed() {
        return flushed == taken;
    }

    /** Whether our end was asked for. */
    boolean endWanted() {
        return endWanted;
    }

    /** Whether our end is out. */
    boolean endSent() {
        return endSent;
    }

    /** Why nothing can be written any more, if so, even before {@link #onFailure} is told. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /** Takes what there is room for, and advances the position. */
    int write(Channel channel, ByteBuffer source) {
        int before = source.position();
        ByteBuf memory = loop.lent().memoryOf(source);
        writing = true;
        try {
            while (source.hasRemaining() && failure == null) {
                int size = (int) Math.min(source.remaining(), MAX_UNFLUSHED - (taken - flushed));
                if (size == 0) {
                    break;
                }
                ByteBuf bytes = memory == null ? copyOf(source, size) : memory.retainedSlice(source.position(), size);
                source.position(source.position() + send(channel, bytes));
            }
        } finally {
            writing = false;
        }
        if (buffer != null && !allFlushed()) {
            full(buffer);
        }
        return source.position() - before;
    }

    /**
     * Has the socket hold no more on a slow path from now on than keeps it full, to the link's end.
     *
     * @param sizeOfBuffer sets the socket's, in bytes
     */
    void limitUnsent(int bytes, IntConsumer sizeOfBuffer) {
        buffer = new SendBuffer(bytes);
        this.sizeOfBuffer = sizeOfBuffer;
    }

    private void full(SendBuffer full) {
        int size = full.full(flushed, loop.nanoTime());
        if (size > 0) {
            sizeOfBuffer.accept(size);
        }
    }

    /** Has our end follow what was taken; nothing more is. */
    void wantEnd() {
        endWanted = true;
    }

    /** Whether our end may go out now. */
    boolean readyToEnd() {
        return endWanted && !endSent && allFlushed() && failure == null;
    }

    /** Sends our end, once. */
    void sendEnd(Channel channel) {
        endSent = true;
        ((DuplexChannel) channel).shutdownOutput().addListener(done -> {
            Throwable cause = done.cause();
            // The peer has reset such a socket: whoever reads finds out, after what came before.
            if (cause != null && !(cause instanceof NotYetConnectedException)) {
                fail(cause);
            }
        });
    }

    /** Has Netty write this, which it then owns; says how many of its bytes were taken. */
    private int send(Channel channel, ByteBuf bytes) {
        int size = bytes.readableBytes();
        Write write = new Write(channel);
        taken += size;
        var unused = channel.writeAndFlush(bytes, write);
        if (failure == null) {
            return size;
        }
        // Netty has dropped what it had not written, so the rest was not taken after all.
        int accepted = (int) write.progress;
        taken -= size - accepted;
        return accepted;
    }

    private ByteBuf copyOf(ByteBuffer source, int size) {
        return loop.lent().allocate(size).writeBytes(source.slice(source.position(), size));
    }

    private void progressed(long bytes) {
        flushed += bytes;
        if (buffer != null && !writing) {
            if (allFlushed()) {
                buffer.room(loop.nanoTime());
            } else {
                full(buffer);
            }
        }
        // Nobody is told from within a call, or from within Netty's write, which has not taken it off its queue yet.
        if (!writing && !progressPosted && failure == null) {
            progressPosted = true;
            loop.post(progressTask);
        }
    }

    private void tellProgress() {
        progressPosted = false;
        onProgress.run();
    }

    private void fail(Throwable cause) {
        if (failure == null) {
            Throwable reason = cause instanceof ChannelOutputShutdownException && cause.getCause() != null
                    ? cause.getCause()
                    : cause;
            failure = reason;
            loop.post(failureTask);
        }
    }

    private void tellFailure() {
        if (failure != null) {
            onFailure.accept(failure);
        }
    }

    /** One write on its way. Overrides what Netty calls, to be told at once, however deep in Netty's listeners we are. */
    private final class Write extends DefaultChannelProgressivePromise {
        private long progress;

        Write(Channel channel) {
            super(channel);
        }

        @Override
        public boolean tryProgress(long progress, long total) {
            progressed(progress - this.progress);
            this.progress = progress;
            return true;
        }

        @Override
        public boolean tryFailure(Throwable cause) {
            fail(cause);
            return super.tryFailure(cause);
        }
    }
}
