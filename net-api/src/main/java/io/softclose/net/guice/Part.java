/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.guice;

import io.softclose.net.Providers;
import java.util.List;

/** What a network has at most one of, in the order in which they are added: what covers a transport comes before it. */
enum Part {
    TLS("TLS layer", "TLS layers", "", "TlsModule", false),
    TRANSPORT("transport", "transports", "transport", "NioTransportModule", true),
    CLOSE_POLICY("close policy", "close policies", "closePolicy", "GracefulPolicyModule", true);

    private final String singular;
    private final String plural;
    private final String setter;
    private final String exampleModule;
    private final boolean needed;

    Part(String singular, String plural, String setter, String exampleModule, boolean needed) {
        this.singular = singular;
        this.plural = plural;
        this.setter = setter;
        this.exampleModule = exampleModule;
        this.needed = needed;
    }

    /** Whether there is no network without one. */
    boolean isNeeded() {
        return needed;
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
        return offers.size() + " " + plural + " (expected: " + (needed ? "" : "at most ") + "1): " + offers;
    }

    private List<String> namesFound() {
        return switch (this) {
            case TLS -> List.of();
            case TRANSPORT -> Providers.transportNames();
            case CLOSE_POLICY -> Providers.closePolicyNames();
        };
    }
}
