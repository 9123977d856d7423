/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.guice;

import static java.util.Objects.requireNonNull;

import com.google.inject.AbstractModule;
import com.google.inject.Binder;
import com.google.inject.Key;
import com.google.inject.Singleton;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.name.Names;
import io.softclose.net.AsyncMessageHandler;
import io.softclose.net.AsyncRequestHandler;
import io.softclose.net.MessageHandler;
import io.softclose.net.Network;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.NetworkEvents;
import io.softclose.net.ProtocolId;
import io.softclose.net.Providers;
import io.softclose.net.RequestHandler;
import io.softclose.net.health.HealthChecker;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.IdentityExchange;
import io.softclose.net.spi.Transport;
import io.softclose.net.spi.TransportProvider;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Defines one network: binds {@link Network}, or, if it has a name, {@code @Named("…") Network}, as a singleton. Its
 * transport and its close policy are chosen here, or come from the modules of plugins ({@link TransportModule}, {@link
 * ClosePolicyModule}) that are installed beside it. What is offered to this very network comes before what is offered to
 * all. A network that then has no transport or close policy, or several, fails the injector's creation with a message
 * that says what to do.
 *
 * <p><b>Injection starts nothing.</b> A network that is injected has no thread and no socket until it listens or dials.
 *
 * <p><b>Who shuts down:</b> the application, with {@link Network#shutdown()}, for each network that it used; Guice has no
 * end of its own. That closes the transport too, unless it was passed as an object, and leaves no thread behind.
 *
 * <p>Handlers and events may be given as classes or keys: they are then made when the network is. One that needs the
 * network itself asks for a {@code Provider<Network>}.
 *
 * <p>Immutable, and good for any number of injectors; each makes networks of its own.
 */
@SuppressWarnings("exports") // Guice is optional
public final class NetworkModule extends AbstractModule {
    private final Optional<String> name;
    private final List<Setting> settings;
    private final List<Offer> choices;

    /**
     * Defines the network of these settings, as they are now.
     *
     * @throws IllegalStateException if they have no protocol
     */
    public NetworkModule(Builder network) {
        if (network.checked.protocols().isEmpty()) {
            throw new IllegalStateException("no protocol (expected: handle(...) or support(...) at least once)");
        }
        name = network.name;
        settings = List.copyOf(network.settings);
        choices = List.copyOf(network.choices.values());
    }

    /** Starts from the defaults of {@link Network#builder()}. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    protected void configure() {
        install(AssemblyModule.INSTANCE);
        Binder here = binder().withSource(NetworkDefinition.describe(name) + " of " + NetworkModule.class.getName());
        List<Consumer<NetworkBuilder>> made =
                settings.stream().map(setting -> setting.in(here)).toList();
        Multibinder.newSetBinder(binder(), NetworkDefinition.class)
                .addBinding()
                .toInstance(new NetworkDefinition(name, made, choices));
        Key<Network> key =
                name.map(given -> Key.get(Network.class, Names.named(given))).orElseGet(() -> Key.get(Network.class));
        here.bind(key)
                .toProvider(new NetworkProvider(name, getProvider(NetworkAssembly.class)))
                .in(Singleton.class);
    }

    /**
     * Collects what is to be known of a network. A value that is out of bounds is refused by its setter; of two settings
     * of the same thing the later one counts. Not thread-safe.
     */
    public static final class Builder {
        private final List<Setting> settings = new ArrayList<>();
        private final Map<Part, Offer> choices = new EnumMap<>(Part.class);
        /** Only there to refuse what {@link NetworkBuilder} refuses, while the caller is at it. */
        private final NetworkBuilder checked = Network.builder();

        private Optional<String> name = Optional.empty();

        private Builder() {}

        /**
         * What tells this network from others of the injector: it is bound as {@code @Named(name) Network}. Without a name
         * it is bound as {@code Network}. Peers do not learn it; see {@link NetworkBuilder#networkId} for what they check.
         */
        public Builder name(String name) {
            if (requireNonNull(name, "name").isBlank()) {
                throw new IllegalArgumentException("name: \"" + name + "\" (expected: not blank)");
            }
            this.name = Optional.of(name);
            return this;
        }

        /**
         * Sets what can be set of any network, as it is without Guice: {@code with(network -> network.chainId(2).limits(…))}.
         * What is out of bounds is refused now. The setting is made for each injector, which otherwise has an identity of
         * its own. Transport and close policy are not set here: they are chosen below, or by their modules.
         *
         * @param setting called now and whenever the network is made, any number of times
         */
        public Builder with(Consumer<NetworkBuilder> setting) {
            return set(requireNonNull(setting, "setting"));
        }

        /** As {@link NetworkBuilder#support}. */
        public Builder support(ProtocolId protocol) {
            return set(network -> network.support(protocol));
        }

        /** As {@link NetworkBuilder#handle(ProtocolId, MessageHandler)}. */
        public Builder handle(ProtocolId protocol, MessageHandler handler) {
            return set(network -> network.handle(protocol, handler));
        }

        /** Supports a protocol, and hands its messages to a handler that Guice makes. */
        public Builder handle(ProtocolId protocol, Class<? extends MessageHandler> handler) {
            return handle(protocol, Key.get(handler));
        }

        /** Supports a protocol, and hands its messages to a handler that Guice has. */
        public Builder handle(ProtocolId protocol, Key<? extends MessageHandler> handler) {
            support(protocol);
            return inject(handler, (NetworkBuilder network, MessageHandler made) -> network.handle(protocol, made));
        }

        /** As {@link NetworkBuilder#handle(ProtocolId, MessageHandler, Executor)}. */
        public Builder handle(ProtocolId protocol, MessageHandler handler, Executor executor) {
            return set(network -> network.handle(protocol, handler, executor));
        }

        /** Supports a protocol, and hands its messages to a handler that Guice makes, in tasks of an executor that it has. */
        public Builder handle(
                ProtocolId protocol, Class<? extends MessageHandler> handler, Key<? extends Executor> executor) {
            return handle(protocol, Key.get(handler), executor);
        }

        /** Supports a protocol, and hands its messages to a handler that Guice has, in tasks of an executor that it has. */
        public Builder handle(
                ProtocolId protocol, Key<? extends MessageHandler> handler, Key<? extends Executor> executor) {
            support(protocol);
            settings.add(Setting.injected(
                    handler, executor, (network, made, tasks) -> network.handle(protocol, made, tasks)));
            return this;
        }

        /** As {@link NetworkBuilder#handleAsync}. */
        public Builder handleAsync(ProtocolId protocol, AsyncMessageHandler handler) {
            return set(network -> network.handleAsync(protocol, handler));
        }

        /** Supports a protocol, and hands its messages to a handler that Guice makes, whose stages say when they are handled. */
        public Builder handleAsync(ProtocolId protocol, Class<? extends AsyncMessageHandler> handler) {
            return handleAsync(protocol, Key.get(handler));
        }

        /** Supports a protocol, and hands its messages to a handler that Guice has, whose stages say when they are handled. */
        public Builder handleAsync(ProtocolId protocol, Key<? extends AsyncMessageHandler> handler) {
            support(protocol);
            return inject(
                    handler, (NetworkBuilder network, AsyncMessageHandler made) -> network.handleAsync(protocol, made));
        }

        /** As {@link NetworkBuilder#answer(ProtocolId, RequestHandler)}. */
        public Builder answer(ProtocolId protocol, RequestHandler handler) {
            return set(network -> network.answer(protocol, handler));
        }

        /** As {@link NetworkBuilder#answer(ProtocolId, RequestHandler, Executor)}. */
        public Builder answer(ProtocolId protocol, RequestHandler handler, Executor executor) {
            return set(network -> network.answer(protocol, handler, executor));
        }

        /** Supports a protocol, and has a handler that Guice makes answer its requests, in tasks of an executor that it has. */
        public Builder answer(
                ProtocolId protocol, Class<? extends RequestHandler> handler, Key<? extends Executor> executor) {
            return answer(protocol, Key.get(handler), executor);
        }

        /** Supports a protocol, and has a handler that Guice has answer its requests, in tasks of an executor that it has. */
        public Builder answer(
                ProtocolId protocol, Key<? extends RequestHandler> handler, Key<? extends Executor> executor) {
            support(protocol);
            settings.add(Setting.injected(
                    handler, executor, (network, made, tasks) -> network.answer(protocol, made, tasks)));
            return this;
        }

        /** Supports a protocol, and has a handler that Guice makes answer its requests. */
        public Builder answer(ProtocolId protocol, Class<? extends RequestHandler> handler) {
            return answer(protocol, Key.get(handler));
        }

        /** Supports a protocol, and has a handler that Guice has answer its requests. */
        public Builder answer(ProtocolId protocol, Key<? extends RequestHandler> handler) {
            support(protocol);
            return inject(handler, (NetworkBuilder network, RequestHandler made) -> network.answer(protocol, made));
        }

        /** As {@link NetworkBuilder#answerLater}. */
        public Builder answerLater(ProtocolId protocol, AsyncRequestHandler handler) {
            return set(network -> network.answerLater(protocol, handler));
        }

        /** Supports a protocol, and has a handler that Guice makes answer its requests in its own time. */
        public Builder answerLater(ProtocolId protocol, Class<? extends AsyncRequestHandler> handler) {
            return answerLater(protocol, Key.get(handler));
        }

        /** Supports a protocol, and has a handler that Guice has answer its requests in its own time. */
        public Builder answerLater(ProtocolId protocol, Key<? extends AsyncRequestHandler> handler) {
            support(protocol);
            return inject(
                    handler, (NetworkBuilder network, AsyncRequestHandler made) -> network.answerLater(protocol, made));
        }

        /**
         * Supports health checks, and has the checker of this network {@linkplain HealthChecker#join join} it: the one that a {@link
         * HealthModule} binds, for this network's {@linkplain #name name} as it is by now. The application starts it.
         */
        public Builder healthChecks() {
            support(ProtocolId.HEALTH_CHECKER_RPC);
            return inject(
                    ConnectivityModule.keyOf(HealthChecker.class, name),
                    (NetworkBuilder network, HealthChecker checker) -> checker.join(network));
        }

        /** Lets an observer that Guice makes observe the network. */
        public Builder events(Class<? extends NetworkEvents> events) {
            return events(Key.get(events));
        }

        /** Lets an observer that Guice has observe the network. */
        public Builder events(Key<? extends NetworkEvents> events) {
            return inject(events, NetworkBuilder::events);
        }

        /** Lets one more observer that Guice makes observe the network, as {@link NetworkBuilder#addEvents} has it. */
        public Builder addEvents(Class<? extends NetworkEvents> events) {
            return addEvents(Key.get(events));
        }

        /** Lets one more observer that Guice has observe the network. */
        public Builder addEvents(Key<? extends NetworkEvents> events) {
            return inject(events, NetworkBuilder::addEvents);
        }

        /** Finds out who peers are with an exchange that Guice makes. */
        public Builder identityExchange(Class<? extends IdentityExchange> exchange) {
            return identityExchange(Key.get(exchange));
        }

        /** Finds out who peers are with an exchange that Guice has. */
        public Builder identityExchange(Key<? extends IdentityExchange> exchange) {
            return inject(exchange, NetworkBuilder::identityExchange);
        }

        /**
         * Chooses a transport by its provider's name, with default settings. The network makes it when it first listens
         * or dials, and closes it when it shuts down. The injector fails if no provider, or more than one, has the
         * name.
         */
        public Builder transport(String name) {
            return choose(Part.TRANSPORT, name, () -> {
                TransportProvider provider = Providers.transportProvider(name);
                return TransportOnDemand.chosen(name, provider::create);
            });
        }

        /** Uses this transport, which may serve several networks and stays the caller's to close. */
        public Builder transport(Transport transport) {
            return choose(Part.TRANSPORT, transport.name(), () -> draft -> draft.shared(transport));
        }

        /**
         * Chooses a close policy by its provider's name, with default settings. The injector fails if no provider, or
         * more than one, has the name.
         */
        public Builder closePolicy(String name) {
            return choose(Part.CLOSE_POLICY, name, () -> {
                ClosePolicy policy = Providers.closePolicy(name);
                return draft -> draft.network().closePolicy(policy);
            });
        }

        /** Uses this close policy. */
        public Builder closePolicy(ClosePolicy policy) {
            return choose(
                    Part.CLOSE_POLICY,
                    policy.name(),
                    () -> draft -> draft.network().closePolicy(policy));
        }

        /**
         * The module.
         *
         * @throws IllegalStateException if there is no protocol
         */
        public NetworkModule build() {
            return new NetworkModule(this);
        }

        private Builder set(Consumer<NetworkBuilder> setting) {
            setting.accept(checked);
            settings.add(Setting.fixed(setting));
            return this;
        }

        private <T> Builder inject(Key<? extends T> key, BiConsumer<NetworkBuilder, T> setter) {
            settings.add(Setting.injected(requireNonNull(key, "key"), setter));
            return this;
        }

        private Builder choose(Part part, String plugin, Supplier<Consumer<NetworkDraft>> choice) {
            requireNonNull(plugin, "name");
            choices.put(part, new Offer(part, Optional.empty(), plugin, NetworkModule.class.getSimpleName(), choice));
            return this;
        }
    }
}
