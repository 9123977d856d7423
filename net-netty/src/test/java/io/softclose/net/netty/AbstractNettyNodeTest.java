/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import io.softclose.net.netty.link.LinkOutput;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.Transport;
import io.softclose.net.testkit.node.NodeContract;
import io.softclose.policy.drain.GracefulPolicy;
import java.time.Duration;
import java.util.OptionalInt;

/** Whole nodes on one kind of I/O. */
abstract class AbstractNettyNodeTest implements NodeContract {
    private final CountedTransports transports;

    AbstractNettyNodeTest(IoKind io) {
        transports = new CountedTransports(io);
    }

    @Override
    public final Transport createTransport(int loops, OptionalInt sendBufferBytes) {
        NettyTransport.Builder settings = transports.builder().loops(loops);
        sendBufferBytes.ifPresent(settings::sendBufferBytes);
        return settings.build();
    }

    @Override
    public final ClosePolicy closePolicy() {
        Duration patience = Duration.ofMinutes(5);
        return GracefulPolicy.builder()
                .drainTimeout(patience)
                .finishTimeout(patience)
                .stallTimeout(patience)
                .build();
    }

    @Override
    public final int mostUnflushedBytes() {
        return LinkOutput.MAX_UNFLUSHED;
    }

    @Override
    public final long lentBuffers(Transport transport) {
        return transports.lentBuffers(transport);
    }
}
