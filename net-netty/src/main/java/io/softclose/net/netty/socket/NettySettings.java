/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.socket;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import io.softclose.net.netty.IoKind;
import io.softclose.net.spi.Require;
import io.softclose.net.spi.TcpKeepAlive;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** What {@code NettyTransport.Builder} collects; its setters explain each component and name the bounds. */
public record NettySettings(
        IoKind io,
        int loops,
        Optional<EventLoopGroup> eventLoopGroup,
        boolean tcpNoDelay,
        boolean keepAlive,
        Optional<TcpKeepAlive> keepAliveTimes,
        Optional<Duration> userTimeout,
        Duration lingerTimeout,
        Duration lingerTime,
        OptionalInt sendBufferBytes,
        OptionalInt receiveBufferBytes,
        int backlog,
        int readBufferBytes,
        ByteBufAllocator allocator,
        String threadNamePrefix) {
    public static final int MAX_LOOPS = 1024;
    static final int MIN_READ_BUFFER = 1024;
    static final int MAX_BUFFER = 1 << 30;

    public NettySettings {
        requireNonNull(io, "io");
        requireNonNull(allocator, "allocator");
        Require.within("loops", loops, 1, MAX_LOOPS);
        sendBufferBytes.ifPresent(bytes -> Require.positive("sendBufferBytes", bytes));
        receiveBufferBytes.ifPresent(bytes -> Require.positive("receiveBufferBytes", bytes));
        userTimeout.ifPresent(NettySettings::requireMillis);
        Require.notNegative("lingerTimeout", lingerTimeout);
        Require.notNegative("lingerTime", lingerTime);
        Require.within("backlog", backlog, 1, Integer.MAX_VALUE);
        Require.within("readBufferBytes", readBufferBytes, MIN_READ_BUFFER, MAX_BUFFER);
        if (requireNonNull(threadNamePrefix, "threadNamePrefix").isBlank()) {
            throw new IllegalArgumentException("threadNamePrefix: \"" + threadNamePrefix + "\" (expected: not blank)");
        }
    }

    private static void requireMillis(Duration time) {
        if (time.compareTo(Duration.ofMillis(1)) < 0 || time.compareTo(Duration.ofMillis(Integer.MAX_VALUE)) > 0) {
            throw new IllegalArgumentException("userTimeout: " + time + " (expected: 1 ms to 24 days)");
        }
    }

    /** Whether it has what the kernel itself is to know of peers that are silent, or acknowledge nothing. */
    boolean watchesPeers() {
        return userTimeout.isPresent() || (keepAlive && keepAliveTimes.isPresent());
    }

    /** A time in nanoseconds; what is longer than those can count is for ever. */
    public static long nanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException tooLong) {
            return Long.MAX_VALUE;
        }
    }
}
