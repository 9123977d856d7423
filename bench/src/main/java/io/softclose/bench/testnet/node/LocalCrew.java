/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.node;

import io.micrometer.core.instrument.Tags;
import io.softclose.bench.node.MetricsServer;
import io.softclose.bench.testnet.consensus.ValidatorEvents;
import io.softclose.bench.testnet.consensus.ValidatorStore;
import io.softclose.bench.testnet.figures.ConnectionLog;
import io.softclose.bench.testnet.figures.NetworkWitness;
import io.softclose.net.PeerId;
import io.softclose.net.metrics.NetworkMetrics;
import io.softclose.net.tls.TlsIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** Validators in this process, with fresh keys. */
public final class LocalCrew implements Crew {
    private final List<TlsIdentity> identities;
    private final Optional<MetricsServer> metrics;

    /**
     * So many validators.
     *
     * @param metrics serves the meters of each one's network, if anybody does
     */
    public LocalCrew(int validators, Optional<MetricsServer> metrics) {
        this.metrics = metrics;
        identities = Stream.generate(TlsIdentity::fresh)
                .limit(validators)
                .sorted(Comparator.comparing(TlsIdentity::peerId))
                .toList();
    }

    @Override
    public List<PeerId> members() {
        return identities.stream().map(TlsIdentity::peerId).toList();
    }

    @Override
    public Run begin() {
        return new LocalRun();
    }

    @Override
    public void close() {
        // Each run has ended what it made.
    }

    /** Meters that tell the validators of one run from each other, and runs. */
    public static Optional<NetworkMetrics> meters(Optional<MetricsServer> metrics, NodeSettings settings) {
        return metrics.map(server -> server.meters(Tags.of(
                "validator",
                Integer.toString(settings.index()),
                "policy",
                settings.variant().policy(),
                "hand_over",
                settings.variant().handOver().label())));
    }

    private final class LocalRun implements Run {
        private final Map<Integer, ValidatorStore> stores = new HashMap<>();
        private final List<ValidatorNode> nodes = new ArrayList<>();

        @Override
        public Seat open(
                NodeSettings settings, Function<LongSupplier, ValidatorEvents> events, ConnectionLog connections)
                throws IOException {
            ValidatorNode node = ValidatorNode.open(
                    identities.get(settings.index()),
                    settings,
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    stores.computeIfAbsent(settings.index(), first -> new ValidatorStore()),
                    events.apply(System::nanoTime),
                    new NetworkWitness(connections),
                    meters(metrics, settings));
            nodes.add(node);
            return node;
        }

        @Override
        public void close() {
            nodes.forEach(node -> node.shutdown(Duration.ZERO));
        }
    }
}
