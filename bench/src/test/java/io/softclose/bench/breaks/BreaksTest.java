/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.breaks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softclose.bench.Availability;
import io.softclose.bench.lab.AnyTransport;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The short form of the breaks: {@code java -jar benchmarks.jar breaks} has the long one. */
class BreaksTest {
    private static final long SEED = Long.getLong("softclose.breaks.seed", 3);
    private static final int BREAKS = 25;

    @ParameterizedTest
    @EnumSource
    void nothingIsLostInSilenceDoubledOrReorderedOverMutualTls(AnyTransport transport) throws Exception {
        Availability.require(transport);

        run(transport, Security.MUTUAL_TLS);
    }

    @Test
    void norOverPlaintext() throws Exception {
        run(AnyTransport.NIO, Security.PLAINTEXT);
    }

    private static void run(AnyTransport transport, Security security) throws Exception {
        Queue<String> progress = new ConcurrentLinkedQueue<>();

        BreaksRun.Result result = new BreaksRun(SEED, BREAKS, transport, security, progress::add).run();

        System.out.println(transport + ", " + security + ", seed " + SEED + ": " + result.lines());
        assertEquals(List.of(), result.violations(), () -> "seed " + SEED + ": " + progress);
        assertEquals(0, result.violated());
    }
}
