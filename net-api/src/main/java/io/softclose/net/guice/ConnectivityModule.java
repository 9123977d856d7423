/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.guice;

import static java.util.Objects.requireNonNull;

import com.google.inject.AbstractModule;
import com.google.inject.Key;
import com.google.inject.Provider;
import com.google.inject.Singleton;
import com.google.inject.name.Names;
import com.google.inject.util.Providers;
import io.softclose.net.Network;
import io.softclose.net.connectivity.ConnectivityManager;
import io.softclose.net.connectivity.ConnectivitySettings;
import io.softclose.net.tls.TrustedPeers;
import java.util.Optional;

/**
 * Binds the {@link ConnectivityManager} of the unnamed {@link Network}, as a singleton; with {@link #forNetwork} that of another,
 * {@code @Named("…")} as the network is. Injection starts nothing: the application calls {@link ConnectivityManager#start}, and closes
 * it before the network is shut down.
 */
@SuppressWarnings("exports") // Guice is optional
public final class ConnectivityModule extends AbstractModule {
    private final Optional<String> network;
    private final Optional<Key<TrustedPeers>> trustedKey;
    private final Optional<TrustedPeers> trusted;
    private final ConnectivitySettings settings;

    /** A manager of connections to these peers, which may change. */
    public ConnectivityModule(TrustedPeers trusted, ConnectivitySettings settings) {
        this(Optional.empty(), Optional.empty(), Optional.of(trusted), settings);
    }

    /** A manager of connections to peers that Guice has, such as those that a {@link TlsModule} lets in. */
    public ConnectivityModule(Key<TrustedPeers> trusted, ConnectivitySettings settings) {
        this(Optional.empty(), Optional.of(trusted), Optional.empty(), settings);
    }

    private ConnectivityModule(
            Optional<String> network,
            Optional<Key<TrustedPeers>> trustedKey,
            Optional<TrustedPeers> trusted,
            ConnectivitySettings settings) {
        this.network = network;
        this.trustedKey = trustedKey;
        this.trusted = trusted;
        this.settings = requireNonNull(settings, "settings");
    }

    /**
     * The same for the network of this name.
     *
     * @param name as given to {@link NetworkModule.Builder#name}
     */
    public ConnectivityModule forNetwork(String name) {
        return new ConnectivityModule(Optional.of(name), trustedKey, trusted, settings);
    }

    @Override
    protected void configure() {
        Provider<Network> managed = getProvider(keyOf(Network.class, network));
        Provider<TrustedPeers> peers =
                trustedKey.map(this::getProvider).orElseGet(() -> Providers.of(trusted.orElseThrow()));
        bind(keyOf(ConnectivityManager.class, network))
                .toProvider(() -> new ConnectivityManager(managed.get(), peers.get()::peers, settings))
                .in(Singleton.class);
    }

    /** How what belongs to a network is bound. */
    static <T> Key<T> keyOf(Class<T> type, Optional<String> network) {
        return network.map(name -> Key.get(type, Names.named(name))).orElseGet(() -> Key.get(type));
    }
}
