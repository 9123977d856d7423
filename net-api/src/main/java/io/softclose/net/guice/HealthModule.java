/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.guice;

import static java.util.Objects.requireNonNull;

import com.google.inject.AbstractModule;
import com.google.inject.Singleton;
import io.softclose.net.Network;
import io.softclose.net.health.HealthChecker;
import io.softclose.net.health.HealthSettings;
import java.util.Optional;

/**
 * Binds a {@link HealthChecker} for the unnamed {@link Network}, as a singleton; with {@link #forNetwork} for another, {@code
 * @Named("…")} as the network is. The network is told to have it by {@link NetworkModule.Builder#healthChecks}. Injection starts nothing:
 * the application calls {@link HealthChecker#start} with the network.
 */
@SuppressWarnings("exports") // Guice is optional
public final class HealthModule extends AbstractModule {
    private final Optional<String> network;
    private final HealthSettings settings;

    /** A checker with these settings. */
    public HealthModule(HealthSettings settings) {
        this(Optional.empty(), settings);
    }

    private HealthModule(Optional<String> network, HealthSettings settings) {
        this.network = network;
        this.settings = requireNonNull(settings, "settings");
    }

    /**
     * The same for the network of this name.
     *
     * @param name as given to {@link NetworkModule.Builder#name}
     */
    public HealthModule forNetwork(String name) {
        return new HealthModule(Optional.of(name), settings);
    }

    @Override
    protected void configure() {
        bind(ConnectivityModule.keyOf(HealthChecker.class, network))
                .toProvider(() -> new HealthChecker(settings))
                .in(Singleton.class);
    }
}
