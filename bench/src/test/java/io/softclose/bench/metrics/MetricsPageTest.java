/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.metrics;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.softclose.net.Connection;
import io.softclose.net.Network;
import io.softclose.net.PeerId;
import io.softclose.net.ProtocolId;
import io.softclose.net.metrics.NetworkMetrics;
import io.softclose.net.testkit.sim.SimNetwork;
import io.softclose.net.testkit.sim.SimTransport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** docs/metrics.md has the meters that there are, and its alerts ask for series that are served. */
class MetricsPageTest {
    private static final Pattern ROW =
            Pattern.compile("^\\| `(softclose[a-z.]+)` \\| (\\w+)(?:, (\\w+))? \\| ([^|]*)\\|", Pattern.MULTILINE);
    private static final Pattern SERIES = Pattern.compile("softclose_[a-z_]+");
    private static final ProtocolId PROTOCOL = ProtocolId.MEMPOOL_DIRECT_SEND;

    private final SimNetwork sim = new SimNetwork(1);
    private final SimTransport here = sim.host("here");
    private final SimTransport there = sim.host("there");
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final NetworkMetrics metrics = new NetworkMetrics();
    private final Network us = network(here);
    private final Network them = network(there);

    private Network network(SimTransport host) {
        return Network.builder()
                .plaintext()
                .transport(host)
                .closePolicy("drop")
                .support(PROTOCOL)
                .addEvents(metrics)
                .build();
    }

    @BeforeEach
    void haveAllThatThereCanBe() throws IOException {
        metrics.bindTo(registry);
        var unused = them.listen(there.address(1));
        Connection connection = us.dial(PeerId.random(), there.address(1));
        sim.runFor(Duration.ofSeconds(1));
        metrics.unhandled(connection, PROTOCOL);
    }

    @AfterEach
    void shutDown() {
        us.shutdown(Duration.ZERO);
        them.shutdown(Duration.ZERO);
        sim.run();
        metrics.close();
    }

    @Test
    void thePageHasEveryMeterAndNoOther() throws IOException {
        Set<String> there = new TreeSet<>();
        for (Meter meter : registry.getMeters()) {
            Meter.Id id = meter.getId();
            Set<String> tags = id.getTags().stream().map(Tag::getKey).collect(toCollection(TreeSet::new));
            String unit = id.getType() == Meter.Type.TIMER || id.getBaseUnit() == null ? "" : id.getBaseUnit();
            there.add(described(id.getName(), id.getType().name(), unit, tags));
        }
        Set<String> told = new TreeSet<>();
        for (Matcher row = ROW.matcher(page()); row.find(); ) {
            Set<String> tags = Pattern.compile("`([^`]+)`")
                    .matcher(row.group(4))
                    .results()
                    .map(found -> found.group(1))
                    .collect(toCollection(TreeSet::new));
            told.add(described(row.group(1), row.group(2), row.group(3) == null ? "" : row.group(3), tags));
        }

        assertEquals(String.join("\n", there), String.join("\n", told));
    }

    @Test
    void everySeriesThatThePageNamesIsServed() throws IOException {
        Set<String> named = found(page());
        Set<String> served = found(registry.scrape());

        named.removeAll(served);

        assertEquals(Set.of(), named);
    }

    private static String described(String name, String type, String unit, Set<String> tags) {
        return name + " " + type.toLowerCase(Locale.ROOT) + " " + unit + " " + tags;
    }

    private static Set<String> found(String text) {
        return SERIES.matcher(text).results().map(MatchResult::group).collect(toCollection(TreeSet::new));
    }

    private static String page() throws IOException {
        return Files.readString(Path.of("..", "docs", "metrics.md"));
    }
}
