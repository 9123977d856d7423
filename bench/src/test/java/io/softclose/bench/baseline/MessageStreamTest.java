/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.baseline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softclose.bench.baseline.NettyStream.Flushing;
import io.softclose.bench.baseline.RawReceiver.Intake;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class MessageStreamTest {
    private static final int BURST = 20_000;
    private static final int SEED = 7;

    /** Makes a stream. */
    interface Maker {
        MessageStream connect(Tally tally) throws Exception;
    }

    static Stream<Named<Maker>> streams() {
        return Stream.of(
                Named.of(
                        "full buffer",
                        tally -> ReceivedStream.to(new RawReceiver(Intake.COPY, tally), FullBufferStream::new)),
                Named.of(
                        "queue-fed",
                        tally -> ReceivedStream.to(new RawReceiver(Intake.COPY, tally), QueueFedStream::new)),
                Named.of(
                        "naive Netty",
                        tally -> ReceivedStream.to(
                                new NettyReceiver(tally), address -> new NettyStream(Flushing.NAIVE, address))),
                Named.of(
                        "consolidated Netty",
                        tally -> ReceivedStream.to(
                                new NettyReceiver(tally), address -> new NettyStream(Flushing.CONSOLIDATED, address))));
    }

    @ParameterizedTest
    @MethodSource("streams")
    void everyPayloadArrivesAsItWasSent(Maker maker) throws Exception {
        Tally tally = new Tally();
        Random random = new Random(SEED);
        try (MessageStream stream = maker.connect(tally)) {
            for (int size : new int[] {1, 64, 127, 128, 256, 16_383, 16_384}) {
                byte[] payload = new byte[size];
                random.nextBytes(payload);
                tally.expect(1);
                stream.send(payload);
                stream.flush();
                tally.await();
                assertArrayEquals(payload, (byte[]) tally.last());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("streams")
    void aBurstLongerThanEveryQueueArrivesWhole(Maker maker) throws Exception {
        Tally tally = new Tally();
        byte[] payload = new byte[256];
        try (MessageStream stream = maker.connect(tally)) {
            tally.expect(BURST);
            for (int i = 0; i < BURST; i++) {
                stream.send(payload);
            }
            stream.flush();
            tally.await();
        }
        assertEquals(BURST, tally.count());
    }
}
