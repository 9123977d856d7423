/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.base;

import static java.util.Objects.requireNonNull;

import io.softclose.net.spi.Require;
import io.softclose.net.spi.TcpKeepAlive;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** What {@code NioTransport.Builder} collects; its setters explain each component and name the bounds. */
public record NioSettings(
        int loops,
        boolean tcpNoDelay,
        boolean keepAlive,
        Optional<TcpKeepAlive> keepAliveTimes,
        OptionalInt sendBufferBytes,
        OptionalInt receiveBufferBytes,
        int backlog,
        int readBufferBytes,
        int pooledBytes,
        Duration lingerTimeout,
        Duration lingerTime,
        String threadNamePrefix) {
    public static final int MAX_LOOPS = 1024;
    static final int MIN_READ_BUFFER = 1024;
    static final int MAX_BUFFER = 1 << 30;

    public NioSettings {
        Require.within("loops", loops, 1, MAX_LOOPS);
        requirePositive("sendBufferBytes", sendBufferBytes);
        requirePositive("receiveBufferBytes", receiveBufferBytes);
        Require.within("backlog", backlog, 1, Integer.MAX_VALUE);
        Require.within("readBufferBytes", readBufferBytes, MIN_READ_BUFFER, MAX_BUFFER);
        Require.within("pooledBytes", pooledBytes, 0, MAX_BUFFER);
        Require.notNegative("lingerTimeout", lingerTimeout);
        Require.notNegative("lingerTime", lingerTime);
        if (requireNonNull(threadNamePrefix, "threadNamePrefix").isBlank()) {
            throw new IllegalArgumentException("threadNamePrefix: \"" + threadNamePrefix + "\" (expected: not blank)");
        }
    }

    private static void requirePositive(String name, OptionalInt bytes) {
        bytes.ifPresent(value -> Require.positive(name, value));
    }
}
