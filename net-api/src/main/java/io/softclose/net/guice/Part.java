/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.guice;

import io.softclose.net.Providers;
import java.util.List;

/** What every network needs exactly one of. */
enum Part {
    TRANSPORT("transport", "transports", "transport", "NioTransportModule"),
    CLOSE_POLICY("close policy", "close policies", "closePolicy", "GracefulPolicyModule");

    private final String singular;
    private final String plural;
    private final String setter;
    private final String exampleModule;

    Part(String singular, String plural, String setter, String exampleModule) {
        this.singular = singular;
        this.plural = plural;
        this.setter = setter;
        this.exampleModule = exampleModule;
    }

    /** What to do when a network has none, with what there is to choose from. */
    String missing() {
        List<String> names = namesFound();
        String found = names.isEmpty() ? "none; is a plugin on the class path or module path?" : names.toString();
        return "no " + singular + " (expected: a module of one, such as new " + exampleModule
                + "(), or NetworkModule.builder()." + setter + "(name); names found: " + found + ")";
    }

    /** Says that a network has several, and where each is from. */
    String doubled(List<Offer> offers) {
        return offers.size() + " " + plural + " (expected: 1): " + offers;
    }

    private List<String> namesFound() {
        return switch (this) {
            case TRANSPORT -> Providers.transportNames();
            case CLOSE_POLICY -> Providers.closePolicyNames();
        };
    }
}
