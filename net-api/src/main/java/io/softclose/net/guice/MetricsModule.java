/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.guice;

import static java.util.Objects.requireNonNull;

import com.google.inject.AbstractModule;
import com.google.inject.Provider;
import com.google.inject.Singleton;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.softclose.net.Network;
import io.softclose.net.metrics.NetworkMetrics;
import java.util.Optional;

/**
 * Binds the {@link NetworkMetrics} of the unnamed {@link Network}, as a singleton in the injector's {@link MeterRegistry}; with {@link
 * #forNetwork} those of another, {@code @Named("…")} as the network is, whose meters have the tag {@code network} with its name. The
 * network is told to have them by {@link NetworkModule.Builder#addEvents(com.google.inject.Key)}. For the meters of peers the application
 * calls {@link NetworkMetrics#watch} with the network.
 */
@SuppressWarnings("exports") // Guice is optional
public final class MetricsModule extends AbstractModule {
    private final Optional<String> network;

    /** Of the unnamed network. */
    public MetricsModule() {
        this(Optional.empty());
    }

    private MetricsModule(Optional<String> network) {
        this.network = network;
    }

    /**
     * The same for the network of this name.
     *
     * @param name as given to {@link NetworkModule.Builder#name}
     */
    public MetricsModule forNetwork(String name) {
        return new MetricsModule(Optional.of(requireNonNull(name, "name")));
    }

    @Override
    protected void configure() {
        Provider<MeterRegistry> registry = getProvider(MeterRegistry.class);
        Tags tags = network.map(name -> Tags.of("network", name)).orElseGet(Tags::empty);
        bind(ConnectivityModule.keyOf(NetworkMetrics.class, network))
                .toProvider(() -> {
                    NetworkMetrics metrics = new NetworkMetrics(tags);
                    metrics.bindTo(registry.get());
                    return metrics;
                })
                .in(Singleton.class);
    }
}
