/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softclose.bench.baseline.DirectSendFrames;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.Outcome;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class HandOverTest {
    private static final int MESSAGES = 10_000;
    private static final Message MESSAGE = Message.of(DirectSendFrames.PROTOCOL, 0, new byte[64]);

    @ParameterizedTest
    @EnumSource(HandOver.Kind.class)
    void moreMessagesThanThereIsRoomForPass(HandOver.Kind kind) throws InterruptedException {
        HandOver handOver = kind.start();
        for (int i = 0; i < MESSAGES; i++) {
            handOver.put(MESSAGE);
        }
        handOver.stop();
    }

    @Test
    void theDiscardingTransportTakesEverything() throws Exception {
        DiscardingTransport transport = new DiscardingTransport();
        Network network = Nodes.node("graceful", MESSAGES, (from, message) -> {})
                .transport(transport)
                .build();
        Connection connection = Nodes.dial(network, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        for (int i = 0; i < MESSAGES; i++) {
            ConnectionStream.send(connection, MESSAGE);
        }
        while (connection.account().count(Outcome.WRITTEN) < MESSAGES) {
            Thread.onSpinWait();
        }
        CloseReport report = Nodes.await(connection.abort());
        Nodes.await(network.shutdown(Duration.ZERO));
        transport.close();

        assertEquals(MESSAGES, report.account().count(Outcome.WRITTEN));
    }
}
