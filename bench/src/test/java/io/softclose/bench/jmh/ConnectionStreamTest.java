/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.softclose.bench.baseline.MessageStream;
import io.softclose.bench.baseline.RoundTrip;
import io.softclose.bench.baseline.Tally;
import io.softclose.net.Message;
import io.softclose.net.Providers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ConnectionStreamTest {
    private static final int BURST = 20_000;

    static List<String> transports() {
        return Providers.transportNames();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void aBurstLongerThanTheOutboxArrivesWhole(String transport) throws Exception {
        Tally tally = new Tally();
        byte[] payload = "payload".getBytes(StandardCharsets.UTF_8);
        try (MessageStream stream = ConnectionStream.received(transport, tally)) {
            tally.expect(BURST);
            for (int i = 0; i < BURST; i++) {
                stream.send(payload);
            }
            stream.flush();
            tally.await();
        }
        assertEquals(BURST, tally.count());
        assertEquals(
                ByteBuffer.wrap(payload),
                assertInstanceOf(Message.class, tally.last()).payload());
    }

    /** Bulk neither counts nor keeps votes from coming. */
    @ParameterizedTest
    @EnumSource
    void votesArriveWholeWhoeverElseSends(LaneStream.Contention contention) throws Exception {
        Tally tally = new Tally();
        try (MessageStream stream = new LaneStream("nio", contention, 256, tally)) {
            tally.expect(BURST);
            for (int i = 0; i < BURST; i++) {
                stream.send(new byte[256]);
            }
            tally.await();
            assertEquals(BURST, tally.count());
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void aMessageComesBack(String transport) throws Exception {
        try (RoundTrip roundTrip = new ConnectionRoundTrip(transport)) {
            for (int size = 1; size <= 4096; size *= 2) {
                roundTrip.exchange(new byte[size]);
            }
        }
    }

    @Test
    void aRefusedSendIsNotPassedOver() throws Exception {
        MessageStream stream = ConnectionStream.received("nio", new Tally());
        stream.close();

        IllegalStateException refused = assertThrows(IllegalStateException.class, () -> stream.send(new byte[1]));

        assertEquals("send: NOT_CONNECTED (expected: ACCEPTED)", refused.getMessage());
    }
}
