/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.guice;

import static java.util.Objects.requireNonNull;

import com.google.inject.Binder;
import io.softclose.net.spi.Transport;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What a transport's Guice module extends: a constructor or two that pass the settings on are all it needs.
 *
 * <p>Each network that uses it makes a transport of its own, the first time it listens or dials, and closes it when it
 * shuts down. To share one transport between networks, make it yourself and pass it to {@link
 * NetworkModule.Builder#transport(Transport)}.
 */
public abstract non-sealed class TransportModule extends PluginModule {
    private final Consumer<NetworkDraft> choice;

    /**
     * Offers a transport.
     *
     * @param name the transport's name
     * @param source makes a new transport each time, in any thread; it belongs to whoever asked
     */
    protected TransportModule(String name, Supplier<? extends Transport> source) {
        super(Part.TRANSPORT, name);
        choice = TransportOnDemand.chosen(name, requireNonNull(source, "source"));
    }

    @Override
    final Consumer<NetworkDraft> choice(Binder binder) {
        return choice;
    }
}
