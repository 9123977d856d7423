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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ThroughputTest {
    private static final int BURST = 10_000;

    @ParameterizedTest
    @EnumSource
    void everyWayBringsWhatIsSent(Way way) throws Exception {
        Tally tally = new Tally();
        try (Receiver receiver = way.listen(tally);
                MessageStream stream = way.dial(receiver.address())) {
            tally.expect(BURST);
            for (int i = 0; i < BURST; i++) {
                stream.send(new byte[64]);
            }
            stream.flush();
            tally.await();
        }
        assertEquals(BURST, tally.count());
    }

    @Test
    void processesAreMeasuredInTurnAndComparedToTheRawOne() throws Exception {
        Throughput throughput = new Throughput(
                List.of(Way.RAW, Way.SOFTCLOSE_NIO),
                List.of(64),
                new Effort(2, Duration.ZERO, 1, Duration.ofMillis(5)));
        List<String> progress = new ArrayList<>();

        throughput.run(progress::add);

        assertEquals(
                List.of("[1/4] raw, 64 B", "[2/4] softclose-nio, 64 B", "[3/4] raw, 64 B", "[4/4] softclose-nio, 64 B"),
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
