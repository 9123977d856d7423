/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.lab.AnyTransport;
import io.softclose.bench.lab.WanConditions;
import io.softclose.bench.node.Endpoint;
import io.softclose.bench.node.MetricsServer;
import io.softclose.bench.testnet.FaultPlan.Begin;
import io.softclose.bench.testnet.FaultPlan.End;
import io.softclose.bench.testnet.figures.ChainWitness;
import io.softclose.bench.testnet.figures.ChainWitness.Receivers;
import io.softclose.bench.testnet.figures.ConnectionTally;
import io.softclose.bench.testnet.node.HandOver;
import io.softclose.bench.testnet.node.LocalCrew;
import io.softclose.bench.testnet.node.TrafficLoad;
import io.softclose.bench.testnet.node.Variant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What Prometheus reads of a test network. */
@Timeout(120)
class TestnetMetricsTest {
    private static final int VICTIM = 1;

    private final ChainWitness chain =
            new ChainWitness(TestnetSettings.VALIDATORS, Duration.ofMillis(4), Receivers.SEEN, System::nanoTime);

    @Test
    void eachValidatorHasItsMetersForAsLongAsItsRun() throws Exception {
        try (MetricsServer server = MetricsServer.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            LocalCrew crew = new LocalCrew(TestnetSettings.VALIDATORS, Optional.of(server));
            Variant variant = new Variant("graceful", HandOver.ON);
            try (Testnet testnet = new Testnet(crew, variant, settings(), chain, new ConnectionTally())) {
                testnet.connect();
                await(testnet::connected);
                testnet.start();
                await(chain::hasCommitted);

                String page = scrape(server);
                assertEquals(List.of(3L, 3L, 3L, 3L), peers(page), page);
                assertTrue(open(page, VICTIM) > 0, page);

                // Who starts again has a network of its own, and meters.
                testnet.step(new Begin(Duration.ZERO, Fault.KILLED, VICTIM));
                testnet.step(new End(Duration.ZERO, Fault.KILLED, VICTIM));
                await(testnet::connected);
                await(() -> open(scrape(server), VICTIM) > 0);
                testnet.shutdown(Duration.ofSeconds(5));
            }
            assertEquals(List.of(), peers(scrape(server)));
        }
    }

    /** How many peers with an open connection each validator has, by its index. */
    private static List<Long> peers(String page) {
        return IntStream.range(0, TestnetSettings.VALIDATORS)
                .mapToObj(index -> value(
                        page,
                        "softclose_peers{connected=\"true\",hand_over=\"on\",policy=\"graceful\",validator=\"" + index
                                + "\"} "))
                .flatMap(Optional::stream)
                .toList();
    }

    private static long open(String page, int validator) {
        return value(
                                page,
                                "softclose_connections{direction=\"outbound\",hand_over=\"on\",policy=\"graceful\",state=\"open\",validator=\""
                                        + validator + "\"} ")
                        .orElse(0L)
                + value(
                                page,
                                "softclose_connections{direction=\"inbound\",hand_over=\"on\",policy=\"graceful\",state=\"open\",validator=\""
                                        + validator + "\"} ")
                        .orElse(0L);
    }

    private static Optional<Long> value(String page, String series) {
        Matcher line = Pattern.compile(Pattern.quote(series) + "(\\d+)").matcher(page);
        return line.find() ? Optional.of(Long.parseLong(line.group(1))) : Optional.empty();
    }

    private static String scrape(MetricsServer server) {
        try {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(
                                            URI.create("http://" + Endpoint.format(server.address()) + "/metrics"))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static TestnetSettings settings() {
        return new TestnetSettings(
                AnyTransport.NIO,
                new WanConditions(Duration.ofMillis(2), Duration.ofMillis(1), 10_000_000),
                0,
                Duration.ofMillis(50),
                Duration.ofMillis(20),
                Duration.ofMillis(100),
                TrafficLoad.of(0),
                Duration.ofSeconds(1),
                QuickTestnet.NONE,
                QuickTestnet.SEED,
                Placement.ONE_PROCESS);
    }
}
