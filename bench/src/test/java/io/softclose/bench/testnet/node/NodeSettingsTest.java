/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.softclose.bench.lab.AnyTransport;
import io.softclose.net.PeerId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a validator in another process is told. */
class NodeSettingsTest {
    private static final NodeSettings SETTINGS = new NodeSettings(
            1,
            List.of(PeerId.random(), PeerId.random()),
            new Variant("consensus-priority", HandOver.ON),
            AnyTransport.NETTY_NIO,
            65_536,
            Duration.ofMillis(1_500),
            Duration.ofMillis(250),
            Duration.ofSeconds(1),
            TrafficLoad.of(200_000),
            -7);

    @Test
    void aLineHasAllOfIt() {
        assertEquals(SETTINGS, NodeSettings.parse("open word " + SETTINGS.line()));
    }

    @Test
    void aLineThatLacksSomethingIsRefused() {
        String line = SETTINGS.line().replace("transport=", "transporter=");

        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> NodeSettings.parse(line));
        assertEquals("settings: no transport (expected: one)", refusal.getMessage());
    }
}
