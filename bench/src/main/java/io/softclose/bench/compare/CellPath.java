/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.compare;

import io.softclose.bench.lab.WanConditions;
import io.softclose.bench.lab.WanRelay;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;

/** The way from the sending node to the receiving one: loopback itself, or a relay that makes it longer and narrower. */
final class CellPath implements AutoCloseable {
    /** As good as no limit. */
    private static final long WIDE = 1L << 40;

    private final Optional<WanRelay> relay;
    private final SocketAddress address;

    private CellPath(Optional<WanRelay> relay, SocketAddress address) {
        this.relay = relay;
        this.address = address;
    }

    static CellPath to(SocketAddress target, CloseConditions conditions) throws IOException {
        if (!conditions.needPath()) {
            return new CellPath(Optional.empty(), target);
        }
        WanRelay relay = WanRelay.open();
        try {
            WanConditions there = new WanConditions(
                    conditions.rtt().orElse(Duration.ZERO).dividedBy(2),
                    Duration.ZERO,
                    conditions.bytesPerSecond().orElse(WIDE));
            // Without jitter nothing is left to chance.
            return new CellPath(
                    Optional.of(relay),
                    relay.path((InetSocketAddress) target, there, new Random(0)).address());
        } catch (IOException failed) {
            relay.close();
            throw failed;
        }
    }

    /** Where to dial. */
    SocketAddress address() {
        return address;
    }

    @Override
    public void close() {
        relay.ifPresent(WanRelay::close);
    }
}
