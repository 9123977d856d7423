/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.link;

import io.softclose.net.netty.loop.NettyLoop;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a link still hands on when it can no longer write: the kernel has what the peer wrote before it went, and the
 * peer may count on it. Bounded in bytes, and in time unless the link is paused. Confined to the loop.
 */
final class LastInput {
    /** More than a kernel holds of a dead link. */
    private static final long MOST_BYTES = 64L << 20;
    /** A channel that neither reads nor ends is broken. */
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final NettyLoop loop;
    private final LinkInput input;
    private final Consumer<Throwable> whenOver;
    private @Nullable Throwable cause;
    private long bytes;

    /**
     * The last input of one link.
     *
     * @param whenOver given what {@link #begin} was given, once nothing more comes
     */
    LastInput(NettyLoop loop, LinkInput input, Consumer<Throwable> whenOver) {
        this.loop = loop;
        this.input = input;
        this.whenOver = whenOver;
    }

    /** The link cannot write, for this reason. */
    void begin(Throwable failure) {
        cause = failure;
        await();
    }

    /** The link has been paused or resumed. One that is paused, and has more to hand on, waits to be resumed. */
    void await() {
        if (cause == null) {
            return;
        }
        if (input.paused()) {
            input.readOnce();
        } else {
            loop.schedule(MOST_NANOS, () -> {
                if (!input.paused()) {
                    end();
                }
            });
        }
        check();
    }

    /** This many bytes were handed on. */
    void received(int count) {
        bytes += cause == null ? 0 : count;
    }

    /** Nothing is held for now. */
    void check() {
        if (input.exhausted() || bytes >= MOST_BYTES) {
            end();
        }
    }

    private void end() {
        if (cause != null) {
            whenOver.accept(cause);
        }
    }
}
