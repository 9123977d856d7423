/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.guice;

import static java.util.stream.Collectors.toCollection;

import com.google.inject.ConfigurationException;
import com.google.inject.spi.Message;
import io.softclose.net.Network;
import io.softclose.net.NetworkException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Which plugins each network of an injector has. */
final class NetworkAssembly {
    private final Map<Optional<String>, Assembled> networks;

    private NetworkAssembly(Map<Optional<String>, Assembled> networks) {
        this.networks = networks;
    }

    /**
     * Gives each network its plugins.
     *
     * @throws ConfigurationException if that is not possible; it tells everything that is wrong
     */
    static NetworkAssembly of(Set<NetworkDefinition> definitions, Set<Offer> offers) {
        List<String> problems = new ArrayList<>();
        Map<Optional<String>, NetworkDefinition> byName = byName(definitions, problems);
        requireNetworks(byName.keySet(), offers, problems);
        Map<Optional<String>, Assembled> networks = new HashMap<>();
        byName.forEach((name, definition) -> {
            List<Consumer<NetworkDraft>> plugins = new ArrayList<>();
            for (Part part : Part.values()) {
                List<Offer> candidates = candidates(part, definition, offers);
                try {
                    if (part.isNeeded() || !candidates.isEmpty()) {
                        plugins.add(only(part, candidates).choice());
                    }
                } catch (NetworkException unusable) {
                    problems.add(definition + ": " + unusable.getMessage());
                }
            }
            networks.put(name, new Assembled(definition, plugins));
        });
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems.stream().map(Message::new).toList());
        }
        return new NetworkAssembly(networks);
    }

    /** A new network of this name. */
    Network build(Optional<String> name) {
        Assembled network = networks.get(name);
        if (network == null) {
            throw new IllegalStateException(NetworkDefinition.describe(name) + " is not defined");
        }
        return network.definition().build(network.plugins());
    }

    private static Map<Optional<String>, NetworkDefinition> byName(
            Set<NetworkDefinition> definitions, List<String> problems) {
        Map<Optional<String>, NetworkDefinition> byName = new LinkedHashMap<>();
        Map<Optional<String>, Integer> count = new LinkedHashMap<>();
        for (NetworkDefinition definition : definitions) {
            byName.putIfAbsent(definition.name(), definition);
            count.merge(definition.name(), 1, Integer::sum);
        }
        count.forEach((name, modules) -> {
            if (modules > 1) {
                problems.add(NetworkDefinition.describe(name) + ": " + modules
                        + " NetworkModules (expected: 1; NetworkModule.builder().name(...) tells networks apart)");
            }
        });
        return byName;
    }

    /** An offer to nobody is a misspelt name, or a module that was forgotten. */
    private static void requireNetworks(Set<Optional<String>> names, Set<Offer> offers, List<String> problems) {
        TreeSet<String> known = names.stream().flatMap(Optional::stream).collect(toCollection(TreeSet::new));
        for (Offer offer : offers) {
            if (names.isEmpty()) {
                problems.add(offer.from() + ": no network to serve (expected: a NetworkModule beside it)");
            } else if (offer.network().isPresent() && !names.contains(offer.network())) {
                problems.add(offer.from() + ": no " + NetworkDefinition.describe(offer.network())
                        + " (expected: one of " + known + ")");
            }
        }
    }

    /** What is offered to this very network; only if that is nothing, what is offered to all. */
    private static List<Offer> candidates(Part part, NetworkDefinition definition, Set<Offer> offers) {
        List<Offer> own = new ArrayList<>(definition.ownChoices());
        List<Offer> forAll = new ArrayList<>();
        for (Offer offer : offers) {
            // The unnamed network is usually the only one: what is offered to all is meant for it.
            (offer.network().equals(definition.name()) ? own : forAll).add(offer);
        }
        own.removeIf(offer -> offer.part() != part);
        forAll.removeIf(offer -> offer.part() != part || offer.network().isPresent());
        return own.isEmpty() ? forAll : own;
    }

    private static Offer only(Part part, List<Offer> offers) {
        if (offers.size() == 1) {
            return offers.get(0);
        }
        throw new NetworkException(offers.isEmpty() ? part.missing() : part.doubled(offers));
    }

    /** A network's definition with what chooses its plugins. */
    private record Assembled(NetworkDefinition definition, List<Consumer<NetworkDraft>> plugins) {}
}
