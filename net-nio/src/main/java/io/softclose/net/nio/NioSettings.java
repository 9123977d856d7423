/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.OptionalInt;

/** What {@link NioTransport.Builder} collects; its setters explain each component and name the bounds. */
record NioSettings(
        int loops,
        boolean tcpNoDelay,
        boolean keepAlive,
        OptionalInt sendBufferBytes,
        OptionalInt receiveBufferBytes,
        int backlog,
        int readBufferBytes,
        int pooledBytes,
        Duration lingerTimeout,
        Duration lingerTime,
        String threadNamePrefix) {
    static final int MAX_LOOPS = 1024;
    static final int MIN_READ_BUFFER = 1024;
    static final int MAX_BUFFER = 1 << 30;

    NioSettings {
        requireWithin("loops", loops, 1, MAX_LOOPS);
        requirePositive("sendBufferBytes", sendBufferBytes);
        requirePositive("receiveBufferBytes", receiveBufferBytes);
        requireWithin("backlog", backlog, 1, Integer.MAX_VALUE);
        requireWithin("readBufferBytes", readBufferBytes, MIN_READ_BUFFER, MAX_BUFFER);
        requireWithin("pooledBytes", pooledBytes, 0, MAX_BUFFER);
        requireNotNegative("lingerTimeout", lingerTimeout);
        requireNotNegative("lingerTime", lingerTime);
        if (requireNonNull(threadNamePrefix, "threadNamePrefix").isBlank()) {
            throw new IllegalArgumentException("threadNamePrefix: \"" + threadNamePrefix + "\" (expected: not blank)");
        }
    }

    private static void requireNotNegative(String name, Duration time) {
        if (requireNonNull(time, name).isNegative()) {
            throw new IllegalArgumentException(name + ": " + time + " (expected: >= 0)");
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
