/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.guice;

import io.softclose.net.Network;
import io.softclose.net.NetworkBuilder;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A network as its module defines it: everything but what the plugins' modules offer. Not a record: modules that define
 * the same are still two definitions.
 */
final class NetworkDefinition {
    private final Optional<String> name;
    private final List<Consumer<NetworkBuilder>> settings;
    private final List<Offer> ownChoices;

    NetworkDefinition(Optional<String> name, List<Consumer<NetworkBuilder>> settings, List<Offer> ownChoices) {
        this.name = name;
        this.settings = List.copyOf(settings);
        this.ownChoices = List.copyOf(ownChoices);
    }

    Optional<String> name() {
        return name;
    }

    /** The transport and the close policy that the module itself names, if it does. */
    List<Offer> ownChoices() {
        return ownChoices;
    }

    /** A new network with these plugins. */
    Network build(List<Consumer<NetworkDraft>> plugins) {
        NetworkBuilder builder = Network.builder();
        settings.forEach(setting -> setting.accept(builder));
        NetworkDraft draft = new NetworkDraft(builder);
        plugins.forEach(plugin -> plugin.accept(draft));
        return builder.build();
    }

    @Override
    public String toString() {
        return describe(name);
    }

    static String describe(Optional<String> name) {
        return name.map(given -> "network \"" + given + "\"").orElse("network");
    }
}
