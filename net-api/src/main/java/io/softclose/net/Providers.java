/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.ClosePolicyProvider;
import io.softclose.net.spi.Transport;
import io.softclose.net.spi.TransportProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Finds transports and close policies by name, among the {@link ServiceLoader} providers of the module path and the
 * class path.
 */
public final class Providers {
    private Providers() {}

    /**
     * A new transport of this name, with default settings, owned by the caller.
     *
     * @throws NetworkException if none, or more than one, has the name; the message lists those found
     */
    public static Transport transport(String name) {
        return transportProvider(name).create();
    }

    /**
     * The provider of the transport of this name, for those who want the transport later.
     *
     * @throws NetworkException if none, or more than one, has the name; the message lists those found
     */
    public static TransportProvider transportProvider(String name) {
        return only("transport", name, ServiceLoader.load(TransportProvider.class), TransportProvider::name);
    }

    /**
     * A close policy of this name, with default settings.
     *
     * @throws NetworkException if none, or more than one, has the name; the message lists those found
     */
    public static ClosePolicy closePolicy(String name) {
        return only("close policy", name, ServiceLoader.load(ClosePolicyProvider.class), ClosePolicyProvider::name)
                .create();
    }

    /** The names of the transports that can be found. */
    public static List<String> transportNames() {
        return names(ServiceLoader.load(TransportProvider.class), TransportProvider::name);
    }

    /** The names of the close policies that can be found. */
    public static List<String> closePolicyNames() {
        return names(ServiceLoader.load(ClosePolicyProvider.class), ClosePolicyProvider::name);
    }

    private static <P> P only(String what, String name, ServiceLoader<P> providers, Function<P, String> nameOf) {
        List<P> named = new ArrayList<>();
        TreeSet<String> found = new TreeSet<>();
        try {
            for (P provider : providers) {
                found.add(nameOf.apply(provider));
                if (nameOf.apply(provider).equals(name)) {
                    named.add(provider);
                }
            }
        } catch (ServiceConfigurationError broken) {
            throw new NetworkException(what + " \"" + name + "\": a provider cannot be loaded", broken);
        }
        if (named.size() == 1) {
            return named.get(0);
        }
        if (named.isEmpty()) {
            throw new NetworkException(what + ": \"" + name + "\" not found (found: " + found
                    + "; is its module on the class path or module path?)");
        }
        throw new NetworkException(what + ": \"" + name + "\" has " + named.size() + " providers (expected: 1): "
                + named.stream().map(p -> p.getClass().getName()).toList());
    }

    private static <P> List<String> names(ServiceLoader<P> providers, Function<P, String> nameOf) {
        return providers.stream()
                .map(provider -> nameOf.apply(provider.get()))
                .sorted()
                .toList();
    }
}
