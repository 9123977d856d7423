/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** What {@link NettyTransport.Builder} collects; its setters explain each component and name the bounds. */
record NettySettings(
        IoKind io,
        int loops,
        Optional<EventLoopGroup> eventLoopGroup,
        boolean tcpNoDelay,
        boolean keepAlive,
        Duration lingerTimeout,
        Duration lingerTime,
        OptionalInt sendBufferBytes,
        OptionalInt receiveBufferBytes,
        int backlog,
        int readBufferBytes,
        ByteBufAllocator allocator,
        String threadNamePrefix) {
    static final int MAX_LOOPS = 1024;
    static final int MIN_READ_BUFFER = 1024;
    static final int MAX_BUFFER = 1 << 30;

    NettySettings {
        requireNonNull(io, "io");
        requireNonNull(allocator, "allocator");
        requireWithin("loops", loops, 1, MAX_LOOPS);
        requirePositive("sendBufferBytes", sendBufferBytes);
        requirePositive("receiveBufferBytes", receiveBufferBytes);
        requireNotNegative("lingerTimeout", lingerTimeout);
        requireNotNegative("lingerTime", lingerTime);
        requireWithin("backlog", backlog, 1, Integer.MAX_VALUE);
        requireWithin("readBufferBytes", readBufferBytes, MIN_READ_BUFFER, MAX_BUFFER);
        if (requireNonNull(threadNamePrefix, "threadNamePrefix").isBlank()) {
            throw new IllegalArgumentException("threadNamePrefix: \"" + threadNamePrefix + "\" (expected: not blank)");
        }
    }

    /** In nanoseconds; what is longer than those can count is for ever. */
    static long nanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException tooLong) {
            return Long.MAX_VALUE;
        }
    }

    private static void requireNotNegative(String name, Duration duration) {
        if (requireNonNull(duration, name).isNegative()) {
            throw new IllegalArgumentException(name + ": " + duration + " (expected: >= 0)");
        }
    }

    private static void requirePositive(String name, OptionalInt bytes) {
        if (bytes.isPresent() && bytes.getAsInt() <= 0) {
            throw new IllegalArgumentException(name + ": " + bytes.getAsInt() + " (expected: > 0)");
        }
    }

    private static void requireWithin(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + least + " to " + most + ")");
        }
    }
}
