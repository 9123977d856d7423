/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio;

import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.Transport;
import io.softclose.net.testkit.node.fixture.TransportUnderTest;
import io.softclose.policy.drain.GracefulPolicy;
import java.time.Duration;
import java.util.OptionalInt;

/** Whole nodes on {@link NioTransport}. */
@SuppressWarnings("exports") // among tests
public interface NioUnderTest extends TransportUnderTest {
    @Override
    default Transport createTransport(int loops, OptionalInt sendBufferBytes) {
        NioTransport.Builder settings = NioTransport.builder().loops(loops);
        sendBufferBytes.ifPresent(settings::sendBufferBytes);
        return settings.build();
    }

    @Override
    default ClosePolicy closePolicy() {
        Duration patience = Duration.ofMinutes(5);
        return GracefulPolicy.builder()
                .drainTimeout(patience)
                .finishTimeout(patience)
                .stallTimeout(patience)
                .build();
    }

    @Override
    default long lentBuffers(Transport transport) {
        return ((NioTransport) transport).lentBuffers();
    }
}
