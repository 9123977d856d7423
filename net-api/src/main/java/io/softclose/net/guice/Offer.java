/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.guice;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A transport, a close policy or a layer that a module offers to one network, or to all. Not a record: modules that offer the same
 * are still two offers.
 */
final class Offer {
    private final Part part;
    private final Optional<String> network;
    private final String name;
    private final String from;
    private final Supplier<Consumer<NetworkDraft>> choice;

    /**
     * An offer.
     *
     * @param network which network it is for; empty for every one that has none of its own
     * @param name the plugin's name
     * @param from the class of the module that makes the offer
     * @param choice looks up what chooses the plugin in a network's settings; throws {@link
     *     io.softclose.net.NetworkException} if it cannot be found
     */
    Offer(Part part, Optional<String> network, String name, String from, Supplier<Consumer<NetworkDraft>> choice) {
        this.part = part;
        this.network = network;
        this.name = name;
        this.from = from;
        this.choice = choice;
    }

    Part part() {
        return part;
    }

    Optional<String> network() {
        return network;
    }

    String from() {
        return from;
    }

    Consumer<NetworkDraft> choice() {
        return choice.get();
    }

    @Override
    public String toString() {
        return name + " of " + from;
    }
}
