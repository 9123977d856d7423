/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.guice;

import static java.util.Objects.requireNonNull;

import com.google.inject.AbstractModule;
import com.google.inject.Binder;
import com.google.inject.Module;
import com.google.inject.multibindings.Multibinder;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Offers one transport, close policy or layer to the networks of an injector: to every network that has none of its own, or
 * with {@link #forNetwork} to one of them. Immutable.
 */
@SuppressWarnings("exports") // Guice is optional
public abstract sealed class PluginModule extends AbstractModule permits TlsModule, TransportModule, ClosePolicyModule {
    private final Part part;
    private final String name;

    PluginModule(Part part, String name) {
        this.part = part;
        this.name = requireNonNull(name, "name");
    }

    /** Asks the injector that is being made for what the plugin needs; the answer adds it to a network, any number of times. */
    abstract Consumer<NetworkDraft> choice(Binder binder);

    /**
     * A module that offers the same to the network of this name alone. The injector fails if there is none.
     *
     * @param network as given to {@link NetworkModule.Builder#name}
     */
    public final Module forNetwork(String network) {
        Optional<String> one = Optional.of(requireNonNull(network, "network"));
        return binder -> offer(binder, one);
    }

    @Override
    protected final void configure() {
        offer(binder(), Optional.empty());
    }

    private void offer(Binder binder, Optional<String> network) {
        binder.install(AssemblyModule.INSTANCE);
        Consumer<NetworkDraft> choice = choice(binder);
        Multibinder.newSetBinder(binder, Offer.class)
                .addBinding()
                .toInstance(new Offer(part, network, name, getClass().getSimpleName(), () -> choice));
    }
}
