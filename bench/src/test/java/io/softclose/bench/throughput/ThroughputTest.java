/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.throughput;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.softclose.bench.Origin;
import io.softclose.bench.baseline.MessageStream;
import io.softclose.bench.baseline.Receiver;
import io.softclose.bench.baseline.Tally;
import io.softclose.net.Message;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ThroughputTest {
    private static final int BURST = 10_000;

    /** Those of the profile "peers", too, in a build with it. */
    static List<Way> ways() {
        return Ways.all();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void everyWayBringsWhatIsSentInItsOrder(Way way) throws Exception {
        Terms terms = new Terms(64, true, 256, 1 << 20);
        OrderedTally tally = new OrderedTally();
        try (Receiver receiver = way.listen(terms, tally);
                MessageStream stream = way.dial(terms, receiver.address())) {
            for (int burst = 1; burst <= 2; burst++) {
                tally.expect(BURST);
                for (int i = 0; i < BURST; i++) {
                    stream.send(ByteBuffer.allocate(64).putInt(0, tally.sent++).array());
                }
                stream.flush();
                tally.await();
                assertEquals((long) burst * BURST, tally.count());
            }
        }
        assertEquals(OrderedTally.NONE, tally.firstAmiss);
    }

    /** Looks at the numbers that messages begin with. */
    private static final class OrderedTally extends Tally {
        private static final int NONE = -1;

        private volatile int firstAmiss = NONE;
        private int sent;
        private int next;

        @Override
        public void handled(Object message) {
            ByteBuffer payload = message instanceof Message ours ? ours.payload() : ByteBuffer.wrap((byte[]) message);
            if (firstAmiss == NONE && (payload.remaining() != 64 || payload.getInt(0) != next)) {
                firstAmiss = next;
            }
            next++;
            super.handled(message);
        }
    }

    @Test
    void aWayWithAnOutboxIsMeasuredWithEachAndOneWithoutOnce() {
        List<Terms> terms = List.of(
                new Terms(64, true, 16, 1 << 20), new Terms(64, true, 4096, 1 << 20), new Terms(1, true, 16, 1 << 20));
        Throughput throughput = new Throughput(
                List.of(BuiltInWay.RAW, BuiltInWay.QUEUE_FED),
                terms,
                256,
                new Effort(1, Duration.ZERO, 1, Duration.ofMillis(1)));

        assertEquals(
                List.of(
                        "raw, 64 B",
                        "queue-fed, 64 B, outbox of 16",
                        "queue-fed, 64 B, outbox of 4096",
                        "raw, 1 B",
                        "queue-fed, 1 B, outbox of 16"),
                throughput.subjects());
    }

    @Test
    void processesAreMeasuredInTurnAndComparedToTheRawOne() throws Exception {
        Throughput throughput = new Throughput(
                List.of(BuiltInWay.RAW, BuiltInWay.SOFTCLOSE_NIO),
                List.of(new Terms(64, false, 4096, 1 << 20)),
                256,
                new Effort(2, Duration.ZERO, 1, Duration.ofMillis(5)));
        List<String> progress = new ArrayList<>();

        throughput.run(progress::add);

        assertEquals(
                List.of(
                        "[1/4] raw, 64 B",
                        "[2/4] softclose-nio, 64 B, outbox of 4096",
                        "[3/4] raw, 64 B",
                        "[4/4] softclose-nio, 64 B, outbox of 4096"),
                progress);
        JsonNode results = new ObjectMapper()
                .readTree(throughput.json(Origin.of(List.of("throughput"))))
                .get("throughput");
        assertEquals(2, results.size());
        double[] ratios = new double[2];
        for (int round = 0; round < 2; round++) {
            double raw = results.get(0).get("messagesPerSecond").get(round).asDouble();
            double ours = results.get(1).get("messagesPerSecond").get(round).asDouble();
            assertTrue(raw > 0 && ours > 0, results::toString);
            ratios[round] = ours / raw;
        }
        List<String> table = throughput.table();
        String ours = table.get(table.size() - 1);
        assertTrue(ours.contains("softclose-nio"), ours);
        List<String> words = List.of(ours.strip().split(" +", -1));
        assertEquals(Math.min(ratios[0], ratios[1]), Double.parseDouble(words.get(words.size() - 2)), 0.01);
        assertEquals(Math.max(ratios[0], ratios[1]), Double.parseDouble(words.get(words.size() - 1)), 0.01);
    }

    @Test
    void anEffortThatMeasuresNothingIsRefused() {
        assertEquals(
                "rounds: 0, bursts: 1 (expected: at least 1 of each)",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new Effort(0, Duration.ZERO, 1, Duration.ofMillis(1)))
                        .getMessage());
        assertEquals(
                "warm-up: PT0S, burst: PT0S (expected: not negative, and longer than zero)",
                assertThrows(IllegalArgumentException.class, () -> new Effort(1, Duration.ZERO, 1, Duration.ZERO))
                        .getMessage());
    }
}
