/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The messages are what a user of the builder meets first. */
final class NioSettingsTest {
    @Test
    void everySettingOutOfBoundsIsRefusedByNameValueAndBounds() {
        assertRefused("loops: 0 (expected: 1 to 1024)", builder -> builder.loops(0));
        assertRefused("loops: 1025 (expected: 1 to 1024)", builder -> builder.loops(1025));
        assertRefused("sendBufferBytes: 0 (expected: > 0)", builder -> builder.sendBufferBytes(0));
        assertRefused("receiveBufferBytes: -1 (expected: > 0)", builder -> builder.receiveBufferBytes(-1));
        assertRefused("backlog: 0 (expected: 1 to 2147483647)", builder -> builder.backlog(0));
        assertRefused("readBufferBytes: 1023 (expected: 1024 to 1073741824)", builder -> builder.readBufferBytes(1023));
        assertRefused("pooledBytes: -1 (expected: 0 to 1073741824)", builder -> builder.pooledBytes(-1));
        assertRefused(
                "lingerTimeout: PT-1S (expected: >= 0)", builder -> builder.lingerTimeout(Duration.ofSeconds(-1)));
        assertRefused("lingerTime: PT-1S (expected: >= 0)", builder -> builder.lingerTime(Duration.ofSeconds(-1)));
        assertRefused("threadNamePrefix: \" \" (expected: not blank)", builder -> builder.threadNamePrefix(" "));
    }

    @Test
    void thereAreAsManyLoopsAsProcessorsUnlessItIsSaid() {
        int loops = NioTransport.builder().settings().loops();

        assertEquals(Runtime.getRuntime().availableProcessors(), loops);
    }

    private static void assertRefused(String message, UnaryOperator<NioTransport.Builder> setting) {
        NioTransport.Builder builder = setting.apply(NioTransport.builder());
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, builder::build).getMessage());
    }

    @Test
    void everySettingWithinBoundsMakesATransport() {
        List<UnaryOperator<NioTransport.Builder>> settings = List.of(
                builder -> builder,
                builder -> builder.loops(3).threadNamePrefix("other"),
                builder -> builder.lingerTimeout(Duration.ZERO).lingerTime(Duration.ZERO),
                builder -> builder.lingerTimeout(Duration.ofSeconds(Long.MAX_VALUE))
                        .lingerTime(Duration.ofSeconds(Long.MAX_VALUE)),
                builder -> builder.sendBufferBytes(1).receiveBufferBytes(1),
                builder -> builder.backlog(1)
                        .readBufferBytes(1024)
                        .pooledBytes(0)
                        .tcpNoDelay(false)
                        .keepAlive(true));

        settings.forEach(setting -> {
            try (NioTransport transport = setting.apply(NioTransport.builder()).build()) {
                assertEquals("nio", transport.name());
            }
        });
    }
}
