/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.baseline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softclose.bench.baseline.RawReceiver.Intake;
import io.softclose.net.Connection;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.SendResult;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class RawReceiverTest {
    @Test
    void aNetworkConnectsToAReceiverThatOnlyCounts() throws Exception {
        Tally tally = new Tally();
        Network network = Network.builder()
                .plaintext()
                .transport("nio")
                .closePolicy("drop")
                .support(DirectSendFrames.PROTOCOL)
                .build();
        try (RawReceiver receiver = new RawReceiver(Intake.COUNT_AFTER_HANDSHAKE, tally)) {
            Connection connection = network.dial(receiver.address())
                    .opened()
                    .toCompletableFuture()
                    .get();
            tally.expect(3);
            for (int size : new int[] {0, 256, 16_384}) {
                assertEquals(
                        SendResult.ACCEPTED, connection.send(Message.of(DirectSendFrames.PROTOCOL, 0, new byte[size])));
            }
            tally.await();
            network.shutdown(Duration.ZERO).toCompletableFuture().get();
        }
        assertEquals(3, tally.count());
    }

    @Test
    void aReceiverThatNobodyComesToCanBeClosed() throws Exception {
        Tally tally = new Tally();
        new RawReceiver(Intake.COPY, tally).close();
        assertEquals(0, tally.count());
    }
}
